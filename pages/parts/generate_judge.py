"""What the panels draw of a judge's verdict: figures, the balance of classes, what each made picture is taken for."""

import numpy as np

from nets.runs.run import Run
from nets.views.quality import Judged
from pages.parts.components.packing import pack
from pages.parts.generate_payloads import SIDE, names_of, nothing, tiles
from pages.parts.payloads import moment

STATES = {
    "learning": "A judge learns the same data first, beside this run: a classifier that will say what it sees in the "
    "made pictures. It takes some seconds, or a minute of many pictures, and is kept",
    "failed": "The judge could not learn these data",
}


def judge_payload(run: Run) -> bytes:
    """Return the judge's figures and how often it sees each class."""
    found: Judged | None = run.views.get("quality")
    if found is None:
        return nothing(run)
    meta = {**moment(run), "empty": STATES.get(found.state, ""), "waits": found.state == "learning"}
    if found.shares is None:
        return pack(meta)
    names = names_of(run)
    meta |= {
        "names": names,
        "alt": "How much of what is made the judge takes for each class",
        "items": [
            {
                "label": "Fréchet distance",
                "value": f"{found.frechet:.1f}",
                "help": f"Between what the judge notices in made and in real pictures; real ones among themselves "
                f"are {found.usual:.1f} apart",
            },
            {
                "label": "of real pictures",
                "value": f"{found.usual:.1f}",
                "help": "Training pictures from test pictures",
            },
            {
                "label": "classes present",
                "value": f"{found.present} of {len(names)}",
                "help": "Classes that get at least a tenth of an even share",
            },
            {
                "label": "balance",
                "value": f"{found.balance:.2f}",
                "help": "Entropy of the shares: 1 where every class is made as often as the others",
            },
            {"label": "sure", "value": f"{found.confidence:.0%}", "help": "How sure the judge is, on average"},
        ],
    }
    return pack(meta, {"shares": found.shares})


def judged_payload(run: Run) -> bytes:
    """Return made pictures with what each is taken for."""
    found: Judged | None = run.views.get("quality")
    if found is None or found.pictures is None:
        return nothing(run, " ")
    names = names_of(run)
    if found.taken is None or found.sure is None:
        items = [
            {"caption": "", "title": f"Sample {place + 1}", "index": place} for place in range(len(found.pictures))
        ]
    else:
        items = [
            {
                "caption": f"{names[label]} {sure:.0%}",
                "title": f"Sample {place + 1}, taken for {names[label]}, {sure:.0%} sure",
                "index": place,
            }
            for place, (label, sure) in enumerate(zip(found.taken, np.asarray(found.sure), strict=True))
        ]
    return tiles(run, [found.pictures], items, alt="Made pictures, and what the judge takes them for", side=SIDE)
