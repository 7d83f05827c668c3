"""What is wrong with a pair: the checks for the drafts of every teacher, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from moviechat.grounding.check import Strength, Verdict
from moviechat.grounding.record import Record
from moviechat.grounding.unsaid import telling
from moviechat.schema import NOT_SAID, Movie
from moviechat.teacher import Draft, Film
from moviechat.words import STOP, fold, number, stem, tokens

# Words of the prompts that do not belong in a pair.
_LEAKED = re.compile(
    r"^\W*[QRA]\d+\s*[:.]|###|```|<\|?\s?/?(?:record|im_|s>)|\[/?INST\]|"
    r"Runtime\(in minutes\)|\brecord (?:above|below|provided)\b|"
    r"\b(?:question|answer|reasoning)\s*+\d*+\s*+[\"']?\s*+:|\.\.\.[\"']?\s*[,}]|as an ai\b",
    re.IGNORECASE,
)
_NON_ANSWER = re.compile(
    r"\b(?:i (?:do not|don['’]t|cannot|can['’]t) (?:know|say|tell|answer|determine)|"
    r"not (?:specified|mentioned|stated|provided|given|known|clear|available|applicable|disclosed|revealed|explicitly)|"
    r"(?:does not|do not|doesn['’]t) (?:say|mention|specify|tell|state|provide|reveal|contain|give)|"
    r"no information|unknown|n/a)\b",
    re.IGNORECASE,
)
# Words of a question that carry no content.
_ASKING = frozenset(map(stem, "film movie story plot description featured main describe tell give name know".split()))
_WH = frozenset("who whom whose what which when where why how is are does do did was were can".split())
# Function words of French, Spanish, Portuguese, Italian, German, Dutch and Swedish that are not English.
_FOREIGN = frozenset(
    """le la les un une des du et est qui que dans avec pour sur elle il el los las una y en con por para del su se lo
    os uma da dos não na gli di della che sono per der das und ist nicht ein eine einer mit den dem sie er von zu het
    een van ook och att det som den inte är""".split()
)
_FEWEST_WORDS = 7  # an English text of this many words has a function word
_FEWEST_PLAIN = 2  # words in lower case besides the particles
_LAST_LATIN = "\u024f"
_COPIED = 4  # content words of an answer from which on it can be a copy of its question


Check = Callable[[str, str, Record, Strength], Verdict]  # (question, answer, record) -> is the answer supported?


class Judge:
    """Finds what is wrong with a draft; drafts of one film must come one after another.

    `strength` is that of the check. If people write that the record does not say it, they are believed: that check is
    lexical and wrong in one case of eight.
    """

    def __init__(
        self, films: Mapping[str, Film], check: Check, strength: Strength = "fair", *, by_people: bool = False
    ) -> None:
        self._films = films
        self._check, self._strength = check, strength
        self._by_people = by_people
        self._asked: set[tuple[str, str, frozenset[str]]] = set()
        self._record = lru_cache(maxsize=1)(self._make_record)

    def fault(self, draft: Draft) -> str | None:
        """The first reason to reject the draft, or None."""
        if draft.fault:
            return draft.fault
        if draft.tconst not in self._films:
            return "film not in the catalogue"
        if not draft.answer.strip():
            return "empty answer"
        if not names_film(draft.question, self._films[draft.tconst].movie):
            return "names no film"
        return self._malformed(draft) or self._repeated(draft) or self._untrue(draft)

    def _malformed(self, draft: Draft) -> str | None:
        if _LEAKED.search(draft.question) or _LEAKED.search(draft.answer):
            return "leaked prompt"
        title = self._films[draft.tconst].movie.title
        if not (in_english(draft.question, title) and in_english(draft.answer, title)):
            return "another language"
        if _copies(draft):
            return "copies the question"
        return self._not_answered(draft)

    def _not_answered(self, draft: Draft) -> str | None:
        if draft.answer.strip() != NOT_SAID:
            return "non-answer" if _NON_ANSWER.search(draft.answer) else None
        if draft.kind in {"about", "themes"}:
            return "non-answer"
        return None

    def _repeated(self, draft: Draft) -> str | None:
        """Equal questions: the same words in another order, or with other words without content."""
        words = _folded(draft.question)
        asked = frozenset(stem(w) for w in words if w not in STOP) - _ASKING
        key = (draft.tconst, next((w for w in words if w in _WH), ""), asked)
        if key in self._asked:
            return "duplicate question"
        self._asked.add(key)
        return None

    def _untrue(self, draft: Draft) -> str | None:
        if draft.answer.strip() == NOT_SAID:
            film = self._films[draft.tconst]
            told = None if self._by_people else telling(draft.question, film.movie, film.texts)
            return f"said in the record: {told}" if told else None
        verdict = self._check(draft.question, draft.answer, self._record(draft.tconst), self._strength)
        return None if verdict.supported else f"unsupported: {', '.join(verdict.unsupported)}"

    def _make_record(self, tconst: str) -> Record:
        film = self._films[tconst]
        return Record.of(film.movie, film.texts)


def names_film(question: str, movie: Movie) -> bool:
    """Whether the question has one of the film's titles, ignoring case, diacritics and punctuation."""
    asked = _folded(question)
    return any(
        _holds(asked, title, question) for title in (movie.title, movie.original_title, *movie.alternative_titles)
    )


def _holds(asked: Sequence[str], title: str, question: str) -> bool:
    wanted = _folded(title)
    if not wanted:  # a title without letters or digits, such as "..."
        return title in question
    return any(asked[i : i + len(wanted)] == wanted for i in range(len(asked) - len(wanted) + 1))


@lru_cache(maxsize=4096)  # a film's titles are needed once per pair
def _folded(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in tokens(text))


def in_english(text: str, title: str = "") -> bool:
    """Whether a text has English function words rather than those of others; the film's title does not count."""
    named = set(_folded(title))
    words = [w for w in tokens(text) if fold(w) not in named and number(w) is None]
    if any(c.isalpha() and c > _LAST_LATIN for w in words if not w[0].isupper() for c in fold(w)):
        return False
    english = sum(len(w) > 1 and fold(w) in STOP for w in words)
    # "Fernando Frías de la Parra" is a name: particles count only among other words in lower case.
    plain = [w for w in words if w[0].islower() and fold(w) not in STOP]
    foreign = sum(fold(w) in _FOREIGN for w in plain)
    return (foreign <= english or len(plain) - foreign < _FEWEST_PLAIN) and not (
        len(words) >= _FEWEST_WORDS and english == 0
    )


def _copies(draft: Draft) -> bool:
    asked = set(_folded(draft.question))
    said = [w for w in _folded(draft.answer) if w not in STOP]
    return len(said) >= _COPIED and all(w in asked for w in said)
