from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from moviechat.chat import Chat
from moviechat.chat.state import State
from moviechat.chat.wish import Wish
from moviechat.limits import Limits
from moviechat.reply import Reply
from moviechat.serve.web.conversations import Conversations
from moviechat.serve.web.marks import heard
from moviechat.serve.web.messages import Conversation, Marks, Turn


def _talk(*turns: Turn, system: str = "", **marks: list[str]) -> Conversation:
    return Conversation(turns, system, Marks(**marks))


def _answer(talks: Conversations, talk: Conversation) -> State:
    """Answer the last turn as the server does, with "ok"; the state before it."""
    session = talks.session(talk)
    before = session.state
    for _ in session.stream(talk.last.said):
        pass
    talks.remember(talk, "ok", session.state)
    return before


def test_the_state_is_the_same_kept_or_recomputed(fake_chat: Callable[..., Any]) -> None:
    turns = [Turn(f"turn {n}", answered="ok") for n in range(4)]
    chat = fake_chat()
    kept = Conversations(chat)
    for n in range(4):
        _answer(kept, _talk(*turns[:n], Turn(f"turn {n}")))
    assert chat.overheard == 0
    ask = _talk(*turns, Turn("now"))
    assert kept.session(ask).state == Conversations(fake_chat()).session(ask).state
    assert kept.session(ask).state.talked == ("turn 0", "turn 1", "turn 2", "turn 3")


def test_only_so_many_states_are_kept(fake_chat: Callable[..., Any]) -> None:
    chat = fake_chat()
    talks = Conversations(chat, kept=3)
    for n in range(5):
        _answer(talks, _talk(Turn(f"{n}")))
    assert len(talks._states) == 3
    talks.session(_talk(Turn("4", answered="ok"), Turn("more")))
    assert chat.overheard == 0
    talks.session(_talk(Turn("0", answered="ok"), Turn("more")))
    assert chat.overheard == 1


def test_other_words_make_another_conversation(fake_chat: Callable[..., Any]) -> None:
    chat = fake_chat()
    talks = Conversations(chat)
    _answer(talks, _talk(Turn("one")))
    one, more = Turn("one", answered=" ok\n"), Turn("more")
    assert talks.session(_talk(one, more)).state.talked == ("one",)  # white space is no difference
    assert chat.overheard == 0
    assert talks.session(_talk(one, more, system="The person has watched 1917.")).state.seen == ("tt02",)
    assert chat.overheard == 1


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("", ""),
        ("The user speaks German.", "de"),
        ("Answer in Spanish, please. Be short.", "es"),
        ("Do not answer in French.", ""),
        ("You are a film buff.", ""),
    ],
)
def test_a_system_message_tells_the_language(fake_chat: Callable[..., Any], system: str, code: str) -> None:
    talks = Conversations(fake_chat())
    assert talks.session(_talk(Turn("nach 2020"), system=system)).state.language == code


def test_marks_hold_for_the_turn_that_they_come_with(fake_chat: Callable[..., Any]) -> None:
    chat = fake_chat()
    talks = Conversations(chat)
    _answer(talks, _talk(Turn("one"), seen=["tt01"]))
    one, more = Turn("one", answered="ok"), Turn("more")
    later = talks.session(_talk(one, more, seen=["tt01", "tt02"], hated=["tt03"])).state
    assert (set(later.seen), later.talked) == ({"tt01", "tt02", "tt03"}, ("one",))
    assert talks.session(_talk(one, more)).state.seen == ()  # all taken back
    assert chat.overheard == 0


def test_a_click_on_a_film_goes_on_from_it(fake_chat: Callable[..., Any]) -> None:
    talks = Conversations(fake_chat())
    talk = _talk(Turn("one", answered="ok"), Turn("More films like 1917", like="tt02"))
    assert talks.known(talk) == talk and talks.session(talk).state.focus == ("tt02",)
    nowhere = _talk(Turn("More films like Cats", like="tt99"))
    assert talks.known(nowhere).last == Turn("More films like Cats")


def test_limits_are_lifted_in_the_turn_that_says_so(fake_chat: Callable[..., Any]) -> None:
    talks = Conversations(fake_chat())
    wish = Wish(limits=Limits(runtime_max=100, genres_not=("Horror",)))
    talks.remember(_talk(Turn("a wish")), "ok", replace(State(), wish=wish))
    lifted = Turn("any length", lift=("runtime_max",))
    state = talks.session(_talk(Turn("a wish", answered="ok"), lifted)).state
    assert state.wish and state.wish.limits.to_json() == {"genres_not": ["Horror"]}
    later = _talk(Turn("a wish", answered="ok"), replace(lifted, answered="ok"), Turn("others"))
    state = talks.session(later).state
    assert state.wish and state.wish.limits.to_json() == {"genres_not": ["Horror"]}


def test_the_chat_does_what_is_clicked(bundle_folder: Path) -> None:
    talks = Conversations(Chat.load(bundle_folder))

    def ask(*turns: Turn) -> Reply:
        talk = _talk(*turns)
        session = talks.session(talk)
        for _ in session.stream(heard(talk.last)):
            pass
        assert session.last
        talks.remember(talk, session.last.answer, session.state)
        return session.last

    wish = "a horror film under 100 minutes, not from Spain"
    first = ask(Turn(wish))
    assert first.understood.limits["countries_not"] == ["Spain"]
    asked = Turn(wish, answered=first.answer)
    lifted = ask(asked, Turn("Spain is fine after all.", lift=("countries_not=Spain",)))
    assert dict(lifted.understood.limits) == {n: v for n, v in first.understood.limits.items() if n != "countries_not"}
    like = ask(asked, Turn("More films like Parasite (2019)", like="tt01"))
    assert (like.understood.intent, like.understood.like) == ("Recommend", ("tt01",))
