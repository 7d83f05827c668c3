"""The README's tables, tree and commands against the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from typer.main import get_command

from moviechat.serve.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _rows(header: str) -> list[list[str]]:
    table = README[README.index(header) :].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table]


def _commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    return [line.removeprefix("$ ").split("  #")[0] for b in blocks for line in b.splitlines() if line.startswith("$ ")]


def test_the_stage_table_is_dvc_yamls(project: Any) -> None:
    stages = project.stages()
    rows = _rows("| stage | reads | writes | what it does | takes |")
    assert [row[0].strip("`") for row in rows] == list(stages)
    for row in rows:
        outs = {o if isinstance(o, str) else next(iter(o)) for o in stages[row[0].strip("`")]["outs"]}
        for written in re.findall(r"`([^`]+)`", row[2]):
            folder = written.rstrip("/")
            assert any(o == folder or o.startswith(f"{folder}/") for o in outs), (row[0], written)
        for read in re.findall(r"`([^`]+)`", row[1]):
            assert read in stages or (ROOT / read).exists(), (row[0], read)


def test_a_stage_reads_what_the_table_says(project: Any) -> None:
    stages = project.stages()
    writer = {(o if isinstance(o, str) else next(iter(o))): s for s, spec in stages.items() for o in spec["outs"]}
    for row in _rows("| stage | reads | writes | what it does | takes |"):
        stage = row[0].strip("`")
        deps = [d for d in stages[stage]["deps"] if not d.startswith("src/")]
        real = {w for d in deps for o, w in writer.items() if d == o or d.startswith(f"{o}/") or o.startswith(f"{d}/")}
        told = {r for r in re.findall(r"`([^`]+)`", row[1]) if r in stages}
        assert told == real, stage


def test_the_profiles_are_all_there() -> None:
    assert {r[0].strip("`") for r in _rows("| profile | what it builds |")} == {
        p.stem for p in (ROOT / "profiles").glob("*.yaml")
    }


def test_every_make_command_is_a_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(" ".join(re.findall(r"^([a-z ]+):", makefile, re.MULTILINE)).split())
    used = [w for c in _commands() if c.startswith("make ") for w in c.split()[1:] if "=" not in w]
    assert used and set(used) <= targets


def test_every_moviechat_command_exists() -> None:
    group: Any = get_command(main)
    for command in (c for c in _commands() if "/moviechat " in c):
        words = command.split()
        known = {o for p in group.commands[words[1]].params for o in p.opts}
        assert {w for w in words if w.startswith("--")} <= known, command


def test_the_tree_is_the_tree() -> None:
    tree = README[README.index("## The tree") :].split("```")[1]
    for line in tree.splitlines()[1:]:
        name = line.split()[0]
        if name != "mlruns/":
            assert (ROOT / name).exists(), name
