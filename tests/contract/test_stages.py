"""dvc.yaml against the stages' signatures and imports, and one word a stage everywhere."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest
import yaml

from moviechat.params import STAGELESS, Params

ROOT = Path(__file__).parents[2]
# The stages that a change of a package or a module reruns, those that read what these write included. What talks must
# neither ask the teacher again nor train again.
RERUNS = {
    "chat": {"bundle", "evaluate"},
    "serve": set[str](),
    "linking": {"build_index", "bundle", "evaluate"},
    "generation": {"evaluate"},
    "evaluation": {"evaluate"},
    "reply.py": {"bundle", "evaluate"},
    "limits.py": {"build_index", "bundle", "evaluate"},
    "training": {"train", "bundle", "evaluate"},
}
STAGES = list(yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"])
# They start, name or watch a stage and change no byte of what it writes.
EXEMPT = {"moviechat"} | {
    f"moviechat.{m}"
    for m in (
        "addresses",
        "params",
        "sections",
        "settings",
        "naming",
        "proxies",
        "paths",
        "errors",
        "launch",
        "quiet",
        "threads",
        "tracking",
        "runs",
        "registry",
        "gate",
    )
}


def _run(stage: str) -> Any:
    return importlib.import_module(f"moviechat.stages.{stage}").run


def _covered(path: str, deps: list[str]) -> bool:
    return any(path == dep or path.startswith(f"{dep}/") for dep in deps)


def test_one_word_a_stage_everywhere() -> None:
    modules = {p.stem for p in (ROOT / "src/moviechat/stages").glob("*.py")} - {"__init__"}
    tests = {p.stem.removeprefix("test_") for p in (ROOT / "tests/stages").glob("test_*.py")}
    assert set(STAGES) == modules == tests == set(Params.model_fields) - set(STAGELESS)


def test_params_yaml_keeps_the_stages_order() -> None:
    sections = list(yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8")))
    assert sections == [*STAGES, *STAGELESS] == list(Params.model_fields)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_run_as_a_module_with_its_own_section(project: Any, stage: str) -> None:
    spec = project.stages()[stage]
    assert spec["cmd"] == f"python -m moviechat.stages.{stage}"
    taken = inspect.signature(_run(stage), eval_str=True).parameters
    assert next(iter(taken.values())).annotation is Params.model_fields[stage].annotation
    assert spec["params"] == [stage, *(name for name in STAGELESS if name in taken)]


@pytest.mark.parametrize("section", STAGELESS)
def test_a_section_without_a_stage_is_read_by_one(project: Any, section: str) -> None:
    readers = [stage for stage in STAGES if section in inspect.signature(_run(stage), eval_str=True).parameters]
    assert readers == [stage for stage in STAGES if section in project.stages()[stage]["params"]] != []


@pytest.mark.parametrize("stage", STAGES)
def test_a_stages_paths_are_its_deps_and_outs(project: Any, stage: str) -> None:
    spec = project.stages()[stage]
    defaults = [p.default for p in inspect.signature(_run(stage)).parameters.values() if isinstance(p.default, Path)]
    # A file beside a module (an absolute path) is code: the next test holds its folder among the deps.
    taken = {d.as_posix() for d in defaults if not (d.is_absolute() or d.is_relative_to("data/cache"))}
    written = {
        o if isinstance(o, str) else next(iter(o)) for kind in ("outs", "metrics", "plots") for o in spec.get(kind, [])
    }
    section = getattr(Params.model_validate(yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))), stage)
    folders = {getattr(section, name, None) for name in ("folder", "talk_folder")}
    read = {d for d in spec["deps"] if not d.startswith("src/")} - folders
    for path in taken:
        assert path in read or _covered(path, sorted(written)) or any(_covered(o, [path]) for o in written), path
    for path in read | written:
        assert _covered(path, sorted(taken)), path


@pytest.mark.parametrize("stage", STAGES)
def test_a_stages_code_is_among_its_deps(project: Any, stage: str) -> None:
    modules = project.modules()
    name = f"moviechat.stages.{stage}"
    needed = {modules[m].relative_to(ROOT).as_posix() for m in project.closure(name) - EXEMPT}
    needed = {p for p in needed if p != "src/moviechat/stages/__init__.py"}
    deps = [d for d in project.stages()[stage]["deps"] if d.startswith("src/")]
    assert {p for p in needed if not _covered(p, deps)} == set(), "imported, but no dep of the stage"
    assert [d for d in deps if not any(_covered(p, [d]) for p in needed)] == [], "a dep, but not imported"
    assert deps == sorted(deps)


def test_what_one_stage_reads_another_writes(project: Any) -> None:
    stages = project.stages()
    written = [o if isinstance(o, str) else next(iter(o)) for s in stages.values() for o in s["outs"]]
    for stage, spec in stages.items():
        for dep in spec["deps"]:
            if dep.startswith(("data/", "models/")) and not dep.startswith(("data/sample", "data/local")):
                assert _covered(dep, written), (stage, dep)


def _outs(spec: dict[str, Any]) -> list[str]:
    return [o if isinstance(o, str) else next(iter(o)) for o in spec["outs"]]


@pytest.mark.parametrize("changed", RERUNS)
def test_what_a_change_reruns(project: Any, changed: str) -> None:
    stages, path = project.stages(), f"src/moviechat/{changed}"
    rerun = {s for s, spec in stages.items() if any(_covered(d, [path]) or _covered(path, [d]) for d in spec["deps"])}
    for stage, spec in stages.items():  # dvc.yaml has them in order
        written = [out for s in rerun for out in _outs(stages[s])]
        if any(_covered(dep, written) or any(_covered(out, [dep]) for out in written) for dep in spec["deps"]):
            rerun.add(stage)
    assert rerun == RERUNS[changed]


@pytest.mark.parametrize("stage", ["train", "generate_qa"])
def test_what_costs_hours_or_money_imports_nothing_that_talks(project: Any, stage: str) -> None:
    packages = {m.split(".")[1] for m in project.closure(f"moviechat.stages.{stage}") - {"moviechat"}}
    assert packages & {"chat", "serve", "linking", "reply"} == set()
