"""A question -> what is asked, of which films: rules tried from top to bottom, the first that fits decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from moviechat.chat.memory import Memory
from moviechat.chat.query import Asked, Query
from moviechat.chat.reading import Linker, Reading, read
from moviechat.chat.vocabulary import (
    AGAIN,
    ALIKE,
    DESCRIBES,
    FILM,
    IT,
    NOT_A_FACT,
    ON_TOPIC,
    PERSON_BACK,
    PLOT,
    QUESTION,
    RECOMMENDS,
    SMALLTALK,
    Fact,
)
from moviechat.words import fold

LONGEST_TITLE = 8  # words
_IN = re.compile(r"\bin\b", re.I)


def understand(text: str, linker: Linker, memory: Memory) -> Query:
    """What `text` (any text at all) asks, in a conversation that `memory` remembers."""
    reading = read(text, linker)
    return next(query for rule in _RULES if (query := rule(reading, memory)) is not None)


def _smalltalk(r: Reading, memory: Memory) -> Query | None:
    if not any(c.isalnum() for c in r.text):
        return _query("smalltalk", r, topic="nothing")
    topic = next((topic for topic, said in SMALLTALK if said.match(r.text)), None)
    return None if topic is None else _query("smalltalk", r, topic=topic)


def _recommend(r: Reading, memory: Memory) -> Query | None:
    wants = ALIKE.search(r.masked) or (RECOMMENDS.search(r.masked) and not r.links)
    return _query("smalltalk", r, topic="recommend") if wants else None


def _named(r: Reading, memory: Memory) -> Query | None:
    films = tuple(dict.fromkeys(link.tconst for link in r.links))
    if not films:
        return None
    if AGAIN.match(r.masked) and (memory.facts or memory.question) and _opens(r.masked):
        return _again(r, memory, films)
    return _about(r, films)


def _opens(masked: str) -> bool:
    # "1917" alone asks about 1917; "and 1917?" asks the last question of it.
    return not masked.lstrip().startswith(FILM)


def _again(r: Reading, memory: Memory, films: tuple[str, ...]) -> Query:
    if memory.facts:
        return _query("fact", r, films=films, facts=memory.facts, rest=())
    titles = " and ".join(link.title for link in r.links)
    return _query("plot", r, films=films, question=memory.question.replace(FILM, titles), masked=memory.question)


def _about(r: Reading, films: tuple[str, ...]) -> Query:
    asked = _kind(r)
    facts: tuple[Fact, ...] = r.facts
    if asked == "fact" and not facts:
        facts = ("genres",) if r.genres else ("cast",) if r.people else ("year",)
    return _query(asked, r, films=films, facts=facts if asked == "fact" else ())


def _kind(r: Reading) -> Asked:
    topic = ON_TOPIC.match(r.masked)  # "tell me about" asks for no plot, "what is it about" does
    own = tuple(m.group() for m in r.rest if not topic or m.start() >= topic.end())
    if r.facts and (not own or "role" in r.facts or (r.yes_no and _proper(own)) or (r.yes_no and r.genres == own)):
        return "fact"
    if r.yes_no and (((r.people or r.numbers) and not own) or (r.genres and len(r.genres) == len(own))):
        return "fact"
    foreign = not any(c.isascii() and c.isalpha() for c in r.masked)  # only the title was understood
    if not r.facts and (foreign or not (own or r.people or NOT_A_FACT.search(r.masked))):
        return "overview"
    return "plot"


def _proper(words: tuple[str, ...]) -> bool:
    return all(w[0].isupper() for w in words)


def _followup(r: Reading, memory: Memory) -> Query | None:
    if (DESCRIBES.search(r.masked) and r.words) or (PERSON_BACK.search(r.masked) and _by_person(r, memory)):
        return None
    bare = r.facts and not r.people and (not r.words or (r.facts == ("role",) and not _IN.search(r.masked)))
    films = memory.meant(r.masked) or (memory.films[:1] if bare else ())
    if not films:
        return None
    query, titles = _about(r, tuple(f.tconst for f in films)), " and ".join(f.title for f in films)
    return replace(query, question=_naming(titles, query.question), masked=_naming(FILM, query.masked))


def _naming(title: str, text: str) -> str:
    """`text` with `title` where "it" or "the film" stands for it: the model learnt from questions with titles."""

    def named(m: re.Match[str]) -> str:
        if m["it"] and not m["before"]:
            return m.group()  # "does he find it" may mean anything
        return f"{m['before'] or ''}{title}{'’s' if m['its'] else ''}"

    return IT.sub(named, text)


def _by_person(r: Reading, memory: Memory) -> Query | None:
    people = r.people or (memory.people if PERSON_BACK.search(r.masked) else ())
    # "that Jordan Peele horror": a genre only narrows the films down.
    return _query("credits", r, people=people) if people and len(r.genres) == len(r.words) else None


def _unknown_title(r: Reading, memory: Memory) -> Query | None:
    own = [m for m in r.rest if fold(m.group()) not in PLOT]
    if "role" in r.facts and (last := list(_IN.finditer(r.masked))):  # "who plays Rick in Casablanca"
        own = [m for m in own if m.start() >= last[-1].end()]
    framed = r.facts or len(own) < len(r.rest) or ON_TOPIC.match(r.masked)
    if not framed or not own or len(own) > LONGEST_TITLE or DESCRIBES.search(r.masked):
        return None
    named = _proper(tuple(m.group() for m in own)) or (not memory.films and (r.facts or len(own) <= 2))
    if not named or (r.people and not r.yes_no and "role" not in r.facts):
        return None
    return _query("unknown_title", r, title=_span(r, own[0].start(), own[-1].end()))


def _span(r: Reading, start: int, end: int) -> str:
    # The little words that titles begin and end with ("The Thing", "Jaws 2") are part of the name.
    before = re.search(r"\b(?:the|a|an) $", r.masked[:start], re.I)
    after = re.match(r" \d+\b", r.masked[end:])
    return r.masked[before.start() if before else start : end + (after.end() if after else 0)]


def _unnamed(r: Reading, memory: Memory) -> Query | None:
    pointless = not any(fold(w) not in PLOT for w in r.words) and not r.people
    return _query("which_film", r) if pointless else None


def _searched(r: Reading, memory: Memory) -> Query | None:
    describes = DESCRIBES.search(r.masked) or not QUESTION.search(r.masked)
    return _query("describe" if describes else "plot", r, question=r.text, films=())


_RULES: tuple[Callable[[Reading, Memory], Query | None], ...] = (
    _smalltalk,
    _recommend,
    _named,
    _followup,
    _by_person,
    _unknown_title,
    _unnamed,
    _searched,
)


def _query(asked: Asked, r: Reading, **parts: Any) -> Query:
    found = Query(
        asked=asked,
        text=r.text,
        question=r.text,
        masked=r.masked,
        namesakes=tuple(dict.fromkeys(other for link in r.links for other in link.others)),
        facts=r.facts,
        people=r.people,
        rest=r.words,
        numbers=r.numbers,
        yes_no=r.yes_no,
    )
    return replace(found, **parts)
