"""A store of paid replies, keyed by request: they survive kills, and no request is paid twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from moviechat.errors import DataError
from moviechat.teacher.reply import Reply

_TABLES = """
CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batches (name TEXT PRIMARY KEY, server TEXT, file TEXT NOT NULL, keys TEXT NOT NULL,
                                    done INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS tries (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, money REAL NOT NULL);
CREATE INDEX IF NOT EXISTS tries_by_key ON tries (key);
"""
_AT_ONCE = 500  # SQLite accepts at most 999 values in an IN (...)
_PRIMARY = 0xFF  # mask of SQLite's primary result code
_WAIT = 60.0  # seconds to wait for another process that writes


class Store:
    """One SQLite file in `folder`; an entry is flushed to disk before the call returns."""

    def __init__(self, folder: Path, wait: float = _WAIT) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "replies.sqlite"
        self._wait = wait
        self._out: dict[str, int] = {}  # this process's tries, by request
        try:
            self._db = sqlite3.connect(self.path, timeout=wait, isolation_level=None)
            self._db.text_factory = lambda text: text.decode("utf-8", "replace")  # one damaged letter stops nothing
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_TABLES)
        except sqlite3.DatabaseError as error:
            raise self._fault(error) from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def find(self, keys: Iterable[str]) -> dict[str, Reply]:
        """The stored replies to these requests."""
        wanted, found = list(dict.fromkeys(keys)), dict[str, Reply]()
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._rows(f"SELECT key, reply FROM replies WHERE key IN ({marks})", some)
            found |= {key: reply for key, text in rows if (reply := _reply(text)) is not None}
            self._forget([key for key, _ in rows if key not in found])
        return found

    def _forget(self, damaged: Sequence[str]) -> None:
        if damaged:
            print(f"{len(damaged):,} kept replies in {self.path} cannot be read and are asked for again")
            with self._writing():
                self._db.executemany("DELETE FROM replies WHERE key = ?", [(key,) for key in damaged])

    def keep(self, key: str, reply: Reply) -> None:
        """Store a reply, or raise DataError; the first reply to a request stays, because outputs may depend on it."""
        with self._writing():
            self._db.execute("INSERT OR IGNORE INTO replies VALUES (?, ?)", (key, reply.to_json()))
            self._db.execute("DELETE FROM tries WHERE id = ?", (self._out.pop(key, None),))

    def trying(self, key: str, money: float) -> None:
        """Record a request's maximum cost before it is sent: if the process is killed, the money counts as spent."""
        with self._writing():
            row = self._db.execute("INSERT INTO tries (key, money) VALUES (?, ?)", (key, money))
        self._out[key] = int(row.lastrowid or 0)

    def tried(self, key: str, money: float) -> None:
        """The request came back and cost `money`, which counts until its reply is stored and says it."""
        with self._writing():
            if money:
                self._db.execute("UPDATE tries SET money = ? WHERE id = ?", (money, self._out[key]))
            else:
                self._db.execute("DELETE FROM tries WHERE id = ?", (self._out.pop(key),))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction; DataError if it fails."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise self._fault(error) from None

    def _rows(self, query: str, values: Sequence[str] = ()) -> list[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._fault(error) from None

    def _fault(self, error: sqlite3.Error) -> DataError:
        """What to do about the file: what is in it was paid for, so nobody is told to throw it away."""
        place, code = f"{self.path} ({error})", getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return DataError(
                f"{place} is held by another process, {self._wait:g} s and longer: wait for the other run of "
                f"generate_qa, or close what has the file open (`fuser {self.path}` names it), then run again; the "
                "replies in it are safe"
            )
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return DataError(
                f"{place} is damaged, and the replies in it were paid for: bring it back from a copy, or save what can "
                f"be read (`sqlite3 {self.path} .recover`) before you move it aside, then run again"
            )
        return DataError(
            f"{place} takes no more: make room or mend its rights, then run again; the replies in it are safe"
        )

    def lost(self, keys: Iterable[str]) -> float:
        """The money for tries at these requests without a reply, in this run and in killed ones."""
        rows = self._rows("SELECT key, sum(money) FROM tries GROUP BY key")
        wanted = frozenset(keys)
        return sum((float(money) for key, money in rows if key in wanted), 0.0)

    def submitting(self, name: str, keys: Iterable[str], file: str) -> None:
        """Record a batch before the server is asked to run it; `name` is ours, `file` the server's for its lines."""
        self._db.execute(
            "INSERT INTO batches (name, file, keys) VALUES (?, ?, ?)", (name, file, json.dumps(list(keys)))
        )

    def submitted(self, name: str, server: str) -> None:
        """The server accepted the batch under its own name."""
        self._db.execute("UPDATE batches SET server = ? WHERE name = ?", (server, name))

    def fetched(self, name: str) -> None:
        """All results of the batch are stored."""
        self._db.execute("UPDATE batches SET done = 1 WHERE name = ?", (name,))

    def open_batches(self) -> Iterator[tuple[str, str | None, str, list[str]]]:
        """Batches that were not fetched yet: our name, the server's (None if unknown), its file, and the keys."""
        rows = self._rows("SELECT name, server, file, keys FROM batches WHERE done = 0 ORDER BY rowid")
        return ((name, server, file, json.loads(keys)) for name, server, file, keys in rows)


def _reply(text: str) -> Reply | None:
    """A kept reply; None if its bytes were damaged. What another version of this program adds to one is no damage."""
    try:
        kept = json.loads(text)
        return Reply(**{field.name: kept[field.name] for field in fields(Reply) if field.name in kept})
    except (ValueError, TypeError, RecursionError):
        return None
