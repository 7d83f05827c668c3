"""Sentences of an answer."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from moviechat.chat.said import Said
from moviechat.reply import Source


def test_a_sentence_is_the_tables_unless_the_model_worded_it() -> None:
    source = Source("tt01", "year", "2019")
    said = Said("It is from 2019.", (source,))
    assert not said.by_model and said != Said("It is from 2019.", (source,), by_model=True)
    assert {said, Said("It is from 2019.", (source,))} == {said}


def test_what_was_said_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Said("It is old.", ()).text = "It is new."  # type: ignore[misc]
