"""The tree is the pipeline: tests mirror src, files stay small, nothing foreign is tracked."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 350


def _tracked() -> list[str]:
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [f for f in done.stdout.splitlines() if (ROOT / f).exists()]


def test_tests_mirror_src() -> None:
    src = {p.relative_to(ROOT / "src/moviechat") for p in (ROOT / "src/moviechat").rglob("*.py")}
    for test in sorted((ROOT / "tests").rglob("test_*.py")):
        place = test.relative_to(ROOT / "tests")
        if place.parts[0] not in {"contract", "browser", "flows", "benchmarks"}:
            assert place.with_name(place.name.removeprefix("test_")) in src, place


def _does_something(path: Path) -> bool:
    """Whether a function of the module has more than a docstring: a table, a record or a protocol alone has none."""
    functions = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)]
    return any(len(n.body) > (ast.get_docstring(n) is not None) for n in functions)


def test_every_module_of_the_conversation_has_its_mirror() -> None:
    modules = sorted((ROOT / "src/moviechat/chat").glob("*.py"))
    bare = [p.name for p in modules if _does_something(p) and not (ROOT / f"tests/chat/test_{p.name}").exists()]
    assert bare == []


def test_files_stay_small() -> None:
    long = {
        f: n for f in _tracked() if f.endswith(".py") and (n := len((ROOT / f).read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_file_is_heavy() -> None:
    assert {f for f in _tracked() if (ROOT / f).stat().st_size > 1 << 20} == set()


@pytest.mark.parametrize("folder", ["src", "flows"])
def test_everything_public_says_what_it_is(folder: str) -> None:
    bare = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes: list[Any] = [
            n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        ]
        bare += [
            f"{path.relative_to(ROOT)}:{n.name}"
            for n in nodes
            if not n.name.startswith("_") and not ast.get_docstring(n)
        ]
        if not ast.get_docstring(tree):
            bare.append(str(path.relative_to(ROOT)))
    assert bare == []


def test_nothing_is_left_to_do() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    for name in _tracked():
        if name.endswith((".py", ".yaml", ".toml")) or name == "Makefile":
            text = (ROOT / name).read_text(encoding="utf-8")
            assert not any(m in text for m in marks), name


def _constants(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_environment_is_documented() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for path in sorted((ROOT / "src").rglob("*.py")):
        for name in _constants(path):
            if re.fullmatch(r"MOVIECHAT_[A-Z_]+", name):
                assert name in example, (path.name, name)
