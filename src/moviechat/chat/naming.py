"""Which of the names in a question are titles: those that stand where what is asked wants one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from moviechat.chat.vocabulary import BACK, DESCRIBES
from moviechat.words import TOKEN

if TYPE_CHECKING:
    from moviechat.retrieval.names import Link

Span = tuple[int, int]
MAX_CHARACTERS = 300  # a longer text tells a story
MAX_WORDS = 14  # that may begin or end a title
_BEFORE = re.compile(r"\b(?:in|of|from)\s+[\"'“‘«]*$", re.I)
_JOINED = re.compile(r"[\s\"'”’»,&]*(?:\b(?:and|or|vs|versus|with|the film|the movie)\b[\s\"'“‘«.]*)*", re.I)
_SMALL = r"(?:(?:of|with|the|on|for|to|an?)\s+)*"
_WORD_BEFORE = re.compile(rf"({TOKEN.pattern})[\s:&'’-]+{_SMALL}$", re.I)
_WORD_AFTER = re.compile(rf"[\s:&-]+{_SMALL}({TOKEN.pattern})", re.I)
_SOMEBODY_IN = re.compile(r"\s+in\s+[\"'“‘«]*[A-Z0-9]")
_UNKNOWN_AFTER = re.compile(r"\b(?:in|of|from)\s+[\"'“‘«]*[A-Z]")


class TitleLinker(Protocol):
    """Finds the films that a text names."""

    def link(self, text: str) -> list[Link]:
        """The titles in `text`."""


def titles(text: str, own: Sequence[Span], linker: TitleLinker) -> tuple[Link, ...]:
    """The films that `text` names; `own` are the spans of its words that neither ask for a fact nor point at a film."""
    links = linker.link(text)
    if not links:
        return _must_be_meant(text, own, linker)
    if _UNKNOWN_AFTER.search(text[links[-1].span[1] :]):
        found = (link for link in _whole_titles(text, own, linker) if not _is_part(text, link, own))
        return _placed(text, found) or tuple(links)
    return _in_place(text, links)


def _must_be_meant(text: str, own: Sequence[Span], linker: TitleLinker) -> tuple[Link, ...]:
    """The films that a question must mean if it means any.

    A name is taken for a title after "in" or "of" ("Who plays Fleck in Joker?"), or if with it all that the question
    says is said ("and 1917?").
    """
    if len(text) > MAX_CHARACTERS or DESCRIBES.search(text):
        return ()
    found = tuple(link for link in _whole_titles(text, own, linker) if not _is_part(text, link, own))
    if placed := _placed(text, found):
        return placed
    last = max((link.span[1] for link in found), default=0)
    if not found or _UNKNOWN_AFTER.search(text[last:]):
        return ()
    everything = all(any(_inside(span, link.span) for link in found) for span in own)
    alone = len(found) == 1 and _capital(text, found[0]) and not BACK.search(text[: found[0].span[0]])
    return found if everything or alone else ()


def _in_place(text: str, links: Sequence[Link]) -> tuple[Link, ...]:
    """`links`, but where one title stands after "in" or "of", only that one and those joined to it.

    In "Who fights for Hutch in Nobody?" Hutch is somebody of that film, whatever other film is called so.
    """
    placed = [link for link in _placed(text, links) if not _SOMEBODY_IN.match(text[link.span[1] :])]
    if len(placed) != 1 or len(links) == 1:
        return tuple(links)
    first = last = links.index(placed[0])
    while first and _JOINED.fullmatch(text[links[first - 1].span[1] : links[first].span[0]]):
        first -= 1
    while last + 1 < len(links) and _JOINED.fullmatch(text[links[last].span[1] : links[last + 1].span[0]]):
        last += 1
    return tuple(links[first : last + 1])


def _placed(text: str, links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(link for link in links if _capital(text, link) and _BEFORE.search(text[: link.span[0]]))


def _whole_titles(text: str, own: Sequence[Span], linker: TitleLinker) -> Iterator[Link]:
    """Links that fill a stretch of `text` between two words, the longest stretches first, none twice."""
    words = [m.span() for m in TOKEN.finditer(text) if m.span() in own or text[m.start()].isupper()][:MAX_WORDS]
    taken: list[Span] = []
    for length in range(len(words), 0, -1):
        for first, last in zip(words, words[length - 1 :], strict=False):
            span = _with_article(text, first[0], last[1])
            # One word that asks ("How", "long") is a title only as a name: inside the sentence, with a capital.
            bare = length == 1 and first not in own and first[0] == 0
            if bare or any(span[0] < t[1] and t[0] < span[1] for t in taken):
                continue
            if link := _filling(text, span, linker):
                taken.append(span)
                yield link


def _is_part(text: str, link: Link, own: Sequence[Span]) -> bool:
    """Whether the words beside a link make a longer name: "Blue" in "Blue Thunder", "Love" in "Love the Dog"."""
    start, end = link.span
    before, after = _WORD_BEFORE.search(text[:start]), _WORD_AFTER.match(text[end:])
    beside = [before.span(1)] if before else []
    beside += [(end + after.start(1), end + after.end(1))] if after else []
    if _capital(text, link):
        return any(span[0] > 0 and not text[span[0]].islower() for span in beside)
    return any(span in own for span in beside)


def _with_article(text: str, start: int, end: int) -> Span:
    article = re.search(r"\b(?:the|an?) $", text[:start], re.I)
    possessive = re.search(r"['’]s?$", text[start:end])
    return article.start() if article else start, start + possessive.start() if possessive else end


def _filling(text: str, span: Span, linker: TitleLinker) -> Link | None:
    phrase = text[span[0] : span[1]]
    link = next(iter(linker.link(phrase)), None)
    if link is None or link.how not in ("exact", "alternative"):
        return None
    rest = phrase[: link.span[0]] + phrase[link.span[1] :]
    if rest.strip().lower() not in ("", "the", "a", "an") or (phrase.isdecimal() and phrase not in link.title):
        return None  # "2" is no film called "Two"
    return replace(link, span=span)


def _capital(text: str, link: Link) -> bool:
    return text[link.span[0]].isupper() or text[link.span[0]].isdigit()


def _inside(span: Span, other: Span) -> bool:
    return other[0] <= span[0] and span[1] <= other[1] + len("'s")
