"""`make check-gpu` and `make bench-gpu args=--quick` on a machine with a GPU and no network.

    python benchmarks/wheelhouse.py pack FOLDER [--python 3.12] [--cuda 130]     here, where there is a network
    python benchmarks/wheelhouse.py run FOLDER [--tiny]                          there, with that machine's own Python

The other machine needs torch with CUDA, pip, this checkout with its data/ and models/, and FOLDER. `pack` downloads
the wheels that the two benchmarks need, in the versions of constraints.txt, for that machine's Python. torch stays out:
it is there (or put its wheels into FOLDER). Of bitsandbytes' libraries, one per CUDA release, only that of `--cuda`
(torch.version.cuda there, without the dot) is kept. `run` unpacks FOLDER into data/cache/wheelhouse and writes what the
benchmarks print to FOLDER/results.txt. Try `run --tiny` first: the same with a tiny base, on any machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
# dill, with which datasets names a function, takes modules for installed ones by this folder's name.
SITE = ROOT / "data" / "cache" / "wheelhouse" / "site-packages"
# What the stages train, bundle and evaluate import, what the benchmarks compare with, and what a bundle names.
NEEDED = """
    accelerate bitsandbytes bm25s datasets faiss-cpu gguf liger-kernel numpy openvino packaging peft polars psutil
    pydantic pystemmer pyyaml rapidfuzz ruamel.yaml safetensors scikit-learn scipy sentence-transformers sentencepiece
    spacy tensorboardx tokenizers tqdm transformers trl wordfreq xllamacpp
""".split()
_THERE = {"torch", "triton"}  # with the libraries that only they need
_PLATFORMS = [*(f"manylinux_2_{n}_x86_64" for n in range(34, 4, -1)), "manylinux2014_x86_64", "manylinux2010_x86_64"]


def main() -> None:
    """Pack here, or run there."""
    parser = argparse.ArgumentParser(description="The GPU's benchmarks on a machine without a network.")
    commands = parser.add_subparsers(dest="command", required=True)
    pack_ = commands.add_parser("pack", help="download the wheels")
    pack_.add_argument("--python", default="3.12", help="that machine's Python (default: 3.12)")
    pack_.add_argument("--cuda", default="130", help="that machine's torch.version.cuda without the dot (default: 130)")
    run_ = commands.add_parser("run", help="run the benchmarks from the wheels")
    run_.add_argument("--tiny", action="store_true", help="a tiny base, on any machine")
    for command in (pack_, run_):
        command.add_argument("folder", type=Path)
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    if asked.command == "pack":
        pack(folder, asked.python, asked.cuda)
    else:
        sys.exit(run(folder, asked.tiny))


def pack(folder: Path, python: str, cuda: str) -> None:
    """Download the wheels for `python`, thin out bitsandbytes', and build this project's."""
    folder.mkdir(parents=True, exist_ok=True)
    versions = _pinned((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    wanted = [f"{name}=={versions[name]}" if name in versions else name for name in sorted(closure(NEEDED, python))]
    pip = [sys.executable, "-m", "pip", "--quiet"]
    target = ["--python-version", python, *(part for p in _PLATFORMS for part in ("--platform", p))]
    _call([*pip, "download", "--no-deps", "--only-binary=:all:", *target, "--dest", str(folder), *wanted])
    _call([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)])
    for wheel in folder.glob("bitsandbytes-*.whl"):
        keep_one(wheel, f"libbitsandbytes_cuda{cuda}.so")
    size = sum(f.stat().st_size for f in folder.glob("*.whl"))
    print(f"{folder}: {len(list(folder.glob('*.whl')))} wheels, {size / 1e6:.0f} MB, for Python {python}")


def _pinned(text: str) -> dict[str, str]:
    return {_plain(n): v for n, _, v in (line.partition("==") for line in text.split() if "==" in line)}


def closure(names: list[str], python: str) -> set[str]:
    """`names` and all that they need under `python`, as this environment's packages say; without torch and its own."""
    from packaging.requirements import Requirement

    found: set[str] = set()
    left = [Requirement(name) for name in names]
    while left:
        one = left.pop()
        name = _plain(one.name)
        if name in found or name in _THERE:
            continue
        found.add(name)
        for extra in ("", *one.extras):
            surroundings = {"python_version": python, "python_full_version": f"{python}.0", "extra": extra}
            needs = [Requirement(text) for text in _requirements(name)]
            left += [need for need in needs if not need.marker or need.marker.evaluate(surroundings)]
    return found


def _requirements(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:  # of the GPU's alone, which need torch and triton only
        return []


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def keep_one(wheel: Path, kept: str) -> None:
    """Leave every native library of a wheel out but the CPU's and `kept`; exits if it has no `kept`."""
    thin = wheel.with_suffix(".thin")
    with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(thin, "w", zipfile.ZIP_DEFLATED) as rest:
        names = whole.namelist()
        if not any(name.endswith(f"/{kept}") for name in names):
            thin.unlink()
            there = sorted(Path(name).name for name in names if "_cuda" in name and name.endswith(".so"))
            sys.exit(f"{wheel.name} has no {kept}: set --cuda to one of {', '.join(there)}")
        out = {n for n in names if n.endswith(".so") and not n.endswith((f"/{kept}", "_cpu.so"))}
        for name in names:
            if name.endswith(".dist-info/RECORD"):
                lines = whole.read(name).decode().splitlines(keepends=True)
                rest.writestr(name, "".join(line for line in lines if line.partition(",")[0] not in out))
            elif name not in out:
                rest.writestr(whole.getinfo(name), whole.read(name), zipfile.ZIP_DEFLATED)
    thin.replace(wheel)


def run(folder: Path, tiny: bool) -> int:
    """Unpack the wheels, run both benchmarks, and return 0 if both came to their end."""
    wheels = sorted(map(str, folder.glob("*.whl")))
    if not wheels:
        sys.exit(f"{folder} holds no wheel: `python benchmarks/wheelhouse.py pack {folder}` where there is a network")
    _call([sys.executable, "-m", "pip", "--quiet", "install", "--no-index", "--no-deps", "--ignore-requires-python",
           "--upgrade", "--target", str(SITE), *wheels])  # fmt: skip
    places = os.pathsep.join([str(ROOT / "src"), str(SITE), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": places, "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
    environment |= {"TOKENIZERS_PARALLELISM": "false", "TRANSFORMERS_VERBOSITY": "error", "PYTHONWARNINGS": "ignore"}
    small = ["--tiny"] if tiny else []
    codes: list[int] = []
    with (folder / "results.txt").open("w", encoding="utf-8") as results:
        for script in (["check_gpu.py", *small], ["train.py", "--gpu", "--quick", *small]):
            command = [sys.executable, str(ROOT / "benchmarks" / script[0]), *script[1:]]
            for line in _lines(command, environment, codes):
                print(line, end="", flush=True)
                results.write(line)
    return max(codes)


def _lines(command: list[str], environment: dict[str, str], codes: list[int]) -> Iterator[str]:
    yield f"$ {' '.join(command[1:])}\n"
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        yield from process.stdout or ()
    codes.append(abs(process.returncode))


def _call(command: list[str]) -> None:
    if code := subprocess.run(command, check=False, cwd=ROOT).returncode:
        sys.exit(f"{' '.join(command[:6])} ... ended with {code}")


if __name__ == "__main__":
    main()
