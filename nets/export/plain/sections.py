"""The sections of a script in front of the training loop: data, network, how it is measured."""

import ast
from dataclasses import dataclass

from nets.export.base import Source
from nets.export.plain.facts import Facts
from nets.export.plain.functions import define_function, define_method, method_call
from nets.export.plain.modules import construction, initialization
from nets.export.plain.nodes import name, names_in
from nets.export.plain.pieces import extension_lines, forward_lines, inputs_lines, transferred_lines, vectors_lines
from nets.export.plain.program import Program
from nets.initializers import INITIALIZERS
from nets.seeds import derive
from nets.training.parts import TRAIN_METRICS_ON

OWN_NAMES = """
    SEED THREADS BATCH_SIZE EPOCHS MAX_EPOCHS STEPS_PER_EPOCH LEARNING_RATE L1 L2 CLIP_NORM PATIENCE MIN_DELTA TARGET
    DEVICE VALID_EXAMPLES PLATEAU_PATIENCE network optimizer weights layer metrics measure evaluate load_data
    training_loss as_targets learning_rate_factor train_x train_y train_targets valid_x valid_y test_x test_y epoch step
    drops order generator x targets batch_x batch_targets sizes group loss closure best_loss best_epoch best_weights
    waited lowest prepare augment augmented augmentation predict MEAN SPREAD own trunk
    LAYERS TRUNK forward outputs opponent turn OPPONENT_LEARNING_RATE
    VECTORS arrays word_ids word_rows load_arrays load_vocabulary vectors_of lengths in_buckets
    ANSWERS COLUMNS score path missing column rows place answer answers
    fit_preparation inputs_of fitted means spreads shares_of
"""
"""What the script's own text calls its variables."""

ONE_SEED = "Return the seed of one stream of random numbers: each purpose has its own."


PREDICT = [
    "def predict(pictures):",
    '    """Return the network\'s outputs for pictures (B, C, H, W) of bytes."""',
    "    return network(prepare(pictures))",
    "\n",
]


@dataclass(frozen=True)
class Section:
    """A heading, and the text that follows the definitions below it."""

    title: str
    text: str


def data_section(program: Program, source: Source, facts: Facts) -> Section:
    """Return the part that makes the tensors, the same numbers as the run's."""
    program.section = "Data"
    program.imports["torch"] = "import torch"
    define_function(program, derive, {}, doc=ONE_SEED)
    data = source.experiment.data
    define_method(
        program,
        data,
        "load_in_script" if hasattr(data, "load_in_script") else "load",
        {},
        called="load_data",
        doc="Return inputs and labels of the training part, then of the test part.",
    )
    seed = "" if "seed" in program.unused["load_data"] else "SEED"
    lines = [f"train_x, train_y, test_x, test_y = map(torch.from_numpy, load_data({seed}))"]
    parts = ["train", "test"]
    if facts.valid_examples:
        parts.insert(1, "valid")
        program.constant("VALID_EXAMPLES", facts.valid_examples, "Held out of the training part to stop by")
        if data.in_time:
            order = "order = torch.arange(len(train_x)).flip(0)  # from the end of the training part"
        else:
            program.imports["np"] = "import numpy as np"
            drawn = 'np.random.default_rng(derive(SEED, "validation")).permutation(len(train_x))'
            order = f"order = torch.from_numpy({drawn})"
        lines += [
            order,
            "valid_x, valid_y = train_x[order[:VALID_EXAMPLES]], train_y[order[:VALID_EXAMPLES]]",
            "train_x, train_y = train_x[order[VALID_EXAMPLES:]], train_y[order[VALID_EXAMPLES:]]",
        ]
    if facts.has_kernels and facts.channels > 1:
        lines += [f"{part}_x = {part}_x.contiguous(memory_format=torch.channels_last)" for part in parts]
    if facts.device == "cuda":
        lines += [f"{part}_x, {part}_y = {part}_x.to(DEVICE), {part}_y.to(DEVICE)" for part in parts]
    encoded = ast.unparse(_targets(program, facts, "train_y"))
    if encoded != "train_y":
        lines.append(f"train_targets = {encoded}")
    lines += inputs_lines(program, facts)
    return Section("Data", "\n".join(lines))


