"""House rules that a linter does not know: sizes of files and functions, no loose ends, and a front door that opens."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit import config

ROOT = Path(__file__).resolve().parent.parent
MAX_FILE_LINES = 300
MAX_SCRIPT_LINES = 350
MAX_FUNCTION_LINES = 60
LOOSE_END = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b")  # in two pieces, so that this file passes its own test


def files(*patterns: str) -> list[Path]:
    """The project's own files that match one of the patterns, relative to the checkout."""
    folders = [ROOT / "nets", ROOT / "pages", ROOT / "tests"]
    found = {file for folder in folders for pattern in patterns for file in folder.rglob(pattern)}
    found |= {file for pattern in patterns for file in ROOT.glob(pattern)}
    return sorted(file.relative_to(ROOT) for file in found)


def in_tests(file: Path) -> bool:
    return file.parts[0] == "tests"


def line_count(file: Path) -> int:
    return len((ROOT / file).read_text(encoding="utf-8").splitlines())


PYTHON_FILES = files("*.py")


@pytest.mark.parametrize("file", [file for file in PYTHON_FILES if not in_tests(file)], ids=str)
def test_python_files_are_short(file):
    assert line_count(file) <= MAX_FILE_LINES


@pytest.mark.parametrize("file", files("*.js"), ids=str)
def test_scripts_are_short(file):
    assert line_count(file) <= MAX_SCRIPT_LINES


@pytest.mark.parametrize("file", PYTHON_FILES, ids=str)
def test_functions_are_short(file):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {f"{node.name} (line {node.lineno})": (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert not {name: length for name, length in lengths.items() if length > MAX_FUNCTION_LINES}


@pytest.mark.parametrize("file", files("*.py", "*.js", "*.css", "*.md", "*.toml", "Makefile"), ids=str)
def test_there_are_no_loose_ends(file):
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    assert not [f"{number}: {line.strip()}" for number, line in enumerate(lines, 1) if LOOSE_END.search(line)]


def test_streamlit_knows_every_setting():
    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        settings = tomllib.load(file)
    unknown = set(leaves(settings)) - set(config.get_config_options())
    assert not unknown, "Streamlit would ignore these lines of .streamlit/config.toml"


def leaves(table: dict, prefix: str = "") -> list[str]:
    """Dotted names of all values in nested tables."""
    pairs = [(f"{prefix}{name}", value) for name, value in table.items()]
    return [
        leaf for name, value in pairs for leaf in (leaves(value, f"{name}.") if isinstance(value, dict) else [name])
    ]


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_front_door_opens(page: Page, scheme, size):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/")
    expect(page.get_by_test_id("stMain")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
