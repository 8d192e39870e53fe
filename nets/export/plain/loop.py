"""The section that trains: the optimizer, the loop, and of everything else what the experiment uses."""

import ast
import inspect
from textwrap import indent

from nets.config import Config
from nets.experiment import LOWER_IS_BETTER, TrainConfig
from nets.export.base import Source
from nets.export.plain.facts import Facts
from nets.export.plain.functions import define_function, define_method, method_call, method_value
from nets.export.plain.nodes import known, mark, name, names_in
from nets.export.plain.pieces import learns_in_part, training_mode_lines
from nets.export.plain.program import Program, StandIn
from nets.export.plain.sections import Section, train_targets
from nets.optimizers import OptimizerConfig
from nets.schedules import Progress
from nets.training.parts import has_buckets, in_buckets
from nets.training.watchers import PLATEAU_THRESHOLD

PRINT_METRICS = 'print(f"epoch {epoch}:", *(f"{name}={value:.4f}" for name, value in metrics.items()))'
PRINT_FINAL = 'print("final:", *(f"{name}={value!r}" for name, value in metrics.items()))'


def training_section(program: Program, source: Source, facts: Facts) -> Section:
    """Return the part that trains, prints every epoch's metrics, and last the final ones in full."""
    program.section = "Training"
    if not facts.epochs:
        return Section("Training", f"metrics = measure()  # the run ended before its first epoch did\n{PRINT_FINAL}")
    settings = source.experiment.train
    _constants(program, source, facts)
    factor = _learning_rate_factor(program, source, facts)
    before = []
    if learns_in_part(source):
        before.append("learning = [parameter for parameter in network.parameters() if parameter.requires_grad]")
    before += _optimizers(source, facts)
    if settings.l1 or settings.l2:
        own = "learning" if learns_in_part(source) else "network.parameters()"
        before.append(f"weights = [weight for weight in {own} if weight.dim() > 1]  # no biases")
    if facts.has_dropout or facts.augment or facts.objective.draws:
        reasons = [
            ("how pictures are changed", facts.augment),
            ("which neurons drop out", facts.has_dropout),
            ("the noise", facts.objective.draws),
        ]
        chance = " and ".join(words for words, is_there in reasons if is_there)
        before.append(f'torch.manual_seed(derive(SEED, "dropout"))  # {chance}')
    if has_buckets(source.experiment) and settings.batch_size < facts.train_examples:
        before.append("lengths = (train_x != 0).sum(dim=1).cpu()")
    if settings.early_stopping:
        before.append('best_loss, best_epoch = float("inf"), 0')
    if "drops" in factor:
        before.append('drops, waited, lowest = 0, 0, float("inf")')
    body = training_mode_lines(source, facts)
    epoch = _epoch(program, source, facts, factor)
    if any("step += 1" in line for line in epoch):
        before.append("step = 0")
    body += epoch
    body += ["metrics = measure()", PRINT_METRICS]
    body += [*_plateau(factor, facts), *_target(source, facts), *_early_stopping(source, facts)]
    loop = "for epoch in range(1, EPOCHS + 1):\n" + indent("\n".join(body), "    ")
    return Section("Training", "\n".join([*before, "", loop, "", PRINT_FINAL]))


def _constants(program: Program, source: Source, facts: Facts) -> None:
    settings = source.experiment.train
    program.constant("BATCH_SIZE", settings.batch_size, _about("batch_size"))
    for field in ("l1", "l2", "clip_norm"):
        program.constant(field.upper(), getattr(settings, field), _about(field))
    program.constant("LEARNING_RATE", settings.optimizer.learning_rate, _about("learning_rate", settings.optimizer))
    planned = facts.epochs == facts.max_epochs
    for player in facts.objective.players(settings)[1:]:
        program.constant("OPPONENT_LEARNING_RATE", player.optimizer.learning_rate, f"The {player.name}'s step size")
    program.constant("EPOCHS", facts.epochs, _about("max_epochs") if planned else "As many as the run came to")
    program.constant("MAX_EPOCHS", facts.max_epochs, "As many as were planned: the learning rate depends on it")
    whole, rest = divmod(facts.train_examples, settings.batch_size)
    steps = max(1, whole + (rest >= (2 if facts.has_batch_norm else 1)))
    program.constant("STEPS_PER_EPOCH", steps, "Batches of the training part")
    program.constant(
        "PLATEAU_PATIENCE", getattr(settings.schedule, "patience", 0), _about("patience", settings.schedule)
    )
    if settings.early_stopping:
        program.constant("PATIENCE", settings.early_stopping.patience, _about("patience", settings.early_stopping))
        program.constant("MIN_DELTA", settings.early_stopping.min_delta, _about("min_delta", settings.early_stopping))
    if settings.target:
        program.constant("TARGET", settings.target.value, f"Stop when {settings.target.metric} reaches it")


