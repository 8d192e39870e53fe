"""An experiment: everything a run depends on, as one value that JSON and a link can carry."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from nets.architectures import ARCHITECTURES, ArchitectureUnion, learning_by
from nets.compatibility import incompatibilities, is_measured
from nets.config import Config
from nets.datasets import DatasetUnion
from nets.kinds import FAMILIES
from nets.losses import LOSSES
from nets.objectives import OBJECTIVES, ObjectiveUnion
from nets.objectives.supervised import Supervised
from nets.optimizers import SGD, OptimizerUnion
from nets.problems import InvalidExperiment, Problem, explain
from nets.registry import Registry
from nets.schedules import Constant, ScheduleUnion

MOST_THREADS = 64
MADE = ("error", "auc", "elbo", "discriminator_loss", "kl", "js", "modes", "good")
"""What rules measure whose networks make examples."""
NEXT = ("bits", "perplexity")
"""What is measured of networks that tell which token comes next."""
METRICS = (
    *("train_loss", "test_loss", "train_accuracy", "test_accuracy", "train_r2", "test_r2"),
    *(f"{part}_{name}" for name in ("f1", "micro_f1") for part in ("train", "test")),
    *(f"{part}_{name}" for name in (*MADE, *NEXT) for part in ("train", "test")),
)
MetricName = Literal[METRICS]  # type: ignore[valid-type]
LOWER_IS_BETTER = tuple(
    f"{part}_{name}"
    for name in ("loss", "error", "discriminator_loss", "kl", "js", *NEXT)
    for part in ("train", "test", "valid")
)


class EarlyStopping(Config):
    """Stop when the loss on a validation part, taken from the training part, no longer improves."""

    patience: Annotated[int, Field(ge=1, le=100_000)] = 20
    """Epochs to wait for an improvement."""
    min_delta: Annotated[float, Field(ge=0, le=10)] = 0.0
    """What counts as an improvement at least."""
    validation_share: Annotated[float, Field(ge=0.05, le=0.5)] = 0.2
    """Share of the training part that is held out for it."""


class Target(Config):
    """Stop as soon as a metric is good enough."""

    metric: MetricName = "test_loss"
    """Which metric: a loss must fall to the value, anything else must rise to it."""
    value: float = 0.01
    """The value to reach."""

    def reached(self, metrics: Mapping[str, float]) -> bool:
        """Is it reached? No, where the task has no such metric."""
        if self.metric not in metrics:
            return False
        reached = metrics[self.metric]
        return reached <= self.value if self.metric in LOWER_IS_BETTER else reached >= self.value


class Transfer(Config):
    """Begin with the weights of another network instead of random ones, all but the output layer's."""

    source: Annotated[str, StringConstraints(max_length=100)] = ""
    """A kept run's id, or a recipe's name, which is trained first; nothing for what a pretrained network brings."""
    freeze: bool = True
    """Leave the weights taken over as they are: the output layer alone learns."""


class TrainConfig(Config):
    """How the network learns."""

    objective: ObjectiveUnion = Supervised()
    """The rule that it learns by."""
    loss: Literal[("auto", *LOSSES.names())] = "auto"  # type: ignore[valid-type]
    """What is made small; auto takes bce, cross_entropy or mse, as the data are, or what the rule has of its own."""
    optimizer: OptimizerUnion = SGD()
    """How the weights move."""
    schedule: ScheduleUnion = Constant()
    """How the learning rate changes while training goes on."""
    batch_size: Annotated[int, Field(ge=1, le=65_536)] = 10
    """Examples for one step; more than there are takes them all."""
    max_epochs: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    """Passes over the training part."""
    l1: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Pull of every weight (not bias) towards zero, at the same force."""
    l2: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Pull of every weight (not bias) towards zero, in proportion to it."""
    clip_norm: Annotated[float, Field(gt=0, le=1e6)] | None = None
    """Longest gradient allowed; longer ones are shortened."""
    early_stopping: EarlyStopping | None = None
    """Stop when the validation loss no longer improves, and take the best weights back."""
    target: Target | None = None
    """Stop when a metric is good enough."""
    transfer: Transfer | None = None
    """Begin with what another network has learnt."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """Numbers of the forward pass while training; bfloat16 is faster where the processor knows it, and has 3 digits."""
    compile: bool = True
    """Let machine code made for the very network take the steps of small ones; off repeats numbers bit for bit."""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    """Governs everything random: data, split, initial weights, order of batches, dropout."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to train; auto takes CUDA if there is one."""
    threads: Literal["auto"] | Annotated[int, Field(ge=1, le=MOST_THREADS)] = "auto"
    """Processor threads; auto gives a large network several where cores are free. Sums depend on it in their last bit,
    so a run keeps its number."""


class Experiment(Config):
    """Data, network and training. The same experiment gives the same numbers on the same processor.

    Bit for bit, but where machine code takes over some steps of a small network: there to about 1e-5 after 100 epochs.
    """

    version: Literal[1] = 1
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    """What people call it."""
    data: DatasetUnion
    model: ArchitectureUnion
    train: TrainConfig = TrainConfig()


def parse(settings: Any) -> Experiment:
    """Return the experiment that ``settings`` (parsed JSON) describe.

    Raises:
        InvalidExperiment: naming each field at fault, what it got and what it may be.
    """
    try:
        experiment = Experiment.model_validate(settings)
    except ValidationError as error:
        raise InvalidExperiment(explain(error, _choices)) from None
    if problems := incompatibilities(experiment):
        raise InvalidExperiment(problems)
    return experiment


