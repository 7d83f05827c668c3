"""Fetch and verify IMDb's files, and keep them unchanged."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from pathlib import Path

from moviechat import params, paths
from moviechat.errors import DataError
from moviechat.fetch import fetch, forget, version
from moviechat.files import replacing, sha256, write_text
from moviechat.imdb.tables import MANIFEST, TABLES, Table, columns, verify
from moviechat.launch import launch

CHUNK = 1 << 20


def run(p: params.Download, *, out: Path = paths.DOWNLOAD, cache: Path = paths.CACHE / "download") -> None:
    """Bring every table into `out`, with `tables.json`: rows, bytes, sha256, date and origin of each."""
    available = [table for table in TABLES if _available(table, p)]
    kept = {table.name: _bring(table, p, out, cache) for table in available}
    dates = sorted({str(about["date"]) for about in kept.values() if about["date"]})
    if len(dates) > 1:
        print(f"the files are of different days, {dates[0]} to {dates[-1]}: a new download.as_of asks for all again")
    write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", out / MANIFEST)


def _available(table: Table, p: params.Download) -> bool:
    if _in_folder(table, Path(p.folder)) or p.url:
        return True
    if table.optional:
        print(f"{table.filename}: not in {p.folder}, going on without it")
        return False
    raise DataError(
        f"{table.filename} is not in {p.folder}: put it there, or set download.url to download it "
        "(https://datasets.imdbws.com)"
    )


def _in_folder(table: Table, folder: Path) -> Path | None:
    names = (table.filename, table.filename.removesuffix(".gz"))
    return next((folder / n for n in names if (folder / n).is_file()), None)


def _bring(table: Table, p: params.Download, out: Path, cache: Path) -> dict[str, int | str | None]:
    given, final = _in_folder(table, Path(p.folder)), out / table.filename
    source = given or _fetched(table, p, cache)
    origin = str(given or f"{p.url}/{table.filename}")
    with replacing(final) as partial:
        _copy(source, partial)
        try:
            rows, odd = _checked(partial, table, given)
        except DataError as error:
            if not given:
                forget(source)
            raise DataError(str(error).replace(str(partial), origin)) from None
    date = None if given else version(source).date
    told = ("kept" if rows is None else f"{rows:,} rows") + (f", {odd:,} of them odd and left out" if odd else "")
    print(f"{table.filename}: {told}" + (f", of {date}" if date else ""))
    size, digest = final.stat().st_size, sha256(final)
    return {"rows": rows, "odd": odd, "bytes": size, "sha256": digest, "date": date, "origin": origin}


def _checked(path: Path, table: Table, given: Path | None) -> tuple[int | None, int]:
    """The rows of a file, and how many are odd; raises DataError if it is damaged.

    A packed file that a person gave is looked at only at its beginning: it carries a checksum, `filter` checks it as
    it reads it, and unpacking everything twice would cost as much as all that `filter` does.
    """
    if given and given.suffix == ".gz":
        columns(path, table)
        return None, 0
    rows, odd = verify(path, table)
    if given:
        _refuse_open_end(given, rows)
    return rows, odd


def _refuse_open_end(source: Path, rows: int) -> None:
    """A packed file has a checksum; a plain one that was cut in its last cell shows it only by the missing line end."""
    with source.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            raise DataError(
                f"{source} ends in the middle of row {rows:,}, without a line end: bring it again, whole "
                "(if it is whole, put a line end there)"
            )


def _copy(source: Path, target: Path) -> None:
    if source.suffix == ".gz":
        shutil.copyfile(source, target)
        return
    # mtime=0: the same rows give the same bytes on any day. Level 1: IMDb's tables unpacked have 9 GB, and at level 9
    # packing them takes ten times as long as all that is done with them.
    with source.open("rb") as plain, target.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, 0) as packed:
        shutil.copyfileobj(plain, packed, CHUNK)


def _fetched(table: Table, p: params.Download, cache: Path) -> Path:
    # Kept beside the outputs by address, so that a stage that died does not fetch 1.5 GB twice. Asked once for a day
    # of download.as_of; on another day the server is asked whether the file has changed.
    url = (p.url or "").rstrip("/")
    target = cache / hashlib.sha256(url.encode()).hexdigest()[:16] / table.filename
    asked = target.with_name(target.name + ".as_of")
    if not (target.exists() and asked.exists() and asked.read_text(encoding="utf-8") == str(p.as_of)):
        fetch(f"{url}/{table.filename}", target)
        write_text(str(p.as_of), asked)
    return target


if __name__ == "__main__":
    launch("download", run)
