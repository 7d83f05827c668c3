from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from moviechat.chat.state import State
from moviechat.chat.wish import Like, Wish
from moviechat.errors import DataError
from moviechat.limits import Limits
from moviechat.reply import MovieRef, Reply, Source
from moviechat.schema import Movie
from moviechat.serve.commands import HELP, NAMES, Talk

MOVIES = {
    m.tconst: m
    for m in (
        Movie("tt01", "Parasite", "Gisaengchung", 2019, 132, ("Drama",), 8.5, 1_000_000),
        Movie("tt02", "1917", "1917", 2019, 119, ("War",), 8.2, 700_000),
    )
}


class FakeSession:
    """Wishes for what is short and no horror, whatever is said."""

    def __init__(self, state: State) -> None:
        self.state, self.last = state, None

    def stream(self, text: str) -> Iterator[str]:
        yield "Parasite."
        limits = Limits(runtime_max=100, genres_not=("Horror",))
        self.state = replace(self.state, wish=Wish(limits=limits), talked=(*self.state.talked, "tt01"))
        source = Source("tt01", "description", "Poor Kims.", "https://films.test", "CC0")
        films = (MovieRef("tt01", "Parasite", 2019),)
        self.last: Reply | None = Reply("Parasite.", "plot", True, films, (source,), "lm", 0.0)


@dataclass
class FakeChat:
    """Its sessions are kept."""

    shelf: Any = field(default_factory=lambda: SimpleNamespace(movies=MOVIES))

    def session(self, state: State) -> FakeSession:
        return FakeSession(state)


@pytest.fixture
def talk() -> Talk:
    return Talk(FakeChat())  # type: ignore[arg-type]


def _ask(talk: Talk, text: str = "hello") -> None:
    assert "".join(talk.stream(text)) == "Parasite."


def test_help(talk: Talk) -> None:
    assert talk.command("/help") == HELP
    assert talk.command("/nonsense x").startswith("There is no command /nonsense.")


def test_films_that_are_known(talk: Talk, tmp_path: Path) -> None:
    assert talk.command("/seen") == "0 films are known to you."
    assert talk.command("/seen 1917 (2019)") == "1917 (2019) is known to you."
    listed = tmp_path / "ratings.csv"
    listed.write_text("Date,Name,Year,Letterboxd URI,Rating\n2021-01-01,Parasite,2019,u,5\n2021-01-01,Cats,2019,u,1\n")
    said = talk.command(f"/seen {listed}").splitlines()
    assert said[0] == "Read 2 rows: 1 matched 1 films (1 seen, 1 loved, 0 disliked), 1 did not match."
    assert said[1] == "  line 3: Cats: no film of that title in the catalogue"
    assert talk.session.state.seen == ("tt02", "tt01") and talk.session.state.likes == (Like("tt01", 1.0),)
    talk.command("/new")
    assert set(talk.session.state.seen) == {"tt01", "tt02"}
    with pytest.raises(DataError, match="Purple Llamas: no film of that title in the catalogue, and no such file"):
        talk.command("/seen Purple Llamas")


def test_limits_are_told_and_lifted(talk: Talk) -> None:
    assert talk.command("/limits") == "No limits."
    _ask(talk)
    assert talk.command("/limits").splitlines() == ['genres_not: ["Horror"]', "runtime_max: 100"]
    assert talk.command("/limits drop runtime_max") == "runtime_max is lifted: ask for others."
    assert talk.command("/limits drop genres_not=War") == "genres_not=War is lifted: ask for others."
    assert "Horror" in talk.command("/limits")
    assert talk.command("/limits") == 'genres_not: ["Horror"]'
    with pytest.raises(DataError, match='"/limits drop year_min" lifts nothing'):
        talk.command("/limits drop year_min")


def test_sources_in_full(talk: Talk) -> None:
    assert talk.command("/sources") == "Nothing was answered yet."
    _ask(talk)
    assert talk.command("/sources") == "Parasite (2019), description: Poor Kims. [CC0] [https://films.test]"


def test_a_conversation_is_kept_and_goes_on(talk: Talk, tmp_path: Path) -> None:
    _ask(talk, "what is it about?")
    path = tmp_path / "evening.json"
    assert talk.command(f"/save {path}") == f"Kept in {path}."
    other = Talk(FakeChat())  # type: ignore[arg-type]
    assert other.command(f"/open {path}") == f"1 turns of {path}: go on."
    assert other.session.state == talk.session.state
    assert other.turns == [("what is it about?", "Parasite.")]
    path.write_text('{"state": {"nonsense": 1}, "turns": []}')
    for wrong in (f"/open {path}", "/open /nowhere", "/open", "/save"):
        with pytest.raises(DataError):
            other.command(wrong)


def test_a_conversation_is_kept_where_a_link_leads(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "evening.json")
    talk.command(f"/save {tmp_path / 'link'}")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "evening.json").is_file()


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[]", '{"state": [], "turns": []}', '{"state": {}, "turns": [3]}', "\x80"]
)
def test_a_file_that_is_no_conversation(talk: Talk, tmp_path: Path, text: str) -> None:
    (tmp_path / "kept").write_text(text, encoding="latin-1")
    with pytest.raises(DataError):
        talk.command(f"/open {tmp_path / 'kept'}")


def test_every_command_is_completed_and_told() -> None:
    assert all(name in HELP for name in NAMES if name != "/help")
    talk = Talk(FakeChat())  # type: ignore[arg-type]
    for name in set(NAMES) - {"/quit", "/save", "/open"}:
        assert "There is no command" not in talk.command(name)