def _about(field: str, config: Config | type[Config] = TrainConfig) -> str:
    """Return the line that a config says about one of its fields."""
    return config.about(field).removesuffix(".")


def _optimizers(source: Source, facts: Facts) -> list[str]:
    """Return the line of each player's optimizer."""
    first, *others = facts.objective.players(source.experiment.train)
    own = "learning" if learns_in_part(source) else f"network.{first.prefix}parameters()"
    lines = [f"optimizer = {_optimizer(first.optimizer, own, 'LEARNING_RATE')}"]
    for player in others:
        own = f"network.{player.prefix}parameters()"
        lines.append(f"opponent = {_optimizer(player.optimizer, own, 'OPPONENT_LEARNING_RATE')}")
    return lines


def _optimizer(config: OptimizerConfig, parameters: str, rate: str) -> str:
    import torch

    usual = inspect.signature(getattr(torch.optim, config.torch_class)).parameters
    given = {key: value for key, value in config.arguments().items() if usual[key].default != value or key == "lr"}
    arguments = [parameters, f"lr={rate}"]
    arguments += [f"{key}={value!r}" for key, value in given.items() if key != "lr"]
    if config.has_fused:
        arguments.append("fused=True")
    return f"torch.optim.{config.torch_class}({', '.join(arguments)})"


def _learning_rate_factor(program: Program, source: Source, facts: Facts) -> str:
    """Return the expression that the learning rate is multiplied by; nothing where it stays."""
    fields = {
        "step": name("step"),
        "steps_per_epoch": name("STEPS_PER_EPOCH"),
        "max_epochs": name("EPOCHS" if facts.epochs == facts.max_epochs else "MAX_EPOCHS"),
        "drops": name("drops"),
    }
    schedule = source.experiment.train.schedule
    values = {"progress": mark(name("progress"), StandIn(Progress, fields))}
    expression = method_value(program, schedule, "factor", values)
    if expression is not None:
        return "" if known(expression) == 1 else ast.unparse(expression)
    define_method(program, schedule, "factor", values, called="learning_rate_factor", parameters=("step", "drops"))
    used = names_in(program.definitions["learning_rate_factor"].statement)
    return f"learning_rate_factor({', '.join(part for part in ('step', 'drops') if part in used)})"


def _epoch(program: Program, source: Source, facts: Facts, factor: str) -> list[str]:
    settings, targets = source.experiment.train, train_targets(program, facts)
    if settings.batch_size >= facts.train_examples:
        return _step(program, source, facts, factor, "train_x", targets)
    device = ".to(DEVICE)" if facts.device == "cuda" else ""
    sizes = "BATCH_SIZE"
    step = _step(program, source, facts, factor, "batch_x", "batch_targets")
    has_targets = any("batch_targets" in line for line in step)
    shuffled = _shuffled("train_x", facts)
    lines = [
        'generator = torch.Generator().manual_seed(derive(SEED, "batches", epoch - 1))',
        f"order = torch.randperm(len(train_x), generator=generator){'' if has_buckets(source.experiment) else device}",
        *_buckets(program, source, device),
        f"x, targets = {shuffled}, {targets}[order]" if has_targets else f"x = {shuffled}",
    ]
    if facts.has_batch_norm and facts.train_examples % settings.batch_size == 1:
        whole = facts.train_examples // settings.batch_size
        before = f"[BATCH_SIZE] * {whole - 1} + " if whole > 1 else ""
        lines.append(f"sizes = {before}[BATCH_SIZE + 1]  # batch norm has no use for a batch of one example")
        sizes = "sizes"
    loop = f"for batch_x, batch_targets in zip(x.split({sizes}), targets.split({sizes})):"
    if not has_targets:
        loop = f"for batch_x in x.split({sizes}):"
    return [*lines, loop, indent("\n".join(step), "    ")]


def _buckets(program: Program, source: Source, device: str) -> list[str]:
    """Return the line that puts texts of about the same length into a batch."""
    if not has_buckets(source.experiment):
        return []
    define_function(program, in_buckets, {}, called="in_buckets")
    return [f"order = in_buckets(order, lengths, BATCH_SIZE, generator){device}"]


