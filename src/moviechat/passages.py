"""Texts about films: cleaned of markup and control characters, and split into passages at sentence ends."""

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
# Among the invisible formatting characters, these two are part of the spelling (Persian, Indic scripts, emoji).
_JOINERS = "\u200c\u200d"
_CLAUSE_ENDS = (",", ";", ":", "–", "—")


def clean(text: str) -> str:
    """One line of plain text in Unicode NFC, without wiki or HTML markup, control or invisible characters."""
    if _MARKUP.search(text):
        from moviechat.wikitext import plain

        text = plain(text)
    text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    return folded if folded.isprintable() else " ".join("".join(filter(_is_visible, folded)).split())


def _is_visible(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def cut(text: str, max_words: int) -> list[str]:
    """Passages of about equal length, at most `max_words` words each, that joined by spaces are the text again."""
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
    """The sentences as lists of words; one that is too long is split at the last clause end that fits."""
    for sentence in sentences(text):
        left = sentence.split()
        while len(left) > max_words:
            ends = (n for n in range(max_words, max_words // 2, -1) if left[n - 1].endswith(_CLAUSE_ENDS))
            end = next(ends, max_words)
            yield left[:end]
            left = left[end:]
        yield left
