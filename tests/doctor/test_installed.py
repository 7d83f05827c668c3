from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from moviechat import params
from moviechat.doctor import installed

ROOT = Path(__file__).parents[2]


def test_python() -> None:
    assert installed.python().state == "ok"
    other = installed.python((3, 13))
    assert (other.state, other.needed) == ("missing", True) and "3.13" in other.said and other.mend


def _version(name: str) -> str:
    if name == "none":
        raise PackageNotFoundError(name)
    return {"torch": "2.13.0+cpu", "One.Two": "1.5"}[name]


@pytest.fixture
def constraints(tmp_path: Path) -> Path:
    (tmp_path / "constraints.txt").write_text("torch==2.13.0\none-two==1.5  # because\nother==3\n")
    return tmp_path / "constraints.txt"


def test_packages_that_are_there(constraints: Path) -> None:
    found = installed.packages(["torch==2.13.0", "One.Two>1", 'x; extra == "dev"'], _version, constraints)
    assert (found.state, found.said) == ("ok", "all are installed, as constraints.txt has them")
    assert installed.packages().state == "ok"


def test_a_package_that_is_not_installed(constraints: Path) -> None:
    found = installed.packages(["torch", "none"], _version, constraints)
    assert (found.state, found.needed, found.mend) == ("missing", True, "make setup")
    assert found.said == "not installed: none"


def test_a_package_of_another_version_can_still_chat(constraints: Path) -> None:
    constraints.write_text("one_two==2.0\n")
    found = installed.packages(["One.Two"], _version, constraints)
    assert (found.state, found.needed) == ("missing", False)
    assert found.said == "other versions: One.Two 1.5 instead of 2.0"


@pytest.mark.parametrize("name", ["llama.cpp", "transformers"])
def test_the_engine(name: str) -> None:
    assert installed.engine(name).state == "ok"
    gone = installed.engine(name, lambda _: None)
    assert (gone.state, gone.needed, gone.mend) == ("missing", True, "make setup")


def _smi(tmp_path: Path, script: str) -> list[str]:
    (tmp_path / "smi.py").write_text(script)
    return [sys.executable, str(tmp_path / "smi.py")]


def test_no_gpu_is_no_fault() -> None:
    found = installed.gpu(["no-such-program-here"])
    assert found.state == "ok" and "CPU" in found.said


def test_a_driver_that_does_not_answer(tmp_path: Path) -> None:
    found = installed.gpu(_smi(tmp_path, "import sys; sys.exit('Failed to initialize NVML: Driver/library mismatch')"))
    assert found.state == "missing" and "Driver/library mismatch" in found.said and "driver" in str(found.mend)
    assert installed.gpu(_smi(tmp_path, "")).state == "missing"


def test_a_gpu_is_told_with_its_driver(tmp_path: Path) -> None:
    found = installed.gpu(_smi(tmp_path, "print('NVIDIA H100, 81559 MiB, 560.35')"))
    assert "NVIDIA H100, 81559 MiB, 560.35" in found.said and "torch" in found.said


def test_the_disk(tmp_path: Path) -> None:
    p = params.load(ROOT / "params.yaml")
    assert installed.disk(p, tmp_path, free=4 * 10**9).state == "ok"
    small = installed.disk(p, tmp_path, free=10**9)
    assert small.state == "missing" and small.said.startswith("1 GB free") and small.mend
    full = params.load(ROOT / "profiles" / "imdb.yaml")
    assert installed.disk(full, tmp_path, free=4 * 10**9).state == "missing"
    assert installed.disk(None, tmp_path).said.startswith(f"{installed.disk(None, tmp_path).said.split()[0]} GB free")