def parse_json(text: str | bytes) -> Experiment:
    """Return the experiment in a JSON text.

    Raises:
        InvalidExperiment: if it is no JSON or no experiment.
    """
    try:
        settings = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidExperiment([Problem("", f"this is no JSON: {error}")]) from None
    return parse(settings)


def dump(experiment: Experiment) -> dict[str, Any]:
    """Return the experiment as JSON values."""
    return experiment.model_dump(mode="json")


def with_value(settings: Any, path: str, value: Any) -> dict[str, Any]:
    """Return JSON settings with the value at a dotted ``path`` replaced; parts that are missing on the way are made.

    Raises:
        InvalidExperiment: if the path leads nowhere.
    """
    *parents, last = path.split(".")
    if not all((*parents, last)):
        raise InvalidExperiment([Problem(path, "is no path of a field; write for example train.max_epochs")])
    whole = {"": settings}
    inside = whole
    for key in ("", *parents):
        part = inside.get(key)
        if not isinstance(part, Mapping | None):
            raise InvalidExperiment([Problem(path, f"leads into {key or 'settings'}, which has no fields")])
        inside[key] = dict(part or {})
        inside = inside[key]
    inside[last] = value
    return whole[""]


def switch_kind(settings: Any, path: str, kind: Any) -> dict[str, Any]:
    """Return settings whose part at ``path`` ("data", "model", "train.optimizer", …) is of another kind.

    What both kinds have stays where it was changed, and is dropped where the new kind refuses it. Data of another sort
    (points, a curve) start from their own defaults: their noise has another unit. A network and a rule that do not go
    together bring each other along. A target that is not measured any more goes.

    Raises:
        InvalidExperiment: if there is no such kind.
    """
    settings = _with_kind(settings, path, kind)
    if path == "model":
        rules = ARCHITECTURES.get(kind).objectives
        if _part(settings, "train.objective").get("kind", "supervised") not in rules:
            settings = _with_rule(settings, rules[0])
    if path == "train.objective":
        settings = _with_rule(settings, kind)
        fitting = learning_by(kind)
        if _part(settings, "model").get("kind") not in fitting:
            settings = _with_kind(settings, "model", fitting[0])
    if path in ("data", "model"):
        settings = _with_fitting_network(settings)
    metric = _part(settings, "train.target").get("metric")
    if path in ("data", "model", "train.objective") and isinstance(metric, str) and not _measures(settings, metric):
        settings = with_value(settings, "train.target", None)
    return settings


def _with_fitting_network(settings: Any) -> Any:
    """Return settings whose network answers as the data ask; unchanged where they make no experiment."""
    try:
        experiment = Experiment.model_validate(settings)
    except ValidationError:
        return settings
    fitted = experiment.model.fitted(experiment.data.info())
    return settings if fitted == experiment.model else with_value(settings, "model", fitted.model_dump(mode="json"))


def _with_rule(settings: Any, kind: str) -> dict[str, Any]:
    """Return settings with another rule, and what it begins with."""
    settings = _with_kind(settings, "train.objective", kind)
    if (usual := OBJECTIVES.get(kind).usual_optimizer) is not None:
        settings = with_value(settings, "train.optimizer", usual.model_dump(mode="json"))
    for name in ("loss", "transfer", "early_stopping"):
        changed = with_value(settings, f"train.{name}", TrainConfig.model_fields[name].default)
        settings = changed if name in _part(settings, "train") else settings
    return settings


def _with_kind(settings: Any, path: str, kind: Any) -> dict[str, Any]:
    registry, tag = FAMILIES[path]
    if not isinstance(kind, str) or kind not in registry:
        known = ", ".join(registry.names())
        raise InvalidExperiment([Problem(f"{path}.{tag}", f"{tag} '{kind}' is not known; choose from {known}")])
    config = registry.get(kind)
    old = _part(settings, path)
    same_sort = tag == "kind" or old.get("kind") == config.model_fields["kind"].default
    own = {"kind", "name", "learning_rate", *getattr(config, "its_own", ())}
    shared = set(config.model_fields) - own if same_sort else set()
    usual = _defaults(registry, old.get(tag))
    kept = {name: value for name, value in old.items() if name in shared and value != usual.get(name, ...)}
    new = {**config().model_dump(mode="json"), **kept, tag: kind}
    try:
        config.model_validate(new)
    except ValidationError:
        new = config().model_dump(mode="json")
    return with_value(settings, path, new)


def _measures(settings: Any, metric: str) -> bool:
    """Is a metric measured with these settings? Yes, where they make no experiment: that is said elsewhere."""
    try:
        return is_measured(Experiment.model_validate(settings), metric)
    except ValidationError:
        return True


def _defaults(registry: Registry[Any], kind: Any) -> dict[str, Any]:
    """Return the settings of a kind as it comes, as JSON values; none where there is no such kind."""
    known = isinstance(kind, str) and kind in registry
    return registry.get(kind)().model_dump(mode="json") if known else {}


def _part(settings: Any, path: str) -> Mapping[str, Any]:
    """Return the part of JSON settings at ``path``; nothing where there is none."""
    for key in path.split("."):
        settings = settings.get(key) if isinstance(settings, Mapping) else None
    return settings if isinstance(settings, Mapping) else {}


def _choices(location: tuple[Any, ...]) -> tuple[str, ...]:
    family = FAMILIES.get(".".join(str(part) for part in location))
    return family[0].names() if family else ()
