"""A cache of embeddings, keyed by content: a killed or changed build resumes from it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from tqdm import tqdm

from moviechat.arrays import Array
from moviechat.errors import DataError
from moviechat.retrieval.encoder import TextEncoder

FILE = "embeddings.sqlite"
_CHUNK = 256  # texts between two commits; a kill loses no more
_WAIT = 60.0  # seconds to wait for another process that writes
_NEAR = 0.01  # tolerance of a vector's squared length
_ASKED = 500  # keys in one query


def embed(texts: Sequence[str], encoder: TextEncoder, cache: Path, wait: float = _WAIT) -> Array:
    """float32 [texts, width]; embeds only texts without a vector in `cache`, with a progress bar.

    A store or a vector in it that was damaged is made anew, and said. Raises DataError if the store cannot be used, or
    another process holds it for `wait` seconds.
    """
    cache.mkdir(parents=True, exist_ok=True)
    keys = [_key(encoder.name, text) for text in texts]
    named = dict(zip(keys, texts, strict=True))
    try:
        found = _kept(named, encoder, cache / FILE, wait)
    except sqlite3.Error as error:
        if _primary(error) not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise DataError(_told(cache / FILE, error, wait)) from None
        print(f"{cache / FILE} was damaged ({error}): its vectors are made anew")
        for part in cache.glob(f"{FILE}*"):
            part.unlink()
        found = _kept(named, encoder, cache / FILE, wait)
    vectors = [found[key] for key in keys]
    return np.stack(vectors) if vectors else np.zeros((0, encoder.width), np.float32)


def _kept(texts: dict[bytes, str], encoder: TextEncoder, path: Path, wait: float) -> dict[bytes, Array]:
    """The vector of each key, from the store once those that it lacks are in it."""
    with closing(sqlite3.connect(path, timeout=wait)) as store:
        store.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
        _fill(store, texts, encoder)
        return _sound(_read(store, list(texts)))


def _sound(rows: Iterable[tuple[bytes, bytes]]) -> dict[bytes, Array]:
    """The vectors that are whole: of the width that most have, and of length 1."""
    found = {k: np.frombuffer(v, np.float32) for k, v in rows if isinstance(v, bytes) and v and not len(v) % 4}
    width = Counter(map(len, found.values())).most_common(1)
    return {k: v for k, v in found.items() if len(v) == width[0][0] and abs(float(v @ v) - 1) < _NEAR}


def _primary(error: sqlite3.Error) -> int:
    """What is wrong, without SQLite's details of how."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _told(path: Path, error: sqlite3.Error, wait: float) -> str:
    if _primary(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return (
            f"{path} is held by another process, {wait:g} s and longer: wait for the other build, or close what has "
            f"the file open (`fuser {path}` names it), then run again"
        )
    return f"{path} cannot be used ({error}): make room or mend its rights, then run again"


def _fill(store: sqlite3.Connection, texts: dict[bytes, str], encoder: TextEncoder) -> None:
    stored = dict(_read(store, list(texts)))
    known = _sound(stored.items())
    if damaged := len(stored) - len(known):
        print(f"{damaged:,} damaged vectors in the cache are computed again")
    # Texts of similar length in one batch, to save padding. The chunks are those of a build from scratch,
    # so that a resumed build gives the same bytes.
    order = sorted(texts, key=lambda k: (-len(texts[k]), k))
    with tqdm(total=len(texts), initial=len(known), desc="embeddings", unit="text", mininterval=1) as bar:
        for start in range(0, len(order), _CHUNK):
            if missing := [k for k in order[start : start + _CHUNK] if k not in known]:
                vectors = encoder.encode([texts[k] for k in missing])
                rows = [(k, v.astype(np.float32).tobytes()) for k, v in zip(missing, vectors, strict=True)]
                with store:
                    store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                bar.update(len(missing))


def _read(store: sqlite3.Connection, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for start in range(0, len(keys), _ASKED):
        asked = keys[start : start + _ASKED]
        marks = ",".join("?" * len(asked))
        yield from store.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", asked)


def _key(encoder: str, text: str) -> bytes:
    return hashlib.sha256(f"{encoder}\0{text}".encode(errors="surrogatepass")).digest()
