"""A parsed text: its words with their heads and referents, which are negated and which only wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from moviechat.errors import BundleError
from moviechat.grounding import words as closed
from moviechat.words import fold, number, stem

if TYPE_CHECKING:
    from moviechat.arrays import Array
    from moviechat.retrieval.bert import Bert

_CONTENT = frozenset(("NOUN", "PROPN", "VERB", "ADJ", "NUM", "ADV"))
_EMPTY = frozenset("be have do there here so too also very just then now well even still".split())
_COMPLEMENT = frozenset(("xcomp", "ccomp", "pcomp", "acl"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place in the parse; `head` is an index into the same text (its own for a root)."""

    at: int
    text: str
    lemma: str
    root: str  # stem
    pos: str
    dep: str
    head: int
    sentence: int
    start: int  # characters
    end: int
    entity: str  # spaCy's entity type, "" for none
    content: bool
    value: str | None  # grammatical number

    @property
    def name(self) -> bool:
        """Whether it is part of a name."""
        return self.text[:1].isupper() and (
            self.pos == "PROPN" or self.entity in ("PERSON", "GPE", "ORG", "LOC", "FAC", "NORP")
        )


@dataclass(frozen=True)
class Reading:
    """The parsed text. Vectors are float32 [words, width], of length 1 or 0."""

    text: str
    words: tuple[Word, ...]
    vectors: Any = field(repr=False)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The words that depend on each word."""
        found: list[list[int]] = [[] for _ in self.words]
        for w in self.words:
            if w.head != w.at:
                found[w.head].append(w.at)
        return tuple(tuple(c) for c in found)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences as written."""
        spans: dict[int, tuple[int, int]] = {}
        for w in self.words:
            first, last = spans.get(w.sentence, (w.start, w.end))
            spans[w.sentence] = (min(first, w.start), max(last, w.end))
        return tuple(self.text[a:b].strip() for a, b in spans.values())

    @cached_property
    def content(self) -> tuple[Word, ...]:
        """The content words."""
        return tuple(w for w in self.words if w.content)

    def path(self, at: int) -> Iterator[Word]:
        """The word, its head, and so on up to the root."""
        while True:
            yield self.words[at]
            if self.words[at].head == at:
                return
            at = self.words[at].head

    @cached_property
    def denied(self) -> tuple[bool, ...]:
        """For each word: is it negated?"""
        own = [self._negators(w.at) % 2 == 1 for w in self.words]
        return tuple(self._inherited(w.at, own) for w in self.words)

    def _negators(self, at: int) -> int:
        found = 0
        for c in self.children[at]:
            w = self.words[c]
            found += w.lemma in closed.NEGATIVE or w.text.lower() in closed.NEGATIVE
            if w.dep in ("nsubj", "dobj", "nsubjpass", "attr", "prep", "pobj"):
                found += any(self.words[g].text.lower() in ("no", "neither", "none") for g in self.children[c])
        return found

    def _inherited(self, at: int, own: Sequence[bool]) -> bool:
        value = False
        for w in self.path(at):
            value ^= own[w.at]
            head = self.words[w.head]
            if w.dep in _COMPLEMENT and (head.lemma in closed.FAILED or head.lemma in closed.FAILED_HOW):
                value = not value
            if w.dep in ("conj", "advcl", "relcl", "ccomp", "parataxis"):
                break
        return value

    @cached_property
    def held(self) -> tuple[bool, ...]:
        """For each word: is it only wanted, feared, believed, asked or possible?"""
        return tuple(self._is_held(w.at) for w in self.words)

    def _is_held(self, at: int) -> bool:
        for w in self.path(at):
            below = [self.words[c] for c in self.children[w.at]]
            purpose = any(c.text.lower() == "to" and c.dep == "aux" for c in below)
            if w.pos in ("VERB", "AUX") and any(c.lemma in closed.MODAL and c.dep == "aux" for c in below):
                return True
            if any(c.text.lower() in closed.UNDECIDED and c.dep == "mark" for c in below):
                return True
            head = self.words[w.head]
            if w.at != w.head and w.dep in _COMPLEMENT and (head.lemma in closed.HELD or head.lemma in closed.HELD_HOW):
                return True
            if w.pos == "VERB" and w.dep in ("advcl", "acl") and purpose:
                return True  # "in order to"
            if w.dep == "relcl" or (w.dep == "acl" and not purpose):
                return False  # "the house owned by" states a fact, even if the house is only wanted
            if w.dep == "dobj" and head.lemma in closed.HELD_OBJECT:
                return True
            if w.dep == "pcomp" or (w.dep == "pobj" and head.head != head.at):
                above = self.words[head.head]
                if above.lemma in closed.HELD and head.text.lower() in ("of", "for"):
                    return True  # "accused of", "framed for"
        return False


