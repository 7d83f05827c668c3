"""People that the linker leaves open."""

from __future__ import annotations

from collections.abc import Callable

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.persons import with_people
from moviechat.chat.state import State

NOTHING = State()


def _people(draft: Draft, known: Known, state: State = NOTHING) -> tuple[list[str], str]:
    found, absent = with_people(draft, state, known)
    return [n.name for n in found.want.named], absent


def test_whole_names_stay(drafted: Callable[..., Draft], known: Known) -> None:
    assert _people(drafted("something with Daniel Craig", "wish"), known) == (["Daniel Craig"], "")
    assert _people(drafted("a horror film", "wish"), known) == ([], "")


def test_a_cut_first_name_means_one_of_the_catalogue(drafted: Callable[..., Draft], known: Known) -> None:
    assert _people(drafted("anything with dan craig", "wish"), known) == (["Daniel Craig"], "")


def test_a_name_that_nobody_here_has(drafted: Callable[..., Draft], known: Known) -> None:
    assert _people(drafted("films starring Jordan Craig", "wish"), known) == ([], "Jordan Craig")


def test_a_part_of_a_name_means_somebody_of_the_films_under_talk(drafted: Callable[..., Draft], known: Known) -> None:
    talked = State(focus=("tt03",), talked=("tt01", "tt03"))
    assert _people(drafted("what else has bong joon done", "credits"), known, talked) == (["Bong Joon Ho"], "")
    assert _people(drafted("anything about trains", "wish"), known, talked) == ([], "")
