"""People that the linker leaves open."""

from __future__ import annotations

from collections.abc import Callable

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.persons import with_people


def _people(draft: Draft, known: Known) -> tuple[list[str], str]:
    found, absent = with_people(draft, known)
    return [n.name for n in found.want.named], absent


def test_whole_names_stay(drafted: Callable[..., Draft], known: Known) -> None:
    assert _people(drafted("something with Daniel Craig", "wish"), known) == (["Daniel Craig"], "")
    assert _people(drafted("a horror film", "wish"), known) == ([], "")


def test_a_cut_first_name_means_one_of_the_catalogue(drafted: Callable[..., Draft], known: Known) -> None:
    assert _people(drafted("anything with dan craig", "wish"), known) == (["Daniel Craig"], "")


def test_a_name_that_nobody_here_has(drafted: Callable[..., Draft], known: Known) -> None:
    assert _people(drafted("films starring Jordan Craig", "wish"), known) == ([], "Jordan Craig")
