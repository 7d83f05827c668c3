import sqlite3
from pathlib import Path

import pytest

from moviechat.errors import DataError
from moviechat.teacher.reply import Reply
from moviechat.teacher.store import Store


def test_what_was_kept_is_found_by_another(tmp_path: Path) -> None:
    one, other = Store(tmp_path / "new"), Store(tmp_path / "new")
    replies = {f"k{n}": Reply(f"reply “{n}”", "stop", None, None, n, 2 * n, "m", True) for n in range(1200)}
    for key, reply in replies.items():
        one.keep(key, reply)
    assert other.find([*replies, "unknown", "k1"]) == replies


def test_the_first_reply_stays(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep("k", Reply("first"))
    store.keep("k", Reply("second"))
    assert store.find(["k"]) == {"k": Reply("first")}


def test_a_damaged_file_says_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "replies.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(DataError, match=r"damaged, and the replies in it were paid for: .*\.recover"):
        Store(tmp_path)


def test_a_file_that_another_process_holds_is_waited_for_and_never_thrown_away(tmp_path: Path) -> None:
    store = Store(tmp_path, wait=0.05)
    store.keep("k", Reply("paid"))
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DataError, match=r"held by another process, 0.05 s and longer: wait .*fuser.* are safe"):
        store.keep("l", Reply("paid too"))
    holder.execute("COMMIT")
    store.keep("l", Reply("paid too"))
    assert set(store.find(["k", "l"])) == {"k", "l"}


@pytest.mark.parametrize("bytes_", ["half a re", "[1]", '{"what": 1}', "[" * 100_000])
def test_a_damaged_reply_is_left_out_told_and_made_anew(
    tmp_path: Path, bytes_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(tmp_path)
    for key in ("k", "l"):
        store.keep(key, Reply("paid"))
    with sqlite3.connect(store.path) as other:
        other.execute("UPDATE replies SET reply = ? WHERE key = 'k'", (bytes_,))
    assert store.find(["k", "l"]) == {"l": Reply("paid")}
    assert "1 kept replies" in capsys.readouterr().out
    store.keep("k", Reply("anew"))
    assert store.find(["k"]) == {"k": Reply("anew")}


def test_what_another_version_wrote_is_no_damage(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with sqlite3.connect(store.path) as other:
        other.execute("INSERT INTO replies VALUES ('k', ?)", ('{"text": "paid", "tone": "warm"}',))
        other.execute("INSERT INTO replies VALUES ('l', CAST(? AS TEXT))", (b'{"text": "p\xffid"}',))
    assert store.find(["k", "l"]) == {"k": Reply("paid"), "l": Reply("p\ufffdid")}


def test_a_batch_is_remembered_until_it_is_fetched(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.submitting("ours", ["a", "b"], "file-1")
    assert list(Store(tmp_path).open_batches()) == [("ours", None, "file-1", ["a", "b"])]
    store.submitted("ours", "theirs")
    assert list(Store(tmp_path).open_batches()) == [("ours", "theirs", "file-1", ["a", "b"])]
    store.fetched("ours")
    assert list(store.open_batches()) == []


def test_money_for_tries_counts_until_their_reply_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for key in ("kept", "free", "broken", "out"):
        store.trying(key, 2.0)
    store.tried("kept", 0.5)
    store.keep("kept", Reply("{}"))
    store.tried("free", 0.0)
    store.tried("broken", 1.5)
    store.trying("broken", 2.0)
    store.keep("broken", Reply("{}"))  # its second try: the first was paid all the same
    store.close()
    after = Store(tmp_path)
    assert [after.lost([key]) for key in ("kept", "free", "broken", "out", "other")] == [0, 0, 1.5, 2.0, 0]
    assert after.lost(["broken", "out"]) == 3.5
