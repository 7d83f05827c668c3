"""Credits: what a text claims with "directed by", "starring" or "plays", compared with the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from moviechat.schema import Movie
from moviechat.words import fold, sentences, stem, tokens

_CLAIMS = {
    "directors": "direct directed director directors directs co-directed helmed",
    "writers": "write writes wrote written writer writers screenplay screenwriter penned scripted",
    "cast": "star stars starred starring star's lead leads actor actors actress cast featuring acts acted",
    "composers": "compose composed composer composers score scored music soundtrack",
    "producers": "produce produced producer producers",
    "cinematographers": "cinematographer cinematographers cinematography shot photographed",
    "editors": "edit edited editor editors",
}
ROLE_OF = {word: role for role, words in _CLAIMS.items() for word in words.split()}
_PLAYS = re.compile(r"\b(?:plays?|played|playing|portray(?:s|ed)?|role of|part of)\b", re.IGNORECASE)
_BETWEEN = frozenset("by is are was were of from the a an its it in film movie this also both were who".split())
_AND = frozenset(("and", "with", "jr", "sr"))
_FORWARD = frozenset(("starring", "featuring"))
_WHO = re.compile(r"\A\W*(?:who|whose|which|name)\b", re.IGNORECASE)
_REACH = 4  # maximum words between a claim and the first name it is about


@dataclass(frozen=True, slots=True)
class Credits:
    """The people of the table: the stems of their names by role, and who played whom."""

    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    played: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()

    @classmethod
    def of(cls, movie: Movie) -> Credits:
        """The credits of a film."""
        parts = zip(movie.cast, movie.characters, strict=False)
        return cls(
            {role: _stems(getattr(movie, role)) for role in _CLAIMS},
            tuple((_stems([actor]), _stems([character])) for actor, character in parts if character),
        )


def wrong(question: str, answer: str, told: Credits, passages: Sequence[str]) -> tuple[str, ...]:
    """Names that the answer gives a role that others had; sentences of the passages can justify them."""
    everyone = frozenset().union(*told.roles.values()) if told.roles else frozenset()
    found = [
        name
        for role, name in _claims(question, answer, everyone)
        if stem(name) not in told.roles[role] and not _said(role, name, passages)
    ]
    return tuple(dict.fromkeys((*found, *_miscast(question, answer, told))))


def _stems(names: Sequence[str]) -> frozenset[str]:
    return frozenset(stem(word) for name in names for word in tokens(name))


def _said(role: str, name: str, passages: Sequence[str]) -> bool:
    for sentence in passages:
        words = tokens(sentence)
        if any(ROLE_OF.get(fold(w)) == role for w in words) and stem(name) in map(stem, words):
            return True
    return False


def _claims(question: str, answer: str, people: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each role that the answer gives to people of the table; an opening name has the role that is asked for."""
    for sentence in sentences(answer):
        words = tokens(sentence)
        named = _named(words, people)
        for at, word in enumerate(words):
            if (role := ROLE_OF.get(fold(word))) and not named[at]:
                yield from ((role, words[i]) for i in _names_of(words, named, at))
    asked = {ROLE_OF[w] for w in map(fold, tokens(question)) if w in ROLE_OF}
    if len(asked) == 1 and _WHO.match(question):
        words = tokens(answer)
        yield from ((role, words[i]) for role in asked for i in _run(words, _named(words, people), -1, 1))


def _named(words: Sequence[str], people: frozenset[str]) -> list[bool]:
    return [w[0].isupper() and stem(w) in people for w in words]


def _names_of(words: Sequence[str], named: Sequence[bool], at: int) -> Iterator[int]:
    """The names that a claim is about: those after "by", "starring" or "director", else those before or after it."""
    after = fold(words[at + 1]) if at + 1 < len(words) else ""
    forward = (
        after == "by" or fold(words[at]) in _FORWARD or (at + 1 < len(words) and named[at + 1] and _is_noun(words[at]))
    )
    for step in (1, -1) if forward else (-1, 1):
        if found := list(_run(words, named, at, step)):
            yield from found
            return


def _is_noun(word: str) -> bool:
    return fold(word).endswith(("or", "er", "actress"))


def _run(words: Sequence[str], named: Sequence[bool], at: int, step: int) -> Iterator[int]:
    """The positions of the names next to `at` in one direction, across words that claim nothing."""
    start, reach = at + step, _REACH
    while 0 <= start < len(words) and reach and not named[start] and _passes(words[start]):
        start, reach = start + step, reach - 1
    if not (0 <= start < len(words) and named[start]):
        return
    while 0 <= start < len(words) and (named[start] or fold(words[start]) in _AND or words[start][0].isupper()):
        if named[start]:
            yield start
        start += step


def _passes(word: str) -> bool:
    return fold(word) in _BETWEEN or fold(word) in ROLE_OF or fold(word) in _AND


def _miscast(question: str, answer: str, told: Credits) -> tuple[str, ...]:
    """Actors in the answer, none of whom played the character named with them."""
    if not _PLAYS.search(f"{question} {answer}"):
        return ()
    both = {stem(w) for text in (question, answer) for w in tokens(text) if w[0].isupper()}
    parts = [(actor, character) for actor, character in told.played if character & both]
    actors = [w for w in tokens(answer) if w[0].isupper() and any(stem(w) in actor for actor, _ in told.played)]
    if not parts or not actors:
        return ()
    right = frozenset().union(*(actor | character for actor, character in parts))
    return tuple(w for w in actors if stem(w) not in right)
