"""Arrows between the layers point one way: ``playground → pages → pages/parts → nets``."""

import ast
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCREEN_LIBRARIES = {"streamlit", "plotly"}

IMPORT_ALL_AND_LIST_LOADED = """
import importlib, json, sys
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def modules_under(folder: str) -> list[str]:
    """Dotted names of all modules in a folder of the checkout."""
    files = sorted((ROOT / folder).rglob("*.py"))
    names = [file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for file in files]
    return [name.removesuffix(".__init__") for name in names]


def loaded_after_importing(modules: list[str]) -> set[str]:
    """Top-level names in ``sys.modules`` of a fresh interpreter that has imported ``modules``."""
    command = [sys.executable, "-c", IMPORT_ALL_AND_LIST_LOADED, json.dumps(modules)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def imports_in(file: Path) -> set[str]:
    """Dotted names that a file imports anywhere, inside functions too; relative ones written out in full."""
    package = list(file.relative_to(ROOT).parts[:-1])
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            names |= {source, *(f"{source}.{alias.name}" for alias in node.names)}
    return names


def files_under(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def test_the_engine_loads_no_screen_library():
    modules = modules_under("nets")
    assert "nets" in modules
    assert not loaded_after_importing(modules) & (SCREEN_LIBRARIES | {"pages", "playground"})


def test_an_experiment_can_be_read_without_torch():
    assert "torch" not in loaded_after_importing(["nets.experiment"])


def test_the_engine_never_imports_upwards_even_later():
    forbidden = SCREEN_LIBRARIES | {"pages", "playground", "tests"}
    found = {(file.name, name) for file in files_under("nets") for name in imports_in(file)}
    assert not {(file, name) for file, name in found if name.partition(".")[0] in forbidden}


def test_shared_parts_import_no_screen():
    def is_screen(name: str) -> bool:
        return name.startswith("pages.") and name.split(".")[1] != "parts" and name != "pages."

    found = {(file.name, name) for file in files_under("pages/parts") for name in imports_in(file)}
    assert not {(file, name) for file, name in found if is_screen(name)}
    assert not {(file, name) for file, name in found if name.partition(".")[0] in {"playground", "tests"}}
