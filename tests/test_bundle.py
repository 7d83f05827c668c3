from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moviechat import files
from moviechat.bundle import hold, open_bundle
from moviechat.errors import BundleError


@pytest.fixture
def folder(whole_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole_bundle, tmp_path / "bundle"))


def _said(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "bundle.json").read_text(encoding="utf-8")))


def _change(folder: Path, **changes: Any) -> None:
    (folder / "bundle.json").write_text(json.dumps(_said(folder) | changes), encoding="utf-8")


def _put(folder: Path, name: str, content: bytes) -> None:
    """A file in the bundle, listed as it is: only what it says can be wrong with it."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    about = {"bytes": len(content), "sha256": files.sha256(folder / name)}
    _change(folder, files=_said(folder)["files"] | {name: about})


def test_its_parameters_are_read(folder: Path) -> None:
    info = open_bundle(folder)
    assert (info.context, info.max_new_tokens, info.threads, info.quantize) == (512, 32, 1, False)
    _change(folder, parameters={"context": 256, "max_new_tokens": 8, "threads": None, "quantize": "8bit"})
    info = open_bundle(folder)
    assert (info.context, info.max_new_tokens, info.threads, info.quantize) == (256, 8, None, True)


def test_no_bundle(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BundleError, match=r"no bundle in .*: run `make demo` or `dvc repro`"):
            open_bundle(place)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 2}', '{"format": 1}', '{"format": 1, "files": 3}'])
def test_a_manifest_that_is_none(folder: Path, text: str) -> None:
    (folder / "bundle.json").write_text(text)
    with pytest.raises(BundleError, match=r"bundle.json .*: run `make demo` or `dvc repro`"):
        open_bundle(folder)


def test_another_format(folder: Path) -> None:
    _change(folder, format=2)
    with pytest.raises(BundleError, match="is of format 2, this moviechat reads 1"):
        open_bundle(folder)


@pytest.mark.parametrize("prompt", [{"version": 0}, {"template": "Q: {question}"}])
def test_another_prompt(folder: Path, prompt: dict[str, Any]) -> None:
    said = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    _change(folder, prompt=said["prompt"] | prompt)
    with pytest.raises(BundleError, match="was made for another prompt"):
        open_bundle(folder)


@pytest.mark.parametrize("name", ["movies.parquet", "index/index.json", "model/adapter.gguf"])
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleError, match=f"{name} is missing"):
        open_bundle(folder)


def test_a_file_of_another_size(folder: Path) -> None:
    size = (folder / "movies.parquet").stat().st_size
    (folder / "movies.parquet").write_bytes(b"x")
    with pytest.raises(BundleError, match=f"movies.parquet has 1 bytes instead of {size}"):
        open_bundle(folder)


@pytest.mark.parametrize(
    "name",
    [
        "movies.parquet",
        "facts.parquet",
        "model/adapter/adapter_config.json",
        "intents-1.safetensors",
        "intents-2.safetensors",
        "moods.safetensors",
    ],
)
def test_a_small_file_of_the_same_size_is_seen_at_every_opening(folder: Path, name: str) -> None:
    open_bundle(folder)
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(BundleError, match="run `make demo` or `dvc repro`"):
        open_bundle(folder)


def test_a_large_file_is_read_once_until_it_is_another(folder: Path) -> None:
    large = next(n for n, about in _said(folder)["files"].items() if about["bytes"] > 1 << 20)
    open_bundle(folder)
    remembered = (folder.parent / ".bundle.verified.json").read_text(encoding="utf-8")
    assert list(json.loads(remembered)) == [large]
    about, content = (folder / large).stat(), bytearray((folder / large).read_bytes())
    content[len(content) // 2] ^= 1
    with (folder / large).open("r+b") as file:  # the same inode
        file.write(content)
    with pytest.raises(BundleError, match=rf"{large} is not the file that was bundled"):
        open_bundle(folder)
    os.utime(folder / large, ns=(about.st_atime_ns, about.st_mtime_ns))
    open_bundle(folder)  # nothing that is remembered tells it from the one before
    with pytest.raises(BundleError, match=rf"{large} is not the file that was bundled"):
        open_bundle(folder, verify=True)


@pytest.mark.parametrize("memory", ["", "[]", "[" * 100_000, '{"model/base.gguf": 3}'])
def test_a_damaged_memory_is_forgotten(folder: Path, memory: str) -> None:
    (folder.parent / ".bundle.verified.json").write_text(memory)
    open_bundle(folder)
    assert json.loads((folder.parent / ".bundle.verified.json").read_text(encoding="utf-8")) != memory


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "a/../../b", "./movies.parquet", "a\0b"])
def test_a_manifest_that_points_outside(folder: Path, name: str) -> None:
    _change(folder, files=_said(folder)["files"] | {name: {"bytes": 0, "sha256": "0" * 64}})
    with pytest.raises(BundleError, match="outside the bundle"):
        open_bundle(folder)


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        ({}, "lists no files"),
        (None, "lists no files"),
        ([], "lists no files"),
        ({"movies.parquet": None}, "without its size"),
        ({"movies.parquet": {"bytes": "5", "sha256": "0" * 64}}, "without its size"),
        ({"movies.parquet": {"bytes": 5, "sha256": "x"}}, "without its size"),
    ],
)
def test_a_bundle_that_lists_nothing_is_not_whole(folder: Path, listed: Any, fault: str) -> None:
    _change(folder, files=listed)
    for opened in (open_bundle, hold):
        with pytest.raises(BundleError, match=fault):
            opened(folder)


@pytest.mark.parametrize(
    "name", ["movies.parquet", "facts.parquet", "intents-2.safetensors", "index/index.json", "model/adapter.gguf"]
)
def test_a_bundle_that_lacks_a_part_in_its_list_is_not_whole(folder: Path, name: str) -> None:
    _change(folder, files={n: about for n, about in _said(folder)["files"].items() if n != name})
    with pytest.raises(BundleError, match=rf"lists no {name}, which every bundle has"):
        open_bundle(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"parameters": {}},
        {"parameters": None},
        {"parameters": {"context": "many", "max_new_tokens": 8, "threads": None, "quantize": "none"}},
        {"parameters": {"context": True, "max_new_tokens": 8, "threads": None, "quantize": "none"}},
        {"parameters": {"context": 256, "max_new_tokens": -8, "threads": None, "quantize": "none"}},
        {"parameters": {"context": 256, "max_new_tokens": 8, "threads": [], "quantize": "none"}},
        {"parameters": {"context": 256, "max_new_tokens": 8, "threads": None, "quantize": {}}},
        {"engine": "python"},
        {"engine": ["llama.cpp"]},
        {"model": 5},
        {"prompt": []},
        {"prompt": {"version": 1}},
        {"chat": "none"},
        {"versions": None},
    ],
)
def test_garbled_parameters_are_told(folder: Path, changes: dict[str, Any]) -> None:
    _change(folder, **changes)
    with pytest.raises(BundleError, match=r"bundle\.json .*run `make demo` or `dvc repro`"):
        open_bundle(folder)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
_KEYS = ("engine", "model", "prompt", "parameters", "chat", "versions", "files")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(_KEYS), value=_JSON)
def test_any_manifest_opens_or_is_told(folder: Path, key: str, value: Any) -> None:
    kept = (folder / "bundle.json").read_bytes()
    try:
        _change(folder, **{key: value})
        open_bundle(folder)
    except BundleError as error:
        assert "dvc repro" in str(error)
    finally:
        (folder / "bundle.json").write_bytes(kept)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"format":' * 100_000, '{"format": 1' + "0" * 5_000 + "}"])
def test_a_manifest_nested_deep_or_with_endless_numbers(folder: Path, text: str) -> None:
    (folder / "bundle.json").write_text(text)
    with pytest.raises(BundleError, match="is not JSON"):
        open_bundle(folder)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("model/base/modeling_evil.py", "a program"),
        ("encoder/custom.PY", "a program"),
        ("parser/x.so", "a program"),
        ("model/adapter/adapter_model.bin", "a pickle"),
        ("index/words.pkl", "a pickle"),
    ],
)
def test_a_listed_program_or_pickle_is_refused(folder: Path, name: str, what: str) -> None:
    _put(folder, name, b"import os")
    with pytest.raises(BundleError, match=f"{what}, and a bundle holds data only"):
        open_bundle(folder)


def test_a_python_file_that_is_not_listed_is_refused(folder: Path) -> None:
    (folder / "encoder" / "modeling.py").write_text("raise SystemExit")
    with pytest.raises(BundleError, match=r"modeling\.py is a program"):
        hold(folder)


def _as_transformers(folder: Path, config: dict[str, Any]) -> None:
    """A bundle for the engine that reads settings."""
    _put(folder, "model/base/config.json", json.dumps(config).encode())
    _change(folder, engine="transformers")


@pytest.mark.parametrize(
    ("config", "fault"),
    [
        ({"model_type": "evil", "auto_map": {"AutoConfig": "m.C"}}, "asks for code"),
        ({"model_type": "llama", "auto_map": {"AutoConfig": "m.C"}}, "asks for code"),
        ({"model_type": "evil"}, "is of model_type 'evil', and only 'llama' is loaded"),
        ({}, "is of model_type 'None'"),
    ],
)
def test_settings_that_ask_for_code_or_another_model_are_refused(folder: Path, config: Any, fault: str) -> None:
    _as_transformers(folder, config)
    with pytest.raises(BundleError, match=fault):
        open_bundle(folder)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model/base/tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["m.T", None]}}),
        ("model/adapter/adapter_config.json", {"peft_type": "LORA", "megatron_config": {"a": 1}}),
        ("model/adapter/adapter_config.json", {"peft_type": "OTHER"}),
        ("encoder/modules.json", [{"idx": 0, "name": "0", "path": "", "type": "evil.Module"}]),
        ("encoder/modules.json", ["evil.Module"]),
    ],
)
def test_settings_of_the_other_parts(folder: Path, name: str, content: Any) -> None:
    _put(folder, name, json.dumps(content).encode())
    with pytest.raises(BundleError, match=r"data only|only 'LORA'|no part of sentence-transformers"):
        open_bundle(folder)


def test_a_piped_yes_runs_nothing(folder: Path, tmp_path: Path) -> None:
    """The whole way, with a program beside the settings and somebody who says yes."""
    mark = tmp_path / "it ran"
    _as_transformers(folder, {"model_type": "evil", "auto_map": {"AutoConfig": "configuration_evil.Evil"}})
    (folder / "model" / "base" / "configuration_evil.py").write_text(f"open({str(mark)!r}, 'w')")
    code = "from moviechat.serve.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "chat", "--bundle", str(folder)], input="y\ny\n", capture_output=True, text=True
    )
    assert done.returncode == 2 and not mark.exists()
    assert done.stderr.startswith("moviechat: ") and len(done.stderr.splitlines()) == 1


def test_what_is_held_stays_when_the_folder_is_rebuilt(folder: Path) -> None:
    info, held = hold(folder)
    catalogue = info.movies.read_bytes()
    with files.whole(folder) as anew:
        (anew / "bundle.json").write_text("{}")
    assert info.movies.read_bytes() == catalogue and not (folder / "movies.parquet").exists()
    held.release()
    assert [p.name for p in folder.parent.iterdir() if p.name.endswith(".held")] == []


def test_a_bundle_replaced_while_it_is_opened_is_one_of_the_two(folder: Path, tmp_path: Path) -> None:
    """Whoever opens it in the middle of many switches gets one bundle, whole."""
    other, stop = Path(shutil.copytree(folder, tmp_path / "other")), threading.Event()
    _put(other, "movies.parquet", b"another catalogue")

    def switch() -> None:
        sources = [other, Path(shutil.copytree(folder, tmp_path / "first"))]
        while not stop.is_set():
            with files.whole(folder) as anew:
                shutil.copytree(sources[0], anew, dirs_exist_ok=True)
            sources.reverse()

    thread = threading.Thread(target=switch)
    thread.start()
    try:
        for _ in range(20):
            info, held = hold(folder)
            listed = _said(info.folder)["files"]["movies.parquet"]["sha256"]
            assert files.sha256(info.movies) == listed
            held.release()
    finally:
        stop.set()
        thread.join()
