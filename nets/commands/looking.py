"""``landscape`` and ``find-rate``: the loss around a kept run, and which learning rate to begin with."""

import argparse
import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from nets.problems import InvalidExperiment, Problem

ROWS = 24
"""Lines of a table of rates at most."""


def landscape(options: argparse.Namespace) -> int:
    """Print the losses over a plane through a run's weights."""
    from nets.commands.kept import find, open_store
    from nets.concepts.jobs import Workshop
    from nets.concepts.landscape import LandscapeJob

    store = open_store(required=True)
    assert store is not None, "it is required"
    run = find(store, options.run, "RUN")
    job = LandscapeJob(run=run.id, **{"points": 9, **_given(options, "directions", "reach", "points", "seed")})
    level: Mapping[str, Any] = {}
    for event in _told(Workshop().events(job), as_json=options.json, total=job.points**2):
        if event["event"] == "plane":
            share = f"Of the path's squared length {event['share']:.1%} lie in this plane."
        if event["event"] == "level":
            level = event
    if not options.json:
        print(share)
        for part in ("train", "test"):
            print(f"\nThe {part} loss; a row for each y, a column for each x:")
            print(_table(level["x"], level["y"], level[part]))
    return 0


def find_rate(options: argparse.Namespace) -> int:
    """Print the losses of a rate test, and the rates that it suggests."""
    from nets.commands.kept import find, open_store
    from nets.commands.train import read_settings, with_overrides
    from nets.concepts.finder import FinderJob, smoothed, suggestion
    from nets.concepts.jobs import Workshop
    from nets.experiment import dump

    if (options.file is None) == (options.run is None):
        raise InvalidExperiment([Problem("FILE", "give either an experiment's file or --run RUN")])
    if options.run is None:
        settings = read_settings(options.file)
    else:
        store = open_store(required=True)
        assert store is not None, "it is required"
        settings = dict(find(store, options.run, "--run").experiment)
    experiment = dump(with_overrides(settings, options.set))
    job = FinderJob(experiment=experiment, **_given(options, "lowest", "highest", "steps"))
    steps: list[Mapping[str, Any]] = []
    for event in _told(Workshop().events(job), as_json=options.json, total=job.steps, last=False):
        if event["event"] == "step":
            steps.append(event)
        else:
            end = event
    rates = [step["rate"] for step in steps]
    smooth = smoothed([step["loss"] for step in steps], steps=job.steps)
    found = suggestion(rates, smooth)
    if options.json:
        _print({**end, "suggestion": vars(found) if found else None})
        return 0
    for place in sorted({round(row * (len(steps) - 1) / (ROWS - 1)) for row in range(ROWS)} if steps else ()):
        print(f"{rates[place]:12.3g}  {steps[place]['loss']:12.5g}  {smooth[place]:12.5g}")
    print(f"It diverged at {end['rate']:.2g}." if end["diverged"] else f"It did not diverge up to {end['rate']:.2g}.")
    if found is None:
        print("The loss did not fall: give it more steps, or larger rates.")
    else:
        print(f"Steepest at {found.steepest:g}; a tenth of the rate with the lowest loss is {found.cautious:g}.")
    return 0


def add_commands(commands: Any) -> None:
    """Add both commands to a parser's."""
    drawing = commands.add_parser("landscape", help="the loss around a kept run, over a plane through its weights")
    drawing.add_argument("run", metavar="RUN")
    drawing.add_argument("--directions", choices=("random", "path"), help="random unless said otherwise")
    drawing.add_argument("--range", dest="reach", type=float, help="1: as far as the weights are from zero")
    drawing.add_argument("--points", type=int, help="along each side: 9, 17 or 33")
    drawing.add_argument("--seed", type=int, help="of random directions")
    drawing.add_argument("--json", action="store_true", help="one event a line on standard output")
    drawing.set_defaults(command=landscape)
    finding = commands.add_parser("find-rate", help="which learning rate to begin with")
    finding.add_argument("file", nargs="?", metavar="FILE", help="a JSON file, or - for standard input")
    finding.add_argument("--run", metavar="RUN", help="take the settings of a kept run instead")
    finding.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="override a field")
    finding.add_argument("--lowest", type=float, help="the first rate")
    finding.add_argument("--highest", type=float, help="the last one")
    finding.add_argument("--steps", type=int, help="optimizer updates, at most 200")
    finding.add_argument("--json", action="store_true", help="one event a line on standard output")
    finding.set_defaults(command=find_rate)


def _given(options: argparse.Namespace, *names: str) -> dict[str, Any]:
    """Return what was said, by its name; the rest takes its default."""
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def _told(
    events: Iterator[dict[str, Any]], *, as_json: bool, total: int, last: bool = True
) -> Iterator[dict[str, Any]]:
    """Yield events, and print each as a line of JSON (the last one if ``last``), or show a bar on standard error."""
    from tqdm import tqdm

    events = itertools.chain([next(events)], events)  # what is refused comes before any bar
    with tqdm(total=total, file=sys.stderr, disable=as_json) as bar:
        for event in events:
            if as_json and (last or event["event"] != "finished"):
                _print(event)
            done = event["step"] + 1 if event["event"] == "step" else event.get("done")
            if done is not None:
                bar.update(done - bar.n)
            yield event


def _print(event: Mapping[str, Any]) -> None:
    sys.stdout.write(orjson.dumps(event, option=orjson.OPT_SERIALIZE_NUMPY).decode() + "\n")
    sys.stdout.flush()


def _table(x: Sequence[float], y: Sequence[float], losses: Sequence[Sequence[float]]) -> str:
    head = f"{'':>8} " + "".join(f"{place:>9.2f}" for place in x)
    rows = (f"{side:>8.2f} " + "".join(f"{loss:>9.3g}" for loss in row) for side, row in zip(y, losses, strict=True))
    return "\n".join((head, *rows))
