"""House rules that a linter does not know: sizes of files and functions, no loose ends, and a front door that opens."""

import ast
import re
import tomllib
from collections.abc import Iterator
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


def test_files_are_short():
    lengths = {file: line_count(file) for file in PYTHON_FILES if not in_tests(file)}
    assert not {file: count for file, count in lengths.items() if count > MAX_FILE_LINES}
    lengths = {file: line_count(file) for file in files("*.js")}
    assert not {file: count for file, count in lengths.items() if count > MAX_SCRIPT_LINES}


def test_functions_are_short():
    lengths = {name: count for file in PYTHON_FILES for name, count in functions_of(file)}
    assert not {name: count for name, count in lengths.items() if count > MAX_FUNCTION_LINES}


def functions_of(file: Path) -> Iterator[tuple[str, int]]:
    """The functions of a file, where they are, and how many lines they have."""
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{file}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_there_are_no_loose_ends():
    found = []
    for file in files("*.py", "*.js", "*.css", "*.md", "*.toml", "Makefile"):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        found += [f"{file}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) if LOOSE_END.search(line)]
    assert not found


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
