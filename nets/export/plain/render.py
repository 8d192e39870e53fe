"""Sections and definitions as the text of a script, formatted as ruff has it."""

import ast
import copy
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence

from nets.export.base import CannotExport
from nets.export.plain.program import Program, Setting
from nets.export.plain.sections import Section

CELL = "# %% "
"""Starts a heading. Editors that know cells show each section as one."""
LINE_LENGTH = 100
TUPLE_IN_BRACKETS = re.compile(r"^(\s*(?:return|[\w, ]+ =)) \((.*)\)$")


def render(program: Program, heading: str, sections: Sequence[Section]) -> str:
    """Return the script: heading, imports, settings, sections, and nothing that it does not use.

    Raises:
        CannotExport: if something stays that a script can't have.
    """
    needed = program.needed_by("\n".join(section.text for section in sections))
    if left := sorted(needed & program.held - set(program.definitions)):
        raise CannotExport(f"a script can't have {', '.join(left)}: no plain value stands for it")
    constants = [_constant(key, setting) for key, setting in program.settings.items() if key in needed]
    parts = [heading, _imports(line for key, line in program.imports.items() if key in needed)]
    parts.append(f"{CELL}Settings\n" + "\n".join(constants))
    for section in sections:
        own = [found for key, found in program.definitions.items() if key in needed and found.section == section.title]
        own.sort(key=lambda found: not isinstance(found.statement, ast.Assign))
        parts += [f"{CELL}{section.title}", *(_unparsed(found.statement) for found in own), section.text]
    return formatted("\n\n".join(parts) + "\n")


def formatted(text: str) -> str:
    """Return Python source in ruff's standard form.

    Raises:
        CannotExport: if ruff can't be run, or the text is no Python.
    """
    options = ["--isolated", "--no-cache", "--line-length", str(LINE_LENGTH), "--stdin-filename", "script.py", "-"]
    command = [sys.executable, "-m", "ruff", "format", *options]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        raise CannotExport(f"the script can't be formatted: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


def cells(script: str) -> list[tuple[str, str]]:
    """Return the (heading, code) of each section of a formatted script; what comes before the first has no heading."""
    first, *others = re.split(rf"^{re.escape(CELL)}", script, flags=re.MULTILINE)
    return [
        ("", first.strip()),
        *((title, code.strip()) for title, _, code in (part.partition("\n") for part in others)),
    ]


def _constant(identifier: str, setting: Setting) -> str:
    comment = f"  # {setting.comment}" if setting.comment else ""
    line = f"{identifier} = {setting.value!r}"
    if len(line) + len(comment) > LINE_LENGTH and comment:
        return f"{comment.strip()}\n{line}"
    return line + comment


def _imports(lines: Iterable[str]) -> str:
    """Return import statements in the usual order: the standard library, then the rest; modules before names.

    What comes from one module shares a line: constants, classes, then functions.
    """
    groups: dict[bool, list[str]] = {False: [], True: []}
    plain, names = [], dict[str, list[str]]()
    for line in lines:
        if line.startswith("from") and " as " not in line:
            _, module, _, name = line.split()
            names.setdefault(module, []).append(name)
        else:
            plain.append(line)
    together = [f"from {module} import {', '.join(sorted(own, key=_sort))}" for module, own in names.items()]
    for line in sorted([*plain, *together], key=lambda line: (line.startswith("from"), line.split()[1])):
        groups[line.split()[1].partition(".")[0] not in sys.stdlib_module_names].append(line)
    return "\n\n".join("\n".join(group) for group in groups.values() if group)


def _sort(name: str) -> tuple[int, str]:
    return 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2, name


def _plain(statement: ast.stmt) -> str:
    """Return a statement as text; a generator that is a call's one argument gets no brackets of its own."""
    bare: dict[str, str] = {}

    class Bare(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.Call:
            """Put a name in the place of a generator that is all there is."""
            self.generic_visit(node)
            match node:
                case ast.Call(args=[ast.GeneratorExp() as generator], keywords=[]):
                    key = f"bare_generator_{len(bare)}_"
                    bare[key] = ast.unparse(generator)[1:-1]
                    node.args = [ast.Name(key, ast.Load())]
            return node

    text = ast.unparse(Bare().visit(copy.deepcopy(statement)))
    for key in reversed(bare):
        text = text.replace(key, bare[key])
    return text


def _unparsed(statement: ast.stmt) -> str:
    """Return a statement as text, without brackets around tuples that need none."""
    lines = []
    for line in _plain(statement).split("\n"):
        found = TUPLE_IN_BRACKETS.match(line)
        lines.append(f"{found[1]} {found[2]}" if found and _is_tuple(found[2]) else line)
    return "\n".join(lines)


def _is_tuple(text: str) -> bool:
    try:
        inner, outer = ast.parse(text, mode="eval"), ast.parse(f"({text})", mode="eval")
    except SyntaxError:
        return False
    return isinstance(inner.body, ast.Tuple) and ast.dump(inner) == ast.dump(outer)
