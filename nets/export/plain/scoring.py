"""The last section of a table's script: the trained network answers to rows of another file."""

import ast
from textwrap import indent

from nets.datasets.tables.base import TableConfig
from nets.export.base import Source
from nets.export.plain.facts import Facts
from nets.export.plain.functions import define_method, method_call
from nets.export.plain.nodes import name
from nets.export.plain.program import Program
from nets.export.plain.sections import Section

TITLE = "New rows"
FILE = "predictions.csv"
DOC = "What was fitted on the training part: scalers and the like, and the size of what is predicted."


def scoring_sections(program: Program, source: Source, facts: Facts) -> list[Section]:
    """Return the part that reads a CSV, prepares it as the training part was, and writes it with the answers.

    There is none where the data are no table with columns, or the network predicts no column.
    """
    data = source.experiment.data
    if not isinstance(data, TableConfig) or source.experiment.train.objective.kind != "supervised":
        return []
    program.section = TITLE
    program.imports |= {"sys": "import sys", "pd": "import pandas as pd", "torch": "import torch"}
    define_method(program, data, "fitted_in_script", {}, called="fit_preparation", doc=DOC)
    define_method(program, data, "inputs_in_script", {}, called="inputs_of")
    seed = "" if "seed" in program.unused["fit_preparation"] else "SEED"
    info = data.info()
    program.constant("ANSWERS", info.class_names or tuple(data.targets), "What the network answers")
    program.constant("COLUMNS", tuple(name for name, _, _ in data.features), "What it sees of a row")
    words = tuple(name for name, kind, _ in data.features if kind != "number")
    read = f"rows = pd.read_csv(path, dtype=dict.fromkeys({words!r}, str))" if words else "rows = pd.read_csv(path)"
    device = ".to(DEVICE)" if facts.device == "cuda" else ""
    body = [
        f'"""Write the rows of a CSV file to {FILE}, with the network\'s answers beside them."""',
        read,
        "if missing := [column for column in COLUMNS if column not in rows]:",
        '    print("Without cells:", *missing)',
        f"fitted, means, spreads = fit_preparation({seed})",
        "network.eval()" if facts.acts_otherwise_in_training else "",
        f"outputs = network(torch.from_numpy(inputs_of(rows, fitted)){device}).cpu()",
        *_answers(program, facts, info.task),
        f'rows.to_csv("{FILE}", index=False)',
        f'print(f"{{len(rows)}} rows with predictions: {FILE}")',
    ]
    lines = [
        "@torch.inference_mode()",
        "def score(path):",
        indent("\n".join(line for line in body if line), "    "),
        "",
        'if "--score" in sys.argv:  # python script.py --score new.csv',
        '    score(sys.argv[sys.argv.index("--score") + 1])',
    ]
    return [Section(TITLE, "\n".join(lines))]


def _answers(program: Program, facts: Facts, task: str) -> list[str]:
    """Return the lines that put the outputs beside the rows, as the Tables screen has them."""
    if task == "regression":
        answers, column = "outputs.numpy() * spreads + means", "predicted {answer}"
    else:
        shares = method_call(program, facts.objective, "shares", {"outputs": name("outputs")}, called="shares_of")
        answers, column = f"{ast.unparse(shares)}.numpy()", "share of {answer}"
    lines = [f"answers = {answers}", "for place, answer in enumerate(ANSWERS):"]
    lines.append(f'    rows[f"{column}"] = answers[:, place]')
    if task == "multilabel":
        lines.append('    rows[f"predicted {answer}"] = (answers[:, place] >= 0.5).astype(int)')
    elif task != "regression":
        lines.append('rows["predicted"] = [ANSWERS[place] for place in answers.argmax(axis=1)]')
    return lines
