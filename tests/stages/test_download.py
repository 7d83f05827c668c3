import gzip
import hashlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from moviechat.errors import DataError, FetchError
from moviechat.imdb.reading import Tables
from moviechat.imdb.tables import AKAS, BASICS, CREW, MANIFEST, RATINGS, TABLES, Table
from moviechat.params import Download
from moviechat.stages.download import run


def _text(table: Table, rows: int = 3) -> bytes:
    return "".join("\t".join(line) + "\n" for line in [table.columns, *[["x"] * len(table.columns)] * rows]).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """IMDb's six files, one of them unpacked."""
    folder = tmp_path / "given"
    folder.mkdir()
    for table in TABLES:
        (folder / table.filename).write_bytes(gzip.compress(_text(table)))
    (folder / BASICS.filename).unlink()
    (folder / "title.basics.tsv").write_bytes(_text(BASICS, rows=4))
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def _run(out: Path, folder: Path | str = "nowhere", url: str | None = None, as_of: str | None = None) -> None:
    run(Download(folder=str(folder), url=url, as_of=as_of), out=out, cache=out.parent / "cache")


DAY, DAYS = "Thu, 26 Nov 2026", {CREW.filename: "Wed, 25 Nov 2026"}


def _serve(folder: Path, asked: list[str], sent: list[str] | None = None) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        name = request.path.rpartition("/")[2]
        asked.append(name)
        if not (folder / name).is_file():
            request.send_error(404)
            return
        body = (folder / name).read_bytes()
        tag = hashlib.sha256(body).hexdigest()
        if request.headers["If-None-Match"] == tag:
            request.send_response(304)
            request.end_headers()
            return
        if sent is not None:
            sent.append(name)
        request.send_response(200)
        request.send_header("ETag", tag)
        request.send_header("Last-Modified", f"{DAYS.get(name, DAY)} 08:00:00 GMT")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def test_a_folders_files_are_kept_as_they_came(folder: Path, out: Path) -> None:
    _run(out, folder)
    assert (out / RATINGS.filename).read_bytes() == (folder / RATINGS.filename).read_bytes()
    assert gzip.decompress((out / BASICS.filename).read_bytes()) == _text(BASICS, rows=4)
    assert {p.name for p in out.iterdir()} == {MANIFEST, *(t.filename for t in TABLES)}


def test_the_manifest_says_what_came(folder: Path, out: Path) -> None:
    _run(out, folder)
    manifest = json.loads((out / MANIFEST).read_text())
    assert {name: entry["rows"] for name, entry in manifest.items() if entry["rows"]} == {BASICS.name: 4}
    data = (out / CREW.filename).read_bytes()
    said = {"sha256": hashlib.sha256(data).hexdigest(), "origin": str(folder / CREW.filename)}
    assert manifest[CREW.name] == said | {"rows": None, "odd": 0, "bytes": len(data), "date": None}


def test_the_same_rows_give_the_same_bytes(folder: Path, out: Path, tmp_path: Path) -> None:
    _run(out, folder)
    (folder / "title.basics.tsv").touch()
    _run(tmp_path / "again", folder)
    for path in out.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_without_other_titles_it_goes_on(folder: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / AKAS.filename).unlink()
    _run(out, folder)
    assert AKAS.name not in json.loads((out / MANIFEST).read_text())
    assert "going on without it" in capsys.readouterr().out


def test_a_file_that_is_nowhere_is_named_before_anything_is_copied(folder: Path, out: Path) -> None:
    (folder / CREW.filename).unlink()
    with pytest.raises(DataError, match=r"title\.crew\.tsv\.gz is not in .*given: put it there, or set download\.url"):
        _run(out, folder)
    assert not out.exists()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"tconst\taverageRating\tnumVotes\n", "is damaged or cut short"),
        (gzip.compress(b"tconst\tnumVotes\ntt1\t1\n"), "has no column averageRating"),
        (b"", "has no column"),
    ],
    ids=["not packed", "missing column", "empty"],
)
def test_a_bad_file_is_refused_by_the_name_it_was_given(folder: Path, out: Path, data: bytes, fault: str) -> None:
    (folder / RATINGS.filename).write_bytes(data)
    with pytest.raises(DataError, match=rf"given/title\.ratings\.tsv\.gz {fault}"):
        _run(out, folder)
    assert not (out / RATINGS.filename).exists()
    assert not (out / MANIFEST).exists()
    assert not list(out.glob("*.part")) + list(out.glob(".*"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (_text(BASICS, rows=66) + b"x\tx\tx", r"is cut short: row 67, its last, has 3 of 9 cells"),
        (_text(BASICS, rows=66).removesuffix(b"x\n"), r"ends in the middle of row 66, without a line end"),
        (_text(BASICS, rows=9) + b"\0" * 1024 + _text(BASICS, rows=9), "holds zero bytes in row 10"),
        (_text(BASICS).replace(b"primaryTitle", b"mainTitle"), r"has no column primaryTitle"),
    ],
    ids=["cut", "cut in the last cell", "zeros", "renamed column"],
)
def test_damage_in_a_plain_file_is_found(folder: Path, out: Path, text: bytes, fault: str) -> None:
    (folder / "title.basics.tsv").write_bytes(text)
    with pytest.raises(DataError, match=rf"given/title\.basics\.tsv {fault}"):
        _run(out, folder)
    assert not (out / MANIFEST).exists()


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda data: data[:-9], "is damaged or cut short"),
        (lambda data: data[:9000] + bytes(1024) + data[10_024:], "is damaged or cut short"),
        (lambda data: gzip.compress(_text(RATINGS, rows=0)), "has a header and no rows"),
        (lambda data: gzip.compress(_text(RATINGS) + b"tt4\t5"), "is cut short: row 4, its last, has 2 of 3 cells"),
    ],
    ids=["truncated", "zeros", "no rows", "last row"],
)
def test_damage_in_a_packed_file_is_found_as_it_is_read(
    folder: Path, out: Path, damage: Callable[[bytes], bytes], fault: str
) -> None:
    rows = "".join(f"tt{n}\t{n % 9}.{n % 7}\t{n * n}\n" for n in range(3000)).encode()
    (folder / RATINGS.filename).write_bytes(damage(gzip.compress(_text(RATINGS) + rows)))
    _run(out, folder)
    with pytest.raises(DataError, match=rf"given/title\.ratings\.tsv\.gz {fault}"):
        Tables(out).read(RATINGS, RATINGS.columns)


