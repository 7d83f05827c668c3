"""A question taken apart: the films and people it names, the facts it asks, and the words that are left."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Protocol, cast

from moviechat.chat.vocabulary import FACT, FILM, FRAME, GENRES, NOT_A_FACT, ORDINAL, PERSON, YES_NO, Fact
from moviechat.words import TOKEN, fold, number

MAX_CHARACTERS = 2000  # no question on films needs more, and every step after this one is paid by length


class Link(Protocol):
    """A title in a text."""

    tconst: str
    title: str
    span: tuple[int, int]
    others: tuple[str, ...]


class PersonLink(Protocol):
    """A name of a person in a text."""

    name: str
    span: tuple[int, int]


class Linker(Protocol):
    """Finds the films and people that a text names."""

    def link(self, text: str) -> list[Link]:
        """The titles in `text`."""

    def link_people(self, text: str) -> list[PersonLink]:
        """The names of people in `text`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a question; in `masked`, § and ¶ stand where titles and names of people were."""

    text: str
    masked: str
    links: tuple[Link, ...]
    people: tuple[str, ...]
    facts: tuple[Fact, ...]
    rest: tuple[re.Match[str], ...]
    numbers: tuple[str, ...]

    @property
    def yes_no(self) -> bool:
        """Whether the question is one to answer with yes or no."""
        return YES_NO.match(self.masked) is not None

    @property
    def words(self) -> tuple[str, ...]:
        """The words that neither ask for a fact nor point at a film, as written."""
        return tuple(m.group() for m in self.rest)

    @property
    def genres(self) -> tuple[str, ...]:
        """The genres among the left words, folded."""
        return tuple(w for w in map(fold, self.words) if w in GENRES)


def read(text: str, linker: Linker) -> Reading:
    """Take `text` (any text at all) apart."""
    text = clean(text)
    people = linker.link_people(text)
    links = tuple(linker.link(text))
    films = [link.span for link in links]
    people = [p for p in people if not any(_overlap(p.span, span) for span in films)]
    masked = _mask(text, [(s, FILM) for s in films] + [(p.span, PERSON) for p in people])
    facts, tokens = _facts(masked)
    return Reading(
        text=text,
        masked=masked,
        links=links,
        people=tuple(dict.fromkeys(p.name for p in people)),
        facts=facts,
        rest=tuple(m for m in tokens if number(m.group()) is None),
        numbers=tuple(n for m in tokens if (n := number(m.group())) is not None),
    )


def clean(text: str) -> str:
    """`text` without control characters and broken halves of characters, white space folded, cut to a length."""
    kept = (c if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn") else " " for c in text[: 4 * MAX_CHARACTERS])
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))[:MAX_CHARACTERS]


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _mask(text: str, spans: list[tuple[tuple[int, int], str]]) -> str:
    parts, at = [], 0
    for (start, end), sign in sorted(spans):
        if start >= at:
            parts += [text[at:start], sign]
            at = end
    return "".join([*parts, text[at:]])


def _facts(masked: str) -> tuple[tuple[Fact, ...], list[re.Match[str]]]:
    """The facts asked for, in order, and the words that neither ask nor point."""
    found = [] if NOT_A_FACT.search(masked) else list(FACT.finditer(masked))
    facts = tuple(dict.fromkeys(cast(Fact, m.lastgroup) for m in found))
    if "year" in facts and re.search(r"\bwhen\b", masked, re.I):
        facts = ("year",)  # "when was it shot" asks for no cinematographer
    busy = [m.span() for m in (*found, *ORDINAL.finditer(masked))]
    left = [m for m in TOKEN.finditer(masked) if not any(_overlap(m.span(), span) for span in busy)]
    return facts, [m for m in left if not _is_frame(m.group())]


def _is_frame(word: str) -> bool:
    return all(part in FRAME for part in re.split(r"['’]", fold(word)))
