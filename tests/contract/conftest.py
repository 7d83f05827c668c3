"""What the contract tests read: the DAG, the modules and their imports."""

from __future__ import annotations

import ast
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]


class Project:
    """The repository as its contract tests see it."""

    root = ROOT

    def __init__(self) -> None:
        self._imports: dict[Path, frozenset[str]] = {}

    def stages(self) -> dict[str, dict[str, Any]]:
        """dvc.yaml's stages, params.yaml's values filled in."""
        params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
        text = (ROOT / "dvc.yaml").read_text(encoding="utf-8")
        for section, values in params.items():
            for key, value in values.items():
                text = text.replace(f"${{{section}.{key}}}", str(value))
        stages: dict[str, dict[str, Any]] = yaml.safe_load(text)["stages"]
        return stages

    def modules(self) -> dict[str, Path]:
        """Every module of the package by its dotted name."""
        return self._modules

    @cached_property
    def _modules(self) -> dict[str, Path]:
        src = ROOT / "src"
        return {
            ".".join(p.relative_to(src).with_suffix("").parts).removesuffix(".__init__"): p
            for p in sorted(src.rglob("*.py"))
        }

    def imports(self, path: Path) -> frozenset[str]:
        """Dotted names that a file imports anywhere in it, functions included.

        `from package import module` names the module alone: nothing of the package's own text is used.
        """
        if path not in self._imports:
            self._imports[path] = self._parsed(path)
        return self._imports[path]

    def _parsed(self, path: Path) -> frozenset[str]:
        modules, found = self.modules(), set[str]()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {a.name for a in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = {f"{node.module}.{a.name}" for a in node.names}
                found |= names if names <= modules.keys() else names | {node.module}
        return frozenset(found)

    def own_imports(self, path: Path) -> frozenset[str]:
        """The project's own modules that a file imports."""
        return self.imports(path) & set(self.modules())

    def closure(self, name: str) -> set[str]:
        """All modules that importing `name` may bring in, itself included."""
        modules, seen, todo = self.modules(), set[str](), [name]
        while todo:
            module = todo.pop()
            if module not in seen:
                seen.add(module)
                todo += self.own_imports(modules[module])
        return seen


@pytest.fixture(scope="session")
def project() -> Project:
    return Project()
