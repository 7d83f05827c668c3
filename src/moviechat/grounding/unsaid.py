"""Answers that say that something is not said: detecting them, and whether the record does answer the question."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from moviechat.grounding.lexical import among
from moviechat.grounding.parts import ROLE_OF
from moviechat.grounding.words import FRAMING
from moviechat.schema import Movie
from moviechat.words import STOP, fold, number, sentences, stem, tokens

# Questions about the table, and the field that answers them.
_FIELDS = tuple(
    (re.compile(pattern, re.IGNORECASE), field)
    for pattern, field in (
        (r"\b(?:when|wh?ich year|what year)\b.{0,200}\b(?:come out|came out|released?|made|from)\b", "year"),
        (
            r"\bhow (?:long|many minutes) (?:is|does|was)\b(?: the (?:film|movie))?\W*+(?:it )?(?:last|run)?\W*$",
            "runtime",
        ),
        (r"\brun(?:ning )?time\b", "runtime"),
        (r"\bgenres?\b|\b(?:kind|sort|type) of (?:film|movie)\b", "genres"),
        (r"\b(?:rating|rated|votes?|voters)\b", "rating"),
    )
)
_IT = r"(?:it|this|that|the (?:film|movie|story))"
_ABOUT = re.compile(
    rf"\bwhat(?: is|['’]?s) {_IT}\b.{{0,20}}\babout\b|\b(?:themes?|tone)\b|\b(?:plot|story) of {_IT}\b|\bits plot\b|"
    rf"\bwhat happens in {_IT}\b|\bsum up\b|\btell me\b.{{0,20}}\babout {_IT}\b",
    re.IGNORECASE,
)
_PLACES = "city country town state village place"
_PLACE = re.compile(rf"\b(?:{_PLACES.replace(' ', '|')})\b", re.IGNORECASE)
_END = frozenset(map(stem, "end ending ends finish conclude conclusion close outcome final finally finale".split()))
# Words that only say which sort of thing is asked for.
_SORT = frozenset(
    map(stem, f"happen turn come become fate resolve thing called old age many much number {_PLACES}".split())
)
_SORT |= _END | frozenset(map(stem, "year set setting out".split()))
_COUNT = re.compile(r"\bhow (?:many|much|old|often|far|tall|long)\b|\bwhat (?:age|number|year)\b|\bwhich year\b", re.I)
_NAME = re.compile(r"\bnamed?\b|\bcalled\b", re.IGNORECASE)
_WHERE, _WHY = re.compile(r"\bwhere\b", re.IGNORECASE), re.compile(r"\bwhy\b", re.IGNORECASE)
_YES_NO = re.compile(r"\A\W*(?:is|are|was|were|do|does|did|has|have|can|will)\b", re.IGNORECASE)
_PLACED = re.compile(r"\b(?:in|at|on|to|from|near|inside|behind|under|into|through|across|off)\b", re.IGNORECASE)
_NAMED_PLACE = re.compile(r"\b(?:in|at|from|near|to|of|around|outside) (?:the |an? )?(?:[a-z-]+ ){0,2}[A-Z]")
_REASON = re.compile(r"\b(?:because|so that|since|to|for|after|when|as|wants?)\b", re.IGNORECASE)
_OVER = re.compile(
    r"\b(?:finally|at last|in the end|afterwards|years later|die[sd]?|is shot|killed|escapes?d?|returns|drives off|"
    r"survives?|last|free|together)\b"
)
_SHARE = 0.75  # minimum share of the question's content words in a sentence that answers it
_LAST = 2  # last sentences that may describe an ending


_NO = r"(?:\bnot|n['’]t|\bnever|\bno|\bnothing|\bneither|\bonly)\b"
_TEXT = r"\b(?:text|description|record|plot|summary|synopsis|passage|it)\b"
_TELLS = (
    r"\b(?:says?|tells?|mentions?|reveals?|explains?|gives?|names?|states?|speci\w+|answers?|calls?|which|whether)\b"
)
_TOLD = r"\b(?:said|told|revealed|mentioned|known|named|explained|given away|stated|specified|disclosed|described)\b"
_SAYS_SO = re.compile(
    rf"{_TEXT}.{{0,30}}{_NO}.{{0,40}}{_TELLS}"
    rf"|{_NO}.{{0,25}}{_TOLD}"
    rf"|\bwe\b.{{0,12}}{_NO}.{{0,12}}\b(?:told|learn|know|hear)\b"
    r"|\bno (?:word|explanation|answer|mention|information|reason)\b"
    r"|\b(?:left|leaves?)\b.{0,20}\bopen\b|\bonly asks\b",
    re.IGNORECASE,
)


def says_so(answer: str) -> bool:
    """Whether the answer says that the record does not say; it then claims nothing about the film."""
    return _SAYS_SO.search(answer) is not None


def telling(question: str, movie: Movie, passages: Sequence[str]) -> str | None:
    """The field, or the sentence of the passages, that answers the question about the film; None if none does.

    Lexical: the sentence with the question's content words and a word of the sort that is asked for.
    """
    asked = _without_titles(question, movie)
    words = tokens(asked)
    for pattern, name in _FIELDS:
        if pattern.search(asked) and getattr(movie, name):
            return name
    told = [s for text in passages for s in sentences(text)]
    ending = any(stem(w) in _END for w in words)
    if told and not ending and _ABOUT.search(asked):
        return told[0]
    wanted = {stem(w) for w in words if fold(w) not in STOP} - FRAMING - _SORT
    if not wanted and (role := next((r for w in words if (r := ROLE_OF.get(fold(w))) and getattr(movie, r)), None)):
        return role
    return _sentence(asked, wanted, told[-_LAST:] if ending else told, ending=ending)


def _without_titles(question: str, movie: Movie) -> str:
    for title in filter(None, (movie.title, movie.original_title, *movie.alternative_titles)):
        question = re.sub(rf"(?<!\w){re.escape(title)}(?!\w)", "it", question, flags=re.IGNORECASE)
    return question


def _sentence(asked: str, wanted: Set[str], told: Sequence[str], *, ending: bool) -> str | None:
    if not wanted and (_PLACE.search(asked) or _WHERE.search(asked)):
        place = _NAMED_PLACE if _PLACE.search(asked) else _PLACED
        return next((s for s in told if place.search(s)), None)
    names = {stem(w) for n, w in enumerate(tokens(asked)) if n and w[0].isupper()}
    if not wanted - names:  # only whom it is about
        return told[-1] if ending and not wanted and told and _OVER.search(told[-1]) else None
    return next((s for s in told if _answers(asked, wanted, s)), None)


def _answers(asked: str, wanted: Set[str], sentence: str) -> bool:
    held = frozenset(stem(w) for w in tokens(sentence))
    return sum(among(w, held) for w in wanted) >= _SHARE * len(wanted) and _has_sort(asked, sentence)


def _has_sort(asked: str, sentence: str) -> bool:
    """Whether the sentence has a word of the sort asked for that the question does not have."""
    known = {stem(w) for w in tokens(asked)}
    new = [w for w in tokens(sentence) if stem(w) not in known and fold(w) not in STOP]
    if _COUNT.search(asked):
        return any(number(w) is not None for w in tokens(sentence) if stem(w) not in known)
    if _NAME.search(asked) or _PLACE.search(asked):
        return any(w[0].isupper() for w in new)
    if _WHERE.search(asked):
        return bool(new and _PLACED.search(sentence))
    if _YES_NO.match(asked):
        return True
    return bool(new) and (not _WHY.search(asked) or _REASON.search(sentence) is not None)
