"""A message as words: folded, contractions expanded, each with its position in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from moviechat.words import fold

Span = tuple[int, int]
MAX_CHARACTERS = 2000  # no message about films needs more, and the time of every later step grows with it
FILM, PERSON = "§", "¶"  # placeholders for a title and a name
_CONTROL = ("Cc", "Cs", "Co", "Cn")  # control characters, broken surrogates, private and unassigned ones
_SIGNS = frozenset((FILM, PERSON))  # a message must not contain any

_TOKEN = re.compile(
    r"\d+(?:st|nd|rd|th)\b|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’´`][^\W\d_]+)*|[§¶+/%&<>=≤≥~]|[,;:.?!…()\n–—\"“”-]"
)
_MARKS = frozenset(',;:.?!…()\n–—"“”-')
_QUOTE = re.compile(r"['’´`]")
# Contractions and short forms, as the words that they stand for.
_OPENED = {
    "em": "them",
    "aswell": "as well",
    "cannae": "can not",
    "dinnae": "do not",
    "didnae": "did not",
    "isnae": "is not",
    "wisnae": "was not",
    "wouldnae": "would not",
    "gie": "give",
    "wi": "with",
    "whit": "what",
    "whats": "what is",
    "whos": "who is",
    "hows": "how is",
    "wheres": "where is",
    "whens": "when is",
    "thats": "that is",
    "theres": "there is",
    "heres": "here is",
    "whatre": "what are",
    "im": "i am",
    "ive": "i have",
    "ill": "i will",
    "youre": "you are",
    "youve": "you have",
    "weve": "we have",
    "were": "were",
    "theyre": "they are",
    "hes": "he is",
    "shes": "she is",
    "lets": "let us",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "arent": "are not",
    "aint": "is not",
    "wasnt": "was not",
    "werent": "were not",
    "cant": "can not",
    "cannot": "can not",
    "couldnt": "could not",
    "wont": "will not",
    "wouldnt": "would not",
    "shouldnt": "should not",
    "mustnt": "must not",
    "neednt": "need not",
    "havent": "have not",
    "hasnt": "has not",
    "wanna": "want to",
    "gonna": "going to",
    "gotta": "got to",
    "gimme": "give me",
    "lemme": "let me",
    "dunno": "do not know",
    "idk": "i do not know",
    "u": "you",
    "ur": "your",
    "r": "are",
    "n": "and",
    "w": "with",
    "pls": "please",
    "plz": "please",
    "smth": "something",
    "smt": "something",
    "sth": "something",
    "thx": "thanks",
    "ppl": "people",
    "abt": "about",
    "bc": "because",
    "btw": "by the way",
    "tmrw": "tomorrow",
    "tonite": "tonight",
    "nothin": "nothing",
    "somethin": "something",
    "anythin": "anything",
    "yrs": "years",
    "yr": "year",
    "movies": "films",
    "movie": "film",
    "flick": "film",
    "flicks": "films",
    "pic": "film",
    "pics": "films",
    "&": "and",
    "hw": "how",
    "wat": "what",
    "wht": "what",
    "teh": "the",
    "da": "the",
    "ya": "you",
    "tht": "that",
    "dat": "that",
    "wen": "when",
    "hav": "have",
    "nd": "and",
}


@dataclass(frozen=True, slots=True)
class Word:
    """One word: `text[span[0]:span[1]]`; `norm` is folded and expanded, `raw` as written. Marks are words too."""

    norm: str
    span: Span
    raw: str

    @property
    def mark(self) -> bool:
        """Whether it is a punctuation mark."""
        return self.norm in _MARKS


def clean(text: str) -> str:
    """`text` without control characters and our placeholders, with single spaces, cut to a maximum length."""
    kept = (" " if unicodedata.category(c) in _CONTROL or c in _SIGNS else c for c in text[: 4 * MAX_CHARACTERS])
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))[:MAX_CHARACTERS]


def words(text: str, named: Sequence[tuple[Span, str]] = ()) -> list[Word]:
    """The words of a cleaned text; each span of `named` becomes one word (§ or ¶)."""
    found: list[Word] = []
    inside = sorted(named)
    at = 0
    for match in _TOKEN.finditer(text):
        while at < len(inside) and inside[at][0][1] <= match.start():
            at += 1
        if at < len(inside) and inside[at][0][0] < match.end():
            span, sign = inside[at]
            if not found or found[-1].span != span:
                found.append(Word(sign, span, text[span[0] : span[1]]))
            continue
        found += _opened(match)
    return found


@lru_cache(maxsize=65536)
def often(norm: str) -> float:
    """How often a word occurs in English, as its Zipf frequency (wordfreq): 0 for an unknown one, 7.7 for "the"."""
    from wordfreq import zipf_frequency

    return zipf_frequency(norm, "en")


def norm_at(words: Sequence[Word], at: int) -> str:
    """The norm of word `at`, "" past the end."""
    return words[at].norm if at < len(words) else ""


def _opened(match: re.Match[str]) -> list[Word]:
    raw = match.group()
    folded = "…" if raw == "…" else fold(_QUOTE.sub("'", raw))
    norm = _QUOTE.sub("", folded)
    if folded != norm and norm.endswith("s") and norm not in _OPENED:
        norm = _QUOTE.split(folded)[0]  # "parasite's" is "parasite"
    return [Word(part, match.span(), raw) for part in _OPENED.get(norm, norm).split()]
