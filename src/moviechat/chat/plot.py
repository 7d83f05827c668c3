"""Questions about plots: the passages to read, the language model's sentences, and the guard that checks each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from moviechat import prompts
from moviechat.chat.lookup import Said
from moviechat.chat.vocabulary import FRAME, PLOT
from moviechat.chat.wording import as_written
from moviechat.grounding import Record, check, nearest, support
from moviechat.reply import Source
from moviechat.schema import NOT_SAID, Movie, Passage
from moviechat.words import fold, sentences, stem, tokens

if TYPE_CHECKING:
    from moviechat.generation.protocol import LanguageModel

DESCRIPTION = "description"
# Bytes of text and of question in one prompt. A token is at least a byte, so both fit the default context of 2,048
# tokens in any script; in English they are some 220 words, which is what the adapter was trained to read.
PROMPT_TEXT, PROMPT_QUESTION = 1350, 300
NO_ANSWER = "I don't know."
QUOTED = 0.5  # of a question's own words that a sentence must hold to be quoted as its answer
SUMMARY = 8  # words: fewer do not say what a film is about
LOOP = 0.5  # distinct words of a long sentence: below this the model has run into a loop
_LONG = 12  # words

_WHOLE = re.compile(r"\b(?:about|plot|story|synopsis|summar\w+|describe|gist|what happens)\b", re.I)
# Beside FRAME and PLOT: words that ask for a film's setting, genres or themes, and for nothing in particular.
_GENERAL = frozenset(
    stem(w)
    for w in """city cities town towns country countries period periods time era unfold unfolds play plays located genre
    genres mix blend combine combined style sort dwell mark run expect treat treats deal deals sum briefly could where
    when which should find found sentence sentences word words line lines short few one""".split()
)
_ENDING = re.compile(r"\b(?:end|ends|ending|finish\w*|conclu\w+|fate|outcome|finally|survives?)\b", re.I)


@dataclass(frozen=True)
class Task:
    """A question about one film's plot and all that may answer it; `masked` is the question without titles."""

    question: str
    masked: str
    movie: Movie
    passages: Sequence[Passage]

    @cached_property
    def record(self) -> Record:
        """What an answer is checked against."""
        return Record.of(self.movie, [p.text for p in self.passages])

    @cached_property
    def wanted(self) -> set[str]:
        """The stems of the question's own words."""
        return own_words(self.masked)

    @cached_property
    def ending(self) -> bool:
        """Whether it is asked how the film ends."""
        return bool(_ENDING.search(self.masked))

    @cached_property
    def particular(self) -> bool:
        """Whether a detail is asked for; else the whole plot, the setting or the themes."""
        return bool(self.wanted) or self.ending

    @cached_property
    def whole(self) -> bool:
        """Whether it is asked what the film is about, which every description says."""
        return not self.particular and bool(_WHOLE.search(self.masked))

    @cached_property
    def evidence(self) -> str:
        """The record's sentence where the answer must stand, as far as words tell; "" if there is none."""
        if self.ending:
            return self.record.sentences[-1]  # only there can an ending be told
        return (nearest(self.wanted, self.record) or "") if self.wanted else self.record.sentences[0]

    @cached_property
    def plain(self) -> bool:
        """Whether one sentence holds all that is asked, so that nobody need say that it is not told."""
        # Of an ending the last sentence may name everybody, and tell none.
        return bool(self.wanted) and not self.ending and self.wanted <= _stems(self.evidence)


@dataclass(frozen=True)
class Written:
    """What the language model says to a task, sentence by sentence, as it comes; nobody has checked it yet."""

    task: Task
    sentences: Iterator[str]


def own_words(question: str) -> set[str]:
    """The stems of the words of `question` that say what is asked, not how."""
    return {stem(t) for t in tokens(question) if fold(t) not in FRAME and fold(t) not in PLOT} - _GENERAL