def train_targets(program: Program, facts: Facts) -> str:
    """Return the name of the training part's targets: the labels themselves where the loss takes these."""
    return "train_y" if ast.unparse(_targets(program, facts, "train_y")) == "train_y" else "train_targets"


def _targets(program: Program, facts: Facts, labels: str) -> ast.expr:
    return method_call(program, facts.objective, "targets", {"labels": name(labels)}, called="as_targets")


def network_section(program: Program, source: Source, facts: Facts) -> Section:
    """Return the part that builds the network with the run's first weights."""
    program.section = "Network"
    lines = [
        "torch.set_num_threads(THREADS)",
        'torch.manual_seed(derive(SEED, "weights"))',
        f"network = {_one_layer_a_line(construction(program, facts.network))}",
    ]
    if start := initialization(INITIALIZERS.get(source.experiment.model.initializer), facts.network):
        program.imports["nn"] = "from torch import nn"
        lines.append(start)
    lines += transferred_lines(program, source, facts)
    lines += vectors_lines(program, source)
    lines += extension_lines(program, source)
    if facts.has_kernels and not source.experiment.train.optimizer.takes_closure:
        lines.append("network.to(memory_format=torch.channels_last)  # the fastest layout for convolutions")
    if facts.device == "cuda":
        lines.append("network.to(DEVICE)")
    lines += forward_lines(source, facts)
    return Section("Network", "\n".join(lines))


def _one_layer_a_line(expression: ast.expr) -> str:
    match expression:
        case ast.Call(args=[_, _, *_] as layers, keywords=[]):
            return "\n".join([f"{ast.unparse(expression.func)}(", *(f"{ast.unparse(layer)}," for layer in layers), ")"])
    return ast.unparse(expression)


def measuring_section(program: Program, facts: Facts) -> Section:
    """Return the functions that measure the network as the run does."""
    program.section = "Measuring"
    x = name("x")
    x.length = facts.measured_at_most  # type: ignore[attr-defined]
    has_pictures = facts.normalization is not None
    sees_inputs = facts.objective.sees_inputs
    network = name("predict" if has_pictures and not sees_inputs else "network")
    values = {"model": network, "x": x, "targets": _targets(program, facts, "labels"), "labels": name("labels")}
    kinds = [metric.removeprefix("test_") for metric in facts.metric_names if metric.startswith("test_")]
    define_method(
        program,
        facts.objective,
        "evaluate",
        values,
        called="evaluate",
        doc=f"Return {' and '.join(kinds)} of the network." if len(kinds) < 4 else "Return how good the network is.",
        parameters=("x", "labels"),
    )
    arguments = ["labels"] if "labels" in names_in(program.definitions["evaluate"].statement) else []
    first = f"[:{TRAIN_METRICS_ON}]" if facts.train_examples > TRAIN_METRICS_ON else ""
    parts = [f'"train": (train_x{first}, train_y{first})', '"test": (test_x, test_y)']
    if facts.valid_examples:
        parts.insert(1, '"valid": (valid_x, valid_y)')
    lines = PREDICT if has_pictures and not sees_inputs else []
    inputs = "prepare(x)" if has_pictures and sees_inputs else "x"
    lines = [
        *lines,
        "@torch.inference_mode()",
        "def measure():",
        '    """Return what is measured on each part of the data."""',
        "    network.eval()" if facts.acts_otherwise_in_training else "",
        f"    parts = {{{', '.join(parts)}}}",
        "    return {",
        '        f"{part}_{name}": value',
        "        for part, (x, labels) in parts.items()",
        f"        for name, value in evaluate({', '.join([inputs, *arguments])}).items()",
        "    }",
    ]
    return Section("Measuring", "\n".join(line for line in lines if line))
