"""Reads a settings file as YAML 1.2 (core schema) and reports each mistake with its key and line.

It accepts less than YAML: no aliases (a few of them expand to gigabytes), no tags, no duplicate keys, no dates, only
64-bit integers. DVC and ruamel.yaml read YAML 1.2 too, where 2e-5 is a number and "no" is a string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

_CORE = "tag:yaml.org,2002:"
_MOST = 2**63
_DEEPEST = 40  # levels of lists and mappings
_SHOWN = 60  # characters of a value that are told


class _Loader(yaml.SafeLoader):
    """PyYAML's parser with the scalar types of YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (PyYAML's own shape)


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ("", *"~nN")),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("float", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", "-+."),
):
    _Loader.add_implicit_resolver(_CORE + _tag, re.compile(rf"(?:{_pattern})\Z"), list(_first))


def read(text: str) -> tuple[Any, list[str]]:
    """The value of a YAML text and its mistakes, one sentence each; a wrong value is read as None.

    Raises ValueError for text that is not YAML.
    """
    try:
        tree = yaml.compose(text, _Loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())[:500] or "too deep") from None
    faults: list[str] = []
    return (None if tree is None else _value(tree, (), set(), faults)), faults


def shown(value: Any) -> str:
    """A short form of any value, for error messages."""
    if isinstance(value, dict | list | tuple | set):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _MOST:
        return "an integer of very many digits"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _value(node: Any, place: tuple[str, ...], seen: set[int], faults: list[str]) -> Any:
    problem = _problem(node, place, seen)
    if problem is not None:
        line = node.start_mark.line + 1
        faults.append(f"{'.'.join(place) or 'the file'} (line {line}): {problem}")
        return None
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, place, seen, faults))
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*place, str(n)), seen, faults) for n, one in enumerate(node.value)]
    return _scalar(node.tag.removeprefix(_CORE), node.value)


def _pairs(node: Any, place: tuple[str, ...], seen: set[int], faults: list[str]) -> Iterator[tuple[str, Any]]:
    met: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            faults.append(f"{'.'.join(place) or 'the file'} (line {key.start_mark.line + 1}): a key is no word")
            continue
        where = (*place, key.value[:_SHOWN])
        if key.value in met:
            faults.append(f"{'.'.join(where)} (line {key.start_mark.line + 1}): stands there twice: leave one out")
        met.add(key.value)
        yield key.value, _value(value, where, seen, faults)


def _problem(node: Any, place: tuple[str, ...], seen: set[int]) -> str | None:
    """What is wrong with a node itself, or None."""
    if id(node) in seen:
        return "an alias (*name): write the value out"
    if len(place) > _DEEPEST:
        return "too deep"
    if not isinstance(node, yaml.ScalarNode):
        return None if node.tag in (f"{_CORE}map", f"{_CORE}seq") else f"the tag {node.tag[:_SHOWN]} is not known here"
    kind = node.tag.removeprefix(_CORE)
    if kind not in ("null", "bool", "int", "float", "str"):
        return f"the tag {node.tag[:_SHOWN]} is not known here: write the value without it"
    try:
        value = _scalar(kind, node.value)
    except ValueError:
        return f"{shown(node.value)} is no {kind}"
    outside = kind == "int" and abs(value) >= _MOST
    return f"{shown(node.value)} is beyond 64 bits: write a smaller number" if outside else None


def _scalar(kind: str, text: str) -> Any:
    if kind == "str":
        return text
    if kind == "null":
        return None
    if kind == "bool":
        if text.lower() not in ("true", "false"):
            raise ValueError(text)
        return text.lower() == "true"
    if kind == "float":
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
