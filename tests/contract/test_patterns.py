"""Every pattern takes steps in proportion to a text's length, whatever the text."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

import moviechat
from tests.contract import pumps
from tests.contract.conftest import ROOT

_FEW = 12  # repetitions
_ROUNDING = 20  # steps that ends of a text may make a difference of
_ANCHORED = {"fullmatch": r"\A(?:%s)\Z", "match": r"\A(?:%s)"}
_NO_TEXTS = ("training", "fitting", "models")  # these read our own files, and import torch


def _held(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, dict):
        yield from _held(tuple(value.values()))
    elif isinstance(value, tuple | list | frozenset | set):
        for one in value:
            yield from _held(one)


def _named() -> Iterator[re.Pattern[str]]:
    """Patterns that are compiled where a module is imported."""
    for module in pkgutil.walk_packages(moviechat.__path__, "moviechat."):
        if module.name.split(".")[1] not in _NO_TEXTS:
            for value in vars(importlib.import_module(module.name)).values():
                yield from _held(value)


def _inline() -> Iterator[re.Pattern[str]]:
    """Patterns that are written where they are used."""
    for path in sorted((ROOT / "src/moviechat").rglob("*.py")):
        tree = ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.parent.name not in _NO_TEXTS else ()
        for node in tree:
            match node:
                case ast.Call(ast.Attribute(ast.Name("re"), how), [ast.Constant(str(pattern)), *_]):
                    yield re.compile(_ANCHORED.get(how, "%s") % pattern)


PATTERNS = {(p.pattern, p.flags): p for p in (*_named(), *_inline())}


def superlinear(pattern: re.Pattern[str]) -> str | None:
    """A text that costs more than its length, or None: of a straight line, the second difference is 0."""
    for before, again, after in pumps.pumps(pattern):
        try:
            one, two, three = (pumps.steps(pattern, before + again * n * _FEW + after) for n in (1, 2, 3))
        except pumps.TooManyError:
            return f"{before!r} + {again!r} * n + {after!r} takes more than {pumps.MOST} steps"
        if one - 2 * two + three > _ROUNDING:
            return f"{before!r} + {again!r} * n + {after!r} takes {one}, {two}, {three} steps"
    return None


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=lambda p: p.pattern[:40])
def test_takes_steps_in_proportion_to_the_text(pattern: re.Pattern[str]) -> None:
    assert superlinear(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [r"\W*((?:[A-Z][\w-]*\s*)+)(?!['\w])", r"(a+)+b", r"\s+$", r"[;:]+x", r"\d+\s*\d*\s*:", r"when.*out", r"(a|a)*b"],
)
def test_the_count_knows_patterns_that_do_not(pattern: str) -> None:
    assert superlinear(re.compile(pattern))


@pytest.mark.parametrize("text", ["Ana and Bo's dog, 1,200.5 m. (the end)", "When  was\nit—2019?", "'a' \"b\" [c]"])
@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=lambda p: p.pattern[:40])
def test_the_counting_engine_finds_what_re_finds(pattern: re.Pattern[str], text: str) -> None:
    assert pumps.found(pattern, text) == [m.span() for m in pattern.finditer(text)]