def _shuffled(inputs: str, facts: Facts) -> str:
    # An index in brackets would keep pictures channels last where the run does not.
    return f"{inputs}.index_select(0, order)" if facts.has_kernels else f"{inputs}[order]"


def _step(program: Program, source: Source, facts: Facts, factor: str, x: str, targets: str) -> list[str]:
    """Return the lines of one optimizer update."""
    settings = source.experiment.train
    lines = []
    if facts.augment:
        lines, x = [f"batch_x = augmented({x})"], "batch_x"
    inputs = x if facts.normalization is None else f"prepare({x})"
    rates = ["LEARNING_RATE", "OPPONENT_LEARNING_RATE"]
    for mover, rate in zip(("optimizer", "opponent")[: len(facts.objective.players(settings))], rates, strict=False):
        if factor:
            lines += [f"for group in {mover}.param_groups:", f'    group["lr"] = {rate} * {factor}']
    if len(facts.objective.players(settings)) > 1:
        return lines + _turn(program, facts, inputs, targets, factor)
    network = "network" if settings.precision == "float32" else "forward"
    done = ast.BinOp(name("epoch"), ast.Sub(), ast.Constant(1))
    values = {"model": name(network), "x": name(inputs), "targets": name(targets), "epoch": done}
    loss = ast.unparse(method_call(program, facts.objective, "training_loss", values, called="training_loss"))
    gradients = ["optimizer.zero_grad()", f"loss = {loss}", "loss.backward()"]
    if settings.l1 or settings.l2:
        gradients += ["with torch.no_grad():", "    for weight in weights:"]
        gradients += ["        weight.grad.add_(weight, alpha=L2)"] if settings.l2 else []
        gradients += ["        weight.grad.add_(weight.sign(), alpha=L1)"] if settings.l1 else []
    if settings.clip_norm is not None:
        gradients.append("torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP_NORM)")
    if settings.optimizer.takes_closure:
        closure = indent("\n".join([*gradients, "return loss"]), "    ")
        lines += ["", "def closure():", closure, "", "optimizer.step(closure)"]
    else:
        lines += [*gradients, "optimizer.step()"]
    return lines + (["step += 1"] if "step" in factor else [])


def _turn(program: Program, facts: Facts, inputs: str, targets: str, factor: str) -> list[str]:
    """Return the lines of one turn of two networks that learn from each other."""
    values = {key: name(key) for key in ("optimizer", "opponent", "step")}
    values |= {"model": name("network"), "x": name(inputs), "labels": name(targets)}
    turn = ast.unparse(method_call(program, facts.objective, "turn", values, called="turn"))
    counts = "step" in factor or "step" not in program.unused["turn"]
    return [f"loss = {turn}", *(["step += 1"] if counts else [])]


def _watched(facts: Facts) -> str:
    return 'metrics["valid_loss"]' if facts.valid_examples else 'metrics["train_loss"]'


def _plateau(factor: str, facts: Facts) -> list[str]:
    """Return the lines that count how often the loss has stopped improving."""
    if "drops" not in factor:
        return []
    return [
        f"if {_watched(facts)} < lowest * (1 - {PLATEAU_THRESHOLD!r}):",
        f"    lowest, waited = {_watched(facts)}, 0",
        "else:",
        "    waited += 1",
        "    if waited > PLATEAU_PATIENCE:",
        "        drops, waited = drops + 1, 0",
    ]


def _target(source: Source, facts: Facts) -> list[str]:
    target = source.experiment.train.target
    if target is None or target.metric not in facts.metric_names:
        return []
    sign = "<=" if target.metric in LOWER_IS_BETTER else ">="
    return [f'if metrics["{target.metric}"] {sign} TARGET:', "    break"]


def _early_stopping(source: Source, facts: Facts) -> list[str]:
    stopping = source.experiment.train.early_stopping
    if stopping is None:
        return []
    margin = " - MIN_DELTA" if stopping.min_delta else ""
    return [
        f"if not best_epoch or {_watched(facts)} < best_loss{margin}:",
        f"    best_loss, best_epoch = {_watched(facts)}, epoch",
        "    best_weights = {key: tensor.clone() for key, tensor in network.state_dict().items()}",
        "elif epoch - best_epoch >= PATIENCE:",
        "    network.load_state_dict(best_weights)",
        "    metrics = measure()",
        "    break",
    ]
