"""Data out of a file on this computer: the command line takes its path in place of an upload."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nets.architectures import ARCHITECTURES
from nets.datasets import DATASETS
from nets.experiment import switch_kind, with_value
from nets.problems import InvalidExperiment, Problem


def with_files(settings: Any) -> Any:
    """Return JSON settings whose ``data.path``, if there is one, has become what the file holds.

    ``data.kind`` alone chooses the first data set of that kind, and with a path the one that takes files. A data set
    takes them with a tuple ``from_file`` of fields, and ``taken`` which makes settings of all that is given; one that
    has a field ``path`` itself keeps it. ``data.vectors.path`` is a file of word vectors. Links know none of these: a
    page never opens a path.

    Raises:
        InvalidExperiment: if the file can't be taken, or there is no such kind.
    """
    settings = _with_vectors(settings)
    data = settings.get("data") if isinstance(settings, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(data.get("name", ""), str):
        return settings
    wants_file = "path" in data
    name = _fitting(data, wants_file=wants_file)
    if name is None:
        return settings
    config: Any = DATASETS.get(name)
    fields = () if "path" in config.model_fields else getattr(config, "from_file", ())
    given = {field: value for field, value in data.items() if field in fields}
    if name != data.get("name"):
        settings = switch_kind({**settings, "data": dict(data)}, "data", name)
        if wants_file and not given:
            return with_value(settings, "data.path", data["path"])
    if not given:
        return settings
    kept = {field: value for field, value in settings["data"].items() if field not in given}
    return _with_fitting_read_out({**settings, "data": {**kept, **config.taken(data)}})


def _with_fitting_read_out(settings: Any) -> Any:
    """Return settings whose network answers as often as the data ask, now that it is known what these are."""
    model = settings.get("model")
    kind = model.get("kind") if isinstance(model, Mapping) else None
    return switch_kind(settings, "model", kind) if isinstance(kind, str) and kind in ARCHITECTURES else settings


def _with_vectors(settings: Any) -> Any:
    """Return settings in which ``data.vectors.path``, if there is one, has become the word vectors of that file."""
    data = settings.get("data") if isinstance(settings, Mapping) else None
    given = data.get("vectors") if isinstance(data, Mapping) else None
    if not isinstance(given, Mapping) or "path" not in given:
        return settings
    from nets.datasets.lines import BadText
    from nets.datasets.text.vectors import keep_vectors, read_vectors

    try:
        with Path(str(given["path"])).open("rb") as file:
            found = read_vectors(file)
        keep_vectors(found)
    except (BadText, OSError) as error:
        raise InvalidExperiment([Problem("data.vectors.path", str(error))]) from None
    kept = {name: value for name, value in given.items() if name != "path"}
    return with_value(settings, "data.vectors", {**kept, **found.settings()})


def _fitting(data: Mapping[str, Any], *, wants_file: bool) -> str | None:
    """Return the name of the data set that is meant; None where nothing says so.

    Raises:
        InvalidExperiment: if there is none of that kind, or none that takes a file.
    """
    name, kind = data.get("name", ""), data.get("kind", "")
    named: Any = DATASETS.get(name) if name in DATASETS else None
    kind_of = {key: config.model_fields["kind"].default for key, config in DATASETS.items()}
    if kind not in kind_of.values():
        if not kind and named is not None and not wants_file:
            return None
        if named is None or kind:
            known = ", ".join(dict.fromkeys(kind_of.values()))
            raise InvalidExperiment([Problem("data.kind", f"kind '{kind}' is not known; choose from {known}")])
        kind = kind_of[name]
    own = [key for key, config in DATASETS.items() if kind_of[key] == kind and _takes_files(config)]
    if wants_file and name not in own:
        if not own:
            raise InvalidExperiment([Problem("data.path", f"{kind} are not taken from a path")])
        return own[0]
    return name if kind_of.get(name) == kind else next(key for key in kind_of if kind_of[key] == kind)


def _takes_files(config: Any) -> bool:
    return "path" in config.model_fields or hasattr(config, "from_file")