def write(model: LanguageModel, task: Task, limit: int) -> Written:
    """Ask the model over the film's record for an answer of at most `limit` tokens."""
    text = _cut(" ".join(p.text for p in select(task)), PROMPT_TEXT)
    prompt = prompts.render(_cut(task.question, PROMPT_QUESTION), prompts.render_record(task.movie, [text]))
    return Written(task, _sentences(model.stream(prompt, max_new_tokens=limit)))


def select(task: Task, size: int = PROMPT_TEXT) -> list[Passage]:
    """The passages that share most words with the question, at most `size` bytes of them (but one), in film order."""
    ranked = sorted(task.passages, key=lambda p: (-len(task.wanted & _stems(p.text)), p.passage))
    chosen: list[Passage] = []
    for passage in ranked:
        size -= len(passage.text.encode())
        if size >= 0 or not chosen:
            chosen.append(passage)
    return sorted(chosen, key=lambda p: p.passage)


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def check_written(written: Written) -> Iterator[Said]:
    """The written sentences as long as the record supports them; if not even the first, the supporting one itself.

    A Said without sources says that the answer is not known.
    """
    task, given = written.task, False
    for sentence in written.sentences:
        if _loops(sentence) or not (given or _answers(task, sentence)):
            break
        if not check(task.question, sentence, task.record).supported:
            break
        if task.particular and not given and sentence != NOT_SAID:
            sentence = as_written(sentence, task.evidence)
        given = True
        yield Said(sentence, _sources(task, sentence), by_model=True)
        if sentence == NOT_SAID:
            break
    if not given:
        yield _quotation(task)


def cite(sentence: str, passages: Iterable[Passage]) -> tuple[Source, ...]:
    """The passage that holds `sentence`, as a source; () if none does."""
    holding = (p for p in passages if sentence in " ".join(p.text.split()))
    return tuple(Source(p.tconst, DESCRIPTION, sentence, p.url, p.license) for p in holding)[:1]


def _sentences(pieces: Iterable[str]) -> Iterator[str]:
    text, said = "", list[str]()
    for piece in pieces:
        text += piece
        for sentence in sentences(text)[len(said) : -1]:
            if sentence in said:
                return  # a model that repeats itself goes on for ever
            said.append(sentence)
            yield sentence
    *_, last = sentences(text) or [""]
    ended = last.rstrip("\"'”’)").endswith((".", "!", "?", "…"))
    # A last sentence without its end was cut off: it is worth something only where there is no other.
    if last and last not in said and (ended or not said):
        yield last if ended else f"{last}."


def _loops(sentence: str) -> bool:
    said = tokens(sentence)
    return len(said) >= _LONG and len(set(said)) < LOOP * len(said)


def _sources(task: Task, sentence: str) -> tuple[Source, ...]:
    if sentence == NOT_SAID:
        return tuple(Source(p.tconst, DESCRIPTION, p.text, p.url, p.license) for p in select(task, 0))
    said = _stems(sentence)
    genres = task.movie.genres if any(stem(g) in said for g in task.movie.genres) else ()
    best = support(sentence, task.record) or support(task.masked, task.record) or task.record.sentences[0]
    named = (Source(task.movie.tconst, "genres", ", ".join(genres)),) if genres else ()
    return (*cite(best, task.passages), *named)


def _answers(task: Task, sentence: str) -> bool:
    """Whether the sentence speaks of what is asked; a small model likes to say something true of something else.

    An answer to a particular question says more than the question, and all of it stands in the record's one sentence
    that is nearest to the question.
    """
    if sentence == NOT_SAID:
        return not (task.plain or task.whole)
    if task.particular:
        said = {stem(t) for t in tokens(sentence) if fold(t) not in FRAME}
        return bool(said - task.wanted) and said <= _stems(task.evidence)
    return not task.whole or len(tokens(sentence)) >= SUMMARY


def _quotation(task: Task) -> Said:
    held = len(task.wanted & _stems(task.evidence))
    near = bool(task.wanted) and held >= QUOTED * len(task.wanted)
    fits = near if task.particular else task.whole
    return Said(task.evidence, cite(task.evidence, task.passages)) if task.evidence and fits else Said(NO_ANSWER, ())


def _stems(text: str) -> set[str]:
    return {stem(t) for t in tokens(text)}
