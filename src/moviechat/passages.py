"""Texts on films: cleaned of markup and control characters, and cut into passages at sentence ends."""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Iterator

from moviechat.words import sentences

# [[link]], {{template}}, {| table |}, <ref>, <br>, <!-- -->, ''italics'', == heading ==
_MARKUP = re.compile(
    r"\[\[|\{\{|\{\||</?(?:ref|br|i|b|em|strong|p|small|sub|sup|nowiki)\b|<!--|''|^==.*==\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);", re.IGNORECASE)
# Of the invisible formatting characters these two are spelling (Persian, Indic scripts, emoji).
_JOINERS = "\u200c\u200d"
PARAGRAPH = "\n\n"
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_CLAUSE_ENDS = (",", ";", ":", "–", "—")


def clean(text: str) -> str:
    """One line of plain text in Unicode NFC: no wiki or HTML markup, control or invisible characters."""
    return " ".join(_lines(text))


def clean_paragraphs(text: str) -> str:
    """`clean`, with an empty line between paragraphs where the text has one."""
    return PARAGRAPH.join(_lines(text))


def _lines(text: str) -> list[str]:
    if _MARKUP.search(text):
        from moviechat.wikitext import paragraphs

        found = paragraphs(text)
    else:
        found = _BLANK_LINE.split(text)
    return [line for paragraph in found if (line := _line(paragraph))]


def _line(text: str) -> str:
    text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    return folded if folded.isprintable() else " ".join("".join(filter(_is_visible, folded)).split())


def _is_visible(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def cut(text: str, max_words: int) -> list[str]:
    """Passages of about equal length, at most `max_words` words each, that joined by spaces are the text again.

    They end with paragraphs where these are short enough, else with sentences.
    """
    words = len(text.split())
    target = math.ceil(words / math.ceil(words / max_words)) if words else 0
    passages: list[str] = []
    pending: list[str] = []
    for piece in _pieces(text, max_words):
        if len(pending) + len(piece) > max_words:
            passages.append(" ".join(pending))
            pending = []
        pending += piece
        if len(pending) >= target:
            passages.append(" ".join(pending))
            pending = []
    return [*passages, " ".join(pending)] if pending else passages


def _pieces(text: str, max_words: int) -> Iterator[list[str]]:
    """The words of each paragraph if there are several; of each sentence where a paragraph is too long."""
    paragraphs = text.split(PARAGRAPH)
    for paragraph in paragraphs:
        words = paragraph.split()
        if len(paragraphs) > 1 and 0 < len(words) <= max_words:
            yield words
        elif words:
            yield from _of_sentences(paragraph, max_words)


def _of_sentences(text: str, max_words: int) -> Iterator[list[str]]:
    """The sentences as lists of words; one that is too long, at the last clause end of what fits."""
    for sentence in sentences(text):
        left = sentence.split()
        while len(left) > max_words:
            ends = (n for n in range(max_words, max_words // 2, -1) if left[n - 1].endswith(_CLAUSE_ENDS))
            end = next(ends, max_words)
            yield left[:end]
            left = left[end:]
        yield left
