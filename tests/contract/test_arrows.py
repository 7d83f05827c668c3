"""Imports run one way, and importing a module does nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# package -> what it may import of the others; modules at the top level may be imported by all.
ALLOWED = {
    "serve": {"chat", "linking", "retrieval", "generation", "grounding", "doctor"},
    "doctor": {"teacher"},
    "chat": {"linking", "retrieval", "generation", "grounding"},
    "linking": set[str](),
    "retrieval": {"linking"},
    "generation": set[str](),
    "grounding": {"retrieval"},
    "teacher": {"grounding"},
    "imdb": set[str](),
    "wikipedia": set[str](),
    "models": set[str](),
    "training": set[str](),
    "fitting": set[str](),
    "evaluation": {"chat", "linking", "retrieval", "generation", "grounding"},
    "stages": {"chat", "linking", "retrieval", "generation", "grounding", "teacher", "imdb", "wikipedia", "models"}
    | {"training", "fitting", "evaluation"},
}
TRAINING = {"datasets", "accelerate", "mlflow"}


def _package(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 2 else (parts[1] if len(parts) == 2 and parts[1] in ALLOWED else None)


def test_arrows_run_one_way(project: Any) -> None:
    wrong = []
    for name, path in project.modules().items():
        package = _package(name)
        for other in project.own_imports(path):
            target = _package(other)
            if target and target != package and (package is None or target not in ALLOWED[package]):
                wrong.append(f"{name} -> {other}")
    assert wrong == []


def test_every_package_has_its_arrows(project: Any) -> None:
    assert {p for m in project.modules() if (p := _package(m))} <= set(ALLOWED)


def test_no_cycles_between_modules(project: Any) -> None:
    modules = project.modules()
    for name, path in modules.items():
        for other in project.own_imports(path) - {name}:
            assert name not in project.closure(other) or name in {"moviechat"}, f"{name} <-> {other}"


def test_nothing_in_src_imports_the_orchestrator(project: Any) -> None:
    for name, path in project.modules().items():
        heads = {i.split(".")[0] for i in project.imports(path)}
        assert not heads & {"prefect", "dvc"}, name


def test_the_chat_needs_no_training_library(project: Any) -> None:
    for name, path in project.modules().items():
        if _package(name) in {"serve", "chat", "linking", "retrieval", "generation", "grounding"}:
            heads = {i.split(".")[0] for i in project.imports(path)}
            assert not heads & TRAINING, name
            assert not project.own_imports(path) & {"moviechat.tracking"}, name


def test_importing_a_module_does_nothing_heavy(project: Any, tmp_path: Path) -> None:
    # Subclasses of torch's and transformers' own classes cannot be written without them; `train` imports them late.
    light = [m for m in sorted(project.modules()) if not m.startswith("moviechat.training.")]
    heavy = ("torch", "transformers", "sentence_transformers", "mlflow", "faiss", "matplotlib", "xllamacpp", "openai")
    code = (
        "import importlib, os, sys\n"
        f"for m in {light!r}:\n    importlib.import_module(m)\n"
        f"print([m for m in {heavy!r} if m in sys.modules], os.listdir('.'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == "[] []\n"


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"]])
def test_help_is_light(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom moviechat.serve.cli import main\n"
        f"sys.argv = ['moviechat', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('torch', 'faiss', 'polars') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
