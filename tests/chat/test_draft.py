"""A message understood by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from moviechat.chat.draft import Draft, Intent
from moviechat.chat.understand import INTENTS


def test_every_intent_is_scored() -> None:
    assert set(INTENTS) == set(get_args(Intent))


def test_a_draft_holds_what_a_message_asks(drafted: Callable[..., Draft]) -> None:
    draft = drafted("who directed Parasite and when did it come out?", "fact")
    assert (draft.intent, draft.fields, draft.asks, draft.language) == ("fact", ("directors", "year"), True, "en")
    assert [f.films for f in draft.mentions.films] == [("tt01",)]


def test_a_draft_points_back_without_knowing_at_what(drafted: Callable[..., Draft]) -> None:
    draft = drafted("who is in the second one?", "fact", focus=True)
    assert [(p.kind, p.number) for p in draft.points] == [("ordinal", 1)]


def test_a_draft_names_what_the_catalogue_does_not_know(drafted: Callable[..., Draft]) -> None:
    assert drafted("who directed “Wibble Town”?", "fact").name == "Wibble Town"