def test_what_is_fetched_is_checked_at_once(folder: Path, out: Path, loopback: Callable[..., str]) -> None:
    url = loopback(_serve(folder, []))
    (folder / BASICS.filename).write_bytes(gzip.compress(_text(BASICS))[:-9])
    with pytest.raises(DataError, match=rf"{url}/title\.basics\.tsv\.gz is damaged or cut short"):
        _run(out, url=url)
    assert not (out / MANIFEST).exists()


def test_what_the_folder_lacks_is_fetched_once(folder: Path, out: Path, loopback: Callable[..., str]) -> None:
    asked: list[str] = []
    url = loopback(_serve(folder, asked))
    own = out.parent / "own"
    own.mkdir()
    (own / "title.basics.tsv").write_bytes(_text(BASICS))
    _run(out, own, url + "/")
    _run(out, own, url)
    assert asked == [t.filename for t in TABLES if t is not BASICS]
    assert json.loads((out / MANIFEST).read_text())[BASICS.name]["rows"] == 3


def test_on_another_day_only_what_changed_is_fetched(folder: Path, out: Path, loopback: Callable[..., str]) -> None:
    asked: list[str] = []
    sent: list[str] = []
    url = loopback(_serve(folder, asked, sent))
    (folder / BASICS.filename).write_bytes(gzip.compress(_text(BASICS)))
    for day in (None, "2026-11-26", "2026-11-26"):
        _run(out, url=url, as_of=day)
    assert (len(asked), len(sent)) == (2 * len(TABLES), len(TABLES))
    (folder / CREW.filename).write_bytes(gzip.compress(_text(CREW, rows=9)))
    _run(out, url=url, as_of="2026-11-27")
    assert sent[len(TABLES) :] == [CREW.filename]
    assert json.loads((out / MANIFEST).read_text())[CREW.name]["rows"] == 9
    _run(out, url=f"{url}/mirror", as_of="2026-11-27")
    assert len(sent) == 2 * len(TABLES) + 1


def test_the_files_days_are_told(
    folder: Path, out: Path, loopback: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / BASICS.filename).write_bytes(gzip.compress(_text(BASICS)))
    _run(out, url=loopback(_serve(folder, [])))
    days = {name: about["date"] for name, about in json.loads((out / MANIFEST).read_text()).items()}
    assert days == {t.name: "2026-11-26" for t in TABLES} | {CREW.name: "2026-11-25"}
    said = capsys.readouterr().out
    assert "title.crew.tsv.gz: 3 rows, of 2026-11-25" in said
    assert "of different days, 2026-11-25 to 2026-11-26" in said


def test_a_bad_file_that_was_fetched_is_fetched_again(folder: Path, out: Path, loopback: Callable[..., str]) -> None:
    url = loopback(_serve(folder, []))
    good = gzip.compress(_text(BASICS))
    (folder / BASICS.filename).write_bytes(good[:-9])
    with pytest.raises(DataError, match=rf"{url}/title\.basics\.tsv\.gz is damaged"):
        _run(out, url=url)
    (folder / BASICS.filename).write_bytes(good)
    _run(out, url=url)
    assert (out / BASICS.filename).read_bytes() == good


def test_an_address_without_the_files_is_told(out: Path, tmp_path: Path, loopback: Callable[..., str]) -> None:
    with pytest.raises(FetchError, match=r"title\.basics\.tsv\.gz could not be fetched \(404"):
        _run(out, url=loopback(_serve(tmp_path, [])))


def test_a_kill_leaves_only_whole_files(folder: Path, out: Path, loopback: Callable[..., str]) -> None:
    (folder / BASICS.filename).write_bytes(gzip.compress(_text(BASICS)))
    reached, killed = threading.Event(), threading.Event()
    serve = _serve(folder, [])

    def halting(request: BaseHTTPRequestHandler) -> None:
        if CREW.filename not in request.path or reached.is_set():
            return serve(request)
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(b"half")
        request.wfile.flush()
        reached.set()
        return None if killed.wait(60) else request.log_error("never killed")

    url = loopback(halting)
    given, cache = str(out.parent / "none"), out.parent / "cache"
    code = (
        "from pathlib import Path; from moviechat.params import Download; from moviechat.stages.download import run;"
        f"run(Download(folder={given!r}, url={url!r}, as_of=None), out=Path({str(out)!r}), cache=Path({str(cache)!r}))"
    )
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as child:
        assert reached.wait(60)
        child.kill()
    killed.set()
    assert child.returncode == -signal.SIGKILL
    assert not (out / CREW.filename).exists()
    assert not (out / MANIFEST).exists()
    _run(out, url=url)
    assert (out / CREW.filename).read_bytes() == (folder / CREW.filename).read_bytes()
