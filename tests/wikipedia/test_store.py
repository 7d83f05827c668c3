from pathlib import Path

import pytest

from moviechat.wikipedia.store import Store


def test_an_answer_is_found_by_its_question_also_later(tmp_path: Path) -> None:
    Store(tmp_path)["enwiki Old Bus"] = {"revision": "7", "wikitext": "Ü"}
    store = Store(tmp_path)
    assert "enwiki Old Bus" in store
    assert store["enwiki Old Bus"] == {"revision": "7", "wikitext": "Ü"}


def test_no_article_is_an_answer_too(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert "tt1" not in store
    with pytest.raises(KeyError):
        store["tt1"]
    store["tt1"] = None
    assert "tt1" in store
    assert store["tt1"] is None


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"question": "tt2", "answer": null}'])
def test_a_damaged_answer_is_none(tmp_path: Path, damage: str) -> None:
    store = Store(tmp_path)
    store["tt1"] = {"title": "It"}
    next(tmp_path.rglob("*.json")).write_text(damage)
    assert "tt1" not in store
    store["tt1"] = {"title": "It"}
    assert store["tt1"] == {"title": "It"}