class Reader:
    """spaCy's pipeline in `parser`, and the sentence encoder in `encoder`; each is loaded at first use."""

    def __init__(self, parser: Path, encoder: Path) -> None:
        self._parser, self._encoder = parser, encoder
        self.parsed = lru_cache(maxsize=256)(self._parse)

    def read(self, text: str, context: str = "") -> Reading:
        """Parse `text`; its word vectors are computed with `context` before it."""
        return self.read_all([text], [context])[0]

    def read_all(self, texts: Sequence[str], contexts: Sequence[str]) -> list[Reading]:
        """Parse several texts at once."""
        docs = [_words(d) for d in self._nlp.pipe(texts)]
        vectors = self._vectors(texts, contexts, docs)
        return [Reading(t, tuple(d), v) for t, d, v in zip(texts, docs, vectors, strict=True)]

    def _parse(self, text: str) -> Reading:
        """Parse `text`, without vectors: a tenth of the time."""
        return Reading(text, tuple(_words(self._nlp(text))), np.zeros((0, 0), np.float32))

    def encode(self, texts: Sequence[str]) -> Array:
        """One vector per text: float32 [texts, width], of length 1."""
        return self._bert.encode(texts)

    def _vectors(self, texts: Sequence[str], contexts: Sequence[str], docs: Sequence[list[Word]]) -> list[Array]:
        found = []
        for text, context, doc in zip(texts, contexts, docs, strict=True):
            front = f"{context} " if context else ""
            spans, states = self._bert.words(front + text)
            found.append(_pooled([(w.start + len(front), w.end + len(front)) for w in doc], spans, states))
        return found

    @cached_property
    def _nlp(self) -> Any:
        if not self._parser.is_dir():
            raise BundleError(f"{self._parser} has no spaCy pipeline: run `dvc repro fetch_models`")
        import spacy

        try:
            return spacy.load(self._parser)
        except Exception as error:  # a garbled file: spaCy, srsly and confection have errors of their own
            reason = " ".join(str(error).split())[:300]
            raise BundleError(f"{self._parser} is no spaCy pipeline ({reason}): run `dvc repro fetch_models`") from None

    @cached_property
    def _bert(self) -> Bert:
        from moviechat.retrieval import bert

        shape = bert.shape(self._encoder)
        if shape is None:
            raise BundleError(f"{self._encoder} has no BERT, which the check needs: run `dvc repro fetch_models`")
        return bert.Bert(self._encoder, shape, batch_size=16, max_tokens=512)


def _words(parsed: Any) -> list[Word]:
    return [_word(token, number) for number, sentence in enumerate(parsed.sents) for token in sentence]


def _word(token: Any, sentence: int) -> Word:
    lemma = fold(token.lemma_ if token.pos_ != "PROPN" else token.text)
    content = token.pos_ in _CONTENT and lemma not in _EMPTY and fold(token.text) not in closed.NEGATIVE
    return Word(
        token.i,
        token.text,
        lemma,
        stem(lemma),
        token.pos_,
        token.dep_,
        token.head.i,
        sentence,
        token.idx,
        token.idx + len(token.text),
        token.ent_type_,
        content and any(map(str.isalnum, token.text)),
        number(token.text),
    )


def _pooled(words: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]], states: Array) -> Array:
    """The mean vector of each word's pieces, of length 1: float32 [words, width]."""
    found = np.zeros((len(words), states.shape[1]), np.float32)
    first = 0
    for row, (start, end) in enumerate(words):
        while first < len(spans) and spans[first][1] <= start:
            first += 1
        last = first
        while last < len(spans) and spans[last][0] < end:
            last += 1
        if last > first:
            mean = states[first:last].mean(0)
            found[row] = mean / (np.linalg.norm(mean) or 1.0)
    return found
