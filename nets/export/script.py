"""A run as a script of plain PyTorch that ends with the same numbers."""

from nets.export.base import FORMATS, Format, Source
from nets.schedules import Constant


def script(source: Source) -> str:
    """Return the script: standalone, readable, formatted.

    Raises:
        CannotExport: if something in the run has no plain source.
    """
    from nets.export.plain.facts import facts_of
    from nets.export.plain.loop import training_section
    from nets.export.plain.program import Program
    from nets.export.plain.render import render
    from nets.export.plain.scoring import scoring_sections
    from nets.export.plain.sections import OWN_NAMES, data_section, measuring_section, network_section

    facts, settings = facts_of(source), source.experiment.train
    program = Program(OWN_NAMES.split())
    program.constant("SEED", settings.seed, "Governs everything random")
    program.constant("DEVICE", facts.device)
    threads = source.threads if settings.threads == "auto" else settings.threads
    program.constant("THREADS", threads, "Sums depend on it in their last digit")
    sections = [
        data_section(program, source, facts),
        network_section(program, source, facts),
        measuring_section(program, facts),
        training_section(program, source, facts),
        *scoring_sections(program, source, facts),
    ]
    return render(program, heading(source), sections)


def heading(source: Source) -> str:
    """Return the docstring: what is trained, and what to expect of it."""
    experiment = source.experiment
    what = f"{type(experiment.model).__name__} on {experiment.data.name}"
    title = f"{printable(experiment.name)}: {what}" if printable(experiment.name) else what
    sentences = []
    if source.edited:
        sentences.append(
            "The settings were changed while the run trained. This script trains from the start with the last\n"
            "settings, and so ends elsewhere."
        )
    elif went_on_otherwise(source):
        sentences.append(
            "The run was trained on after its end, with a learning rate or a reason to stop that looks at the end.\n"
            "This script trains in one go, and so ends elsewhere."
        )
    elif source.metrics:
        version = f" with PyTorch {printable(source.versions['torch'])}" if "torch" in source.versions else ""
        numbers = "\n".join(f"    {name}={value!r}" for name, value in source.metrics.items())
        same = "the same numbers"
        if source.compiled_since is not None:
            tier = "CUDA graphs" if source.versions.get("device") == "cuda" else "machine code"
            same += f", but for rounding:\n{tier} took the run's steps from step {source.compiled_since:,} on"
        sentences.append(f"On the processor of run {printable(source.run)}{version} it ends with {same}:\n\n{numbers}")
    return "\n\n".join([f'"""{title}, in plain PyTorch.', *sentences]) + ('\n"""' if sentences else '"""')


def went_on_otherwise(source: Source) -> bool:
    """Was the run trained on after its planned end, with settings for which that is not the same as a later end?"""
    train = source.experiment.train
    looks_at_the_end = train.schedule != Constant() or train.early_stopping or train.target
    return bool(looks_at_the_end and source.rows and source.rows[-1]["epoch"] > train.max_epochs)


def printable(text: str) -> str:
    """Return a text as it may stand in a docstring, on one line: people name experiments, and links carry names."""
    return "".join(letter for letter in text if letter.isprintable() and letter not in "\\\"'").strip()


FORMATS.add(
    "script",
    Format(
        "Python of plain PyTorch that trains the same network again",
        ".py",
        "text/x-python",
        lambda source: script(source).encode(),
    ),
)
