"""A cache of embeddings, keyed by content: a killed or changed build resumes from it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from tqdm import tqdm

from moviechat.arrays import Array
from moviechat.errors import DataError
from moviechat.retrieval.encoder import TextEncoder

FILE = "embeddings.sqlite"
_CHUNK = 256  # texts between two commits; a kill loses no more
_ASKED = 500  # keys in one query


def embed(texts: Sequence[str], encoder: TextEncoder, cache: Path) -> Array:
    """float32 [texts, width]; embeds only texts without a vector in `cache`, with a progress bar.

    Raises DataError if the store in `cache` is damaged.
    """
    cache.mkdir(parents=True, exist_ok=True)
    keys = [_key(encoder.name, text) for text in texts]
    try:
        with closing(sqlite3.connect(cache / FILE, timeout=60)) as store:
            store.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
            _fill(store, dict(zip(keys, texts, strict=True)), encoder)
            found = dict(_read(store, keys))
    except sqlite3.DatabaseError as error:
        raise DataError(f"{cache / FILE} cannot be used ({error}): delete it to embed the texts again") from None
    vectors = [np.frombuffer(found[key], np.float32) for key in keys]
    return np.stack(vectors) if vectors else np.zeros((0, encoder.width), np.float32)


def _fill(store: sqlite3.Connection, texts: dict[bytes, str], encoder: TextEncoder) -> None:
    known = {key for key, _ in _read(store, list(texts))}
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
