"""Lists of films kept elsewhere: IMDb's and Letterboxd's exports, plain lists. Parsed in memory."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from moviechat.errors import DataError

LARGEST = 64 << 20  # maximum bytes of all files of an archive, unpacked
_ID = re.compile(r"\btt\d{5,10}\b")
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_DATE = re.compile(r"(?:18|19|20)\d\d-\d\d-\d\d")
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
_BULLET = re.compile(r"(?:[-*•·]|\d{1,4}[.)])\s+")
_IN_BRACKETS = re.compile(r"[(\[]((?:18|19|20)\d\d)[)\]]")
_YEAR_LAST = re.compile(r"[\t,;][^\S\t]*((?:18|19|20)\d\d)$")
_OF_TEN = re.compile(r"(\d{1,2})\s*/\s*10$")
_ADDED = " \t,;:–-"  # between a title and its rating
_LONGEST = 300  # maximum characters of a line with a film
_LIKES = ("likes/films.csv", "likes/movies.csv")
_LETTERBOXD = ("watched.csv", "ratings.csv", "diary.csv", "reviews.csv", "watchlist.csv", "likes/films.csv")
_NAMES = {  # column names of IMDb and Letterboxd, today's and those of 2017; letters only
    "id": ("const", "imdbid", "tconst"),
    "rating": ("yourrating", "yourated", "rating"),
    "title": ("title", "name"),
    "original": ("originaltitle",),
    "year": ("year",),
    "people": ("directors", "director"),
    "dated": ("watcheddate", "daterated", "date"),
    "uri": ("letterboxduri",),
    "position": ("position",),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list. `rating` is out of 10; `wished`: not seen yet; `line` counts from 1."""

    file: str
    line: int
    title: str
    year: int | None = None
    tconst: str | None = None
    original: str = ""
    people: tuple[str, ...] = ()
    rating: float | None = None
    dated: str = ""
    wished: bool = False
    liked: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows of a file or an archive, the files that were read, and those without a list of films."""

    entries: tuple[Entry, ...]
    files: tuple[str, ...]
    ignored: tuple[str, ...] = ()


def parse(name: str, content: bytes) -> Parsed:
    """The films in a file called `name`; raises DataError, with the name, if there are none."""
    base = PurePosixPath(name.replace("\\", "/")).name or "list"
    if content[:4] == b"PK\x03\x04":
        return _archive(base, content)
    entries = tuple(_entries(base, content))
    if not entries:
        raise DataError(
            f"{base} lists no film: give IMDb's ratings.csv or watch list, Letterboxd's export, or lines like "
            '"Memento (2000)"'
        )
    return Parsed(entries, (base,))


def _archive(base: str, content: bytes) -> Parsed:
    entries: list[Entry] = []
    read, ignored = list[str](), list[str]()
    for name, text in _members(base, content):
        if name in _LETTERBOXD or name in _LIKES:
            entries += _entries(name, text)
            read.append(name)
        else:
            ignored.append(name)
    if not read:
        raise DataError(f"{base} holds none of {', '.join(_LETTERBOXD)}: give the zip that Letterboxd exports")
    return Parsed(tuple(entries), tuple(read), tuple(ignored))


def _members(base: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    left = LARGEST
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                wanted = info.filename in _LETTERBOXD or info.filename in _LIKES
                if info.is_dir():
                    continue
                with archive.open(info) as member:
                    text = member.read(left + 1) if wanted else b""  # the size in a header may be false
                left -= len(text)
                if left < 0:
                    raise DataError(f"{base} unpacks to more than {LARGEST >> 20} MB: give its CSV files one by one")
                yield info.filename, text
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise DataError(f"{base} is no whole zip archive ({error}): export it again") from None


def _entries(name: str, content: bytes) -> Iterator[Entry]:
    text = _text(content)
    head = text[:20_000].strip("\ufeff\r\n \t").splitlines()[:3] or [""]
    delimiter = max(",;\t", key=head[0].count)
    if _columns(head[0].replace('"', "").split(delimiter)) or any(_tabular(line) for line in head):
        yield from _table(name, text, delimiter)
    else:
        yield from _plain(name, text)


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):  # Excel's "Unicode text"
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _tabular(line: str) -> bool:
    return bool(_ID.search(line)) and max(line.count(d) for d in ",;\t") >= 3


def _table(name: str, text: str, delimiter: str) -> Iterator[Entry]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns: dict[str, int] | None = None
    width = 0
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns, width = _columns(row), len(row)
                if columns or not any(_ID.fullmatch(cell.strip()) for cell in row):
                    continue  # a header, even with unknown words
            whole = bool(columns) and len(row) == width
            yield _entry(name, reader.line_num, row, columns if whole else _guessed(row, columns or {}))
    except csv.Error as error:
        raise DataError(f"{name}, line {reader.line_num}: no CSV ({error}): export it again") from None


def _columns(row: Sequence[str]) -> dict[str, int]:
    """The positions of known columns; {} if the row is not a header."""
    said = {_letters(cell): at for at, cell in reversed(list(enumerate(row)))}
    found = {k: said[n] for k, names in _NAMES.items() for n in reversed(names) if n in said}
    return found if "title" in found and ("year" in found or "id" in found) else {}


def _letters(cell: str) -> str:
    return "".join(c for c in cell.lower() if c.isalpha())


def _guessed(row: Sequence[str], columns: dict[str, int]) -> dict[str, int]:
    """The columns of a row without header, or longer or shorter than its header, guessed from its cells."""
    ids = [at for at, cell in enumerate(row) if _ID.fullmatch(cell.strip())]
    if not ids:  # a short row keeps the columns that it has
        return {k: at for k, at in columns.items() if at < len(row)}
    found = {"id": ids[0]}
    if ids[0] == 0:  # ratings: id, rating, date, title ...
        found |= {"rating": 1}
    elif "position" in columns or ids[0] == 1:  # lists: position, id ... rating, date at the end
        found |= {"position": 0}
        found |= {"rating": columns["rating"]} if columns.get("rating", len(row)) < len(row) else {}
    dates = [at for at, cell in enumerate(row) if _DATE.fullmatch(cell.strip())]
    years = [at for at, cell in enumerate(row) if _YEAR.fullmatch(cell.strip())]
    titles = [at for at in range(ids[0] + 1, len(row)) if _wordy(row[at])]
    found |= {"title": titles[0]} if titles else {}
    found |= {"year": years[-1]} if years else {}
    return found | ({"dated": dates[0]} if dates else {})


def _wordy(cell: str) -> bool:
    cell = cell.strip()
    return bool(cell) and not (_DATE.fullmatch(cell) or _NUMBER.fullmatch(cell) or "://" in cell)


def _entry(name: str, line: int, row: Sequence[str], columns: dict[str, int]) -> Entry:
    said = {k: row[at].strip() for k, at in columns.items() if at < len(row)}
    tconst, year = _ID.search(said.get("id", "")), _YEAR.search(said.get("year", ""))
    rating = _rating(said.get("rating", ""), 2 if "uri" in columns else 1)
    base = PurePosixPath(name).name.lower()
    on_letterboxd = "uri" in columns
    wish_list = "watchlist" in base if on_letterboxd else rating is None
    liked = name.lower() in _LIKES
    return Entry(
        file=name,
        line=line,
        title=said.get("title", ""),
        year=int(year.group()) if year else None,
        tconst=tconst.group() if tconst else None,
        original=said.get("original", ""),
        people=tuple(p.strip() for p in said.get("people", "").split(",") if p.strip()),
        rating=rating,
        dated=said.get("dated", ""),
        wished=wish_list and not liked,
        liked=liked,
    )


def _rating(cell: str, scale: int) -> float | None:
    """A person's rating out of 10, from one out of 10 / `scale`; None if there is none."""
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell.replace(",", ".")) * scale
    return value if 0 < value <= 10 else None


def _plain(name: str, text: str) -> Iterator[Entry]:
    for line, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        said = _BULLET.sub("", raw.strip()[:_LONGEST], count=1)
        if any(c.isalnum() for c in said):
            yield _said(name, line, said)


def _said(name: str, line: int, said: str) -> Entry:
    """ "Memento (2000)", "Memento, 2000", "Memento (2000) 9/10", "Memento" or "tt0209144"."""
    rated, tconst = _OF_TEN.search(said), _ID.search(said)
    said = (said[: rated.start()] if rated else said).rstrip(_ADDED)
    dated = list(_IN_BRACKETS.finditer(said))
    year = dated[-1] if dated else _YEAR_LAST.search(said)
    title = said[: year.start()] if year else said
    return Entry(
        file=name,
        line=line,
        title=title.rstrip(_ADDED).strip("\"'“”"),
        year=int(year.group(1)) if year else None,
        tconst=tconst.group() if tconst else None,
        rating=_rating(rated.group(1), 1) if rated else None,
    )
