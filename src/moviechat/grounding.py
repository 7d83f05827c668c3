"""Is this text supported by that record?  Asked by generate_qa, evaluate and the chat's guard."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from moviechat.schema import NOT_SAID, Movie
from moviechat.words import STOP, fold, number, sentences, stem, tokens

# Words that an answer may use to talk about a film without claiming anything of it.
_FRAMING = frozenset(
    stem(w)
    for w in """movie film story plot description tell tells follow follows explore explores deal deals center centers
    centre revolve revolves set take takes place located location include includes featured feature theme themes tone
    genre genres mix mixes mixed blend blends main character characters scene end ends ending begin begins start starts
    finally become becomes say says said mention describe described named called name kind type part time way able come
    get gets go goes make makes made find finds see sees know known use used try tries minute minutes hour hours year
    years long release released rating rated vote votes direct directed star stars starring run runs runtime""".split()
)
# One word of a group supports another: what people call the same person or event.
_GROUPS = (
    "grandmother grandma granny",
    "grandfather grandpa granddad",
    "mother mom mum mama",
    "father dad papa",
    "parent mother father",
    "sibling brother sister",
    "child kid son daughter children kids",
    "spouse wife husband",
    "death die dies died dead dying funeral killed killing burial",
    "kill kills murder murders murdered slain",
    "policeman police officer cop cops",
    "doctor physician",
    "marry marriage married wedding wife husband",
    "reunite reunites meet meets reunion",
    "decide decides decision choose chooses answer",
    "boy son",
    "girl daughter",
    "begin start",
    "house home",
    "comedy comic funny humor humour",
)
_KIN: dict[str, frozenset[str]] = {}
for _group in _GROUPS:
    _stems = frozenset(stem(w) for w in _group.split())
    for _s in _stems:
        _KIN[_s] = _KIN.get(_s, frozenset()) | _stems

_ABOUT_ENDING = frozenset(stem(w) for w in "end ending ends finish conclude conclusion resolve outcome finally".split())
_ABOUT_THEMES = frozenset(stem(w) for w in "tone theme themes genre genres mood kind style atmosphere".split())
_SHARE = 0.6  # of an answer's content words that the record must hold
_SHARE_ENDING = 0.8  # endings are what models invent
_SHARE_THEMES = 0.34  # themes are said in words of the reader's own; names and numbers must hold all the same
_COMMON_PREFIX = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text is supported, and the words that are not."""

    supported: bool
    unsupported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of one film: its sentences, and the stems and numbers in them and in the table."""

    sentences: tuple[str, ...]
    stems: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, movie: Movie, passages: Sequence[str]) -> Record:
        """The record of `movie` with the texts of its passages."""
        people = (movie.directors, movie.writers, movie.cast, movie.characters)
        crew = (movie.producers, movie.composers, movie.cinematographers, movie.editors)
        names = [name for group in (*people, *crew, movie.genres, movie.alternative_titles) for name in group]
        figures = [str(v) for v in (movie.year, movie.runtime, movie.rating, movie.votes) if v is not None]
        return cls.of_texts(passages, [movie.title, movie.original_title, *names, *figures])

    @classmethod
    def of_texts(cls, passages: Sequence[str], facts: Iterable[str] = ()) -> Record:
        """A record made of bare texts: passages, and facts that support but are no sentences."""
        words = [word for text in (*passages, *facts) for word in tokens(text)]
        return cls(
            tuple(s for p in passages for s in sentences(p)),
            frozenset(stem(w) for w in words),
            frozenset(n for n in map(number, words) if n is not None),
        )


def check(question: str, answer: str, record: Record) -> Verdict:
    """Whether the record supports the answer: every name and number, and enough of its content words."""
    if answer.strip() == NOT_SAID:
        return Verdict(True)
    words = [w for w in tokens(answer) if fold(w) not in STOP]
    if not words:
        return Verdict(False, (answer.strip(),))
    hard = tuple(w for w in words if _is_hard(w, answer) and not _holds(record, w))
    soft = dict.fromkeys(w for w in words if stem(w) not in _FRAMING and number(w) is None)  # said twice, counted once
    lacking = tuple(w for w in soft if not _holds(record, w))
    enough = not soft or 1 - len(lacking) / len(soft) >= _share(question)
    return Verdict(not hard and enough, tuple(dict.fromkeys((*hard, *(() if enough else lacking)))))


def support(text: str, record: Record) -> str | None:
    """The record's sentence that shares the most telling words with `text`, or None if none shares any."""
    return nearest({stem(w) for w in tokens(text) if fold(w) not in STOP} - _FRAMING, record)


def nearest(wanted: Set[str], record: Record) -> str | None:
    """The record's first sentence with the most telling of the `wanted` stems, or None if none has any."""
    bags = [{stem(w) for w in tokens(s)} for s in record.sentences]
    weight = {w: math.log((1 + len(bags)) / (0.5 + sum(w in bag for bag in bags))) for w in wanted}
    scores = [sum(weight[w] for w in wanted & bag) for bag in bags]
    best = max(range(len(bags)), key=lambda i: (scores[i], -i), default=None)
    return record.sentences[best] if best is not None and scores[best] > 0 else None


def _share(question: str) -> float:
    asked = {stem(w) for w in tokens(question)}
    if asked & _ABOUT_ENDING:
        return _SHARE_ENDING
    return _SHARE_THEMES if asked & _ABOUT_THEMES else _SHARE


def _is_hard(word: str, answer: str) -> bool:
    # A number ("one" is seldom meant as one), or a name: a capital that no sentence start explains.
    if number(word) is not None:
        return fold(word) != "one"
    return word[0].isupper() and not any(s.lstrip("\"'“‘([").startswith(word) for s in sentences(answer))


def _holds(record: Record, word: str) -> bool:
    if (value := number(word)) is not None:
        return value in record.numbers
    root = stem(word)
    if root in record.stems or _KIN.get(root, frozenset()) & record.stems:
        return True
    # "jeweller" is supported by "jewels": stems that share a long beginning are taken for one word.
    return len(root) >= _COMMON_PREFIX and any(
        s[:_COMMON_PREFIX] == root[:_COMMON_PREFIX] for s in record.stems if len(s) >= _COMMON_PREFIX
    )
