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
    with pytest.raises(DataError, match=r"cannot be opened .* move it away"):
        Store(tmp_path)


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
