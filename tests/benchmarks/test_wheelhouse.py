"""The wheels that travel: everything needed but torch, and of bitsandbytes' libraries the one for the card's CUDA."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from benchmarks import wheelhouse

ROOT = Path(__file__).parents[2]


def test_what_is_needed_comes_with_all_that_it_needs_and_without_torch() -> None:
    found = wheelhouse.closure(["transformers", "peft", "polars"], "3.12")
    assert {"transformers", "peft", "polars", "polars-runtime-32", "huggingface-hub", "numpy", "pyyaml"} <= found
    assert not [name for name in found if name in {"torch", "triton", "sympy"} or name.startswith("nvidia")]


def test_another_python_may_need_other_packages() -> None:
    old, new = (wheelhouse.closure(["aiohttp"], python) for python in ("3.9", "3.12"))
    assert old - new == {"async-timeout"}


def wheel(folder: Path) -> Path:
    path = folder / "bitsandbytes-1-py3-none-any.whl"
    files = {
        "bitsandbytes/__init__.py": "",
        **{f"bitsandbytes/libbitsandbytes_{name}.so": name for name in ("cpu", "cuda126", "cuda130", "rocm70")},
    }
    record = "".join(f"{name},sha256=x,1\n" for name in files) + "bitsandbytes-1.dist-info/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as whole:
        for name, text in {**files, "bitsandbytes-1.dist-info/RECORD": record}.items():
            whole.writestr(name, text)
    return path


def test_one_library_of_bitsandbytes_is_kept(tmp_path: Path) -> None:
    path = wheel(tmp_path)
    wheelhouse.keep_one(path, "libbitsandbytes_cuda130.so")
    with zipfile.ZipFile(path) as thin:
        libraries = [name for name in thin.namelist() if name.endswith(".so")]
        record = thin.read("bitsandbytes-1.dist-info/RECORD").decode()
    assert libraries == [f"bitsandbytes/libbitsandbytes_{name}.so" for name in ("cpu", "cuda130")]
    assert [line.partition(",")[0] for line in record.splitlines()] == [
        "bitsandbytes/__init__.py", *libraries, "bitsandbytes-1.dist-info/RECORD",
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == [path]


def test_a_cuda_that_bitsandbytes_lacks_is_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"has no libbitsandbytes_cuda99\.so: .* libbitsandbytes_cuda126\.so, lib"):
        wheelhouse.keep_one(wheel(tmp_path), "libbitsandbytes_cuda99.so")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_without_wheels_is_said(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "wheelhouse.py"), "run", str(tmp_path), "--tiny"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "holds no wheel: `python benchmarks/wheelhouse.py pack" in done.stderr
