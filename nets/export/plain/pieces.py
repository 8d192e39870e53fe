"""Lines of a script that only some runs need: pictures as bytes, weights of another network, other numbers."""

import ast

from nets.export.base import Source
from nets.export.plain.facts import Facts
from nets.export.plain.functions import define_function, define_method, specialized
from nets.export.plain.nodes import mark, name
from nets.export.plain.program import Program
from nets.training.inputs import GROUPS, pipeline
from nets.training.network import HEAD


def inputs_lines(program: Program, facts: Facts) -> list[str]:
    """Return the lines that turn bytes into numbers, and training pictures into what they look like this time."""
    if facts.normalization is None:
        return []
    device = ".to(DEVICE)" if facts.device == "cuda" else ""
    numbers = {"MEAN": facts.normalization.mean, "SPREAD": facts.normalization.spread}
    lines = [f"{key} = torch.tensor({list(values)}){device}[:, None, None]" for key, values in numbers.items()]
    lines += [
        "",
        "def prepare(pictures):",
        '    """Return what the network sees of pictures (B, C, H, W): numbers instead of bytes."""',
        "    return (pictures / 255 - MEAN) / SPREAD",
    ]
    if facts.augment is not None:
        values = {"augment": mark(name("augment"), facts.augment)}
        define_function(program, pipeline, values, called="augmentation")
        size = "" if "size" in program.unused["augmentation"] else "train_x.shape[-1]"
        layout = "memory_format=torch.channels_last" if facts.has_kernels and facts.channels > 1 else ""
        kept = f".contiguous({layout})" if layout else ""
        lines += [
            "",
            f"augment = augmentation({size})",
            "",
            "def augmented(pictures):",
            f'    """Return pictures as they are seen this time: {GROUPS} groups, each treated in its own way."""',
            f"    return torch.cat([augment(group) for group in pictures.chunk({GROUPS})]){kept}",
        ]
    return lines


def transferred_lines(program: Program, source: Source, facts: Facts) -> list[str]:
    """Return the lines that put another network's weights in place, and freeze them."""
    transfer = source.experiment.train.transfer
    if transfer is None:
        return []
    program.use(ast.ImportFrom("collections", [ast.alias("OrderedDict")], 0))
    names = tuple(key for key, _ in facts.network.named_children())
    program.constant("LAYERS", names, "What the run calls the layers")
    lines = ["network = nn.Sequential(OrderedDict(zip(LAYERS, network)))"]
    if transfer.source:
        program.use(ast.ImportFrom("safetensors.torch", [ast.alias("load_file")], 0))
        file = f"{transfer.source}.safetensors"
        program.constant("TRUNK", file, "The weights to begin with: export them from that run, and put them here")
        lines += [
            "own, trunk = network.state_dict(), load_file(TRUNK)",
            "for key, tensor in trunk.items():",
            f'    if key in own and tensor.shape == own[key].shape and not key.startswith("{HEAD}"):',
            "        own[key].copy_(tensor)",
        ]
    if transfer.freeze:
        lines += [
            "for key, parameter in network.named_parameters():",
            f'    parameter.requires_grad_(key.startswith("{HEAD}"))  # nothing else learns',
        ]
    return lines


def vectors_lines(program: Program, source: Source) -> list[str]:
    """Return the lines that put word vectors from a file into the embedding."""
    data = source.experiment.data
    vectors = getattr(data, "vectors", None)
    if vectors is None:
        return []
    from nets.datasets.text.vectors import VECTORS, table_of

    program.use(ast.ImportFrom("safetensors.numpy", [ast.alias("load_file", "load_arrays")], 0))
    program.constant("VECTORS", VECTORS, f"A copy of datasets/own_text/{vectors.upload[:12]}… in PLAYGROUND_HOME")
    method = "fitted_in_script" if hasattr(data, "fitted_in_script") else "fitted"
    define_method(program, data, method, {}, called="load_vocabulary", doc="Return the tokens with the ids 2, 3, ….")
    define_function(program, table_of, {}, called="vectors_of")
    lines = [
        "arrays = load_arrays(VECTORS)",
        'word_ids, word_rows = vectors_of(arrays["texts"], arrays["ends"], arrays["vectors"], load_vocabulary(SEED))',
        "with torch.no_grad():",
        "    network.embedding.weight[torch.from_numpy(word_ids)] = torch.from_numpy(word_rows)",
    ]
    return [*lines, "network.embedding.weight.requires_grad_(False)"] if vectors.freeze else lines


def extension_lines(program: Program, source: Source) -> list[str]:
    """Return the lines that add to the network what training needs beside it."""
    rule = source.experiment.train.objective
    values = {"self": mark(name("self"), rule), "model": name("network")}
    return [ast.unparse(line) for line in specialized(program, type(rule).extend, values, set())]


def training_mode_lines(source: Source, facts: Facts) -> list[str]:
    """Return the lines that make the network ready to learn, where it acts otherwise then."""
    if not facts.acts_otherwise_in_training:
        return []
    lines = ["network.train()"]
    if is_frozen(source) and facts.has_batch_norm:
        lines += [
            "for layer in network.modules():",
            "    if isinstance(layer, nn.modules.batchnorm._BatchNorm):",
            "        layer.eval()  # frozen as well",
        ]
    return lines


def forward_lines(source: Source, facts: Facts) -> list[str]:
    """Return the lines of the forward pass in other numbers than float32, if it is."""
    if source.experiment.train.precision == "float32":
        return []
    return [
        "",
        "def forward(x):",
        '    """Return the outputs of the network for inputs, computed with 8 significant bits."""',
        f'    with torch.autocast("{facts.device}", torch.bfloat16):',
        "        outputs = network(x)",
        "    return outputs.float()",
    ]


def is_frozen(source: Source) -> bool:
    """Does the output layer alone learn?"""
    return bool(source.experiment.train.transfer and source.experiment.train.transfer.freeze)


def learns_in_part(source: Source) -> bool:
    """Do some parameters of the network stay as they are?"""
    vectors = getattr(source.experiment.data, "vectors", None)
    return is_frozen(source) or bool(vectors and vectors.freeze)
