"""Questions about plots: the sentences that answer, quoted; or that the description does not say.

A bundle that is served by its own language model alone (the published system) words the answer; what it writes is
checked, and what fails the check gives way to the quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from moviechat import prompts
from moviechat.chat.evidence import Near, nearest
from moviechat.chat.guard import supported, whole_sentences
from moviechat.chat.said import Said
from moviechat.grounding.record import Record, support
from moviechat.grounding.unsaid import telling
from moviechat.reply import Source
from moviechat.schema import NOT_SAID, Movie, Passage
from moviechat.words import fold, sentences, tokens

if TYPE_CHECKING:
    from moviechat.chat.shelf import Shelf

DESCRIPTION = "description"
# Bytes of text and of question in one prompt. A token is at least a byte, so both fit the default context of 2,048
# tokens in any script; in English they are some 220 words, which is what the adapter was trained to read.
PROMPT_TEXT, PROMPT_QUESTION = 1350, 300
SUMMARY_SENTENCES, SUMMARY_WORDS = 3, 90
_UNLIKE = 0.15  # likeness below which even the nearest sentence is not worth telling
_ALMOST = 0.15  # of the nearest sentence's score by which the next may be farther
_ABOUT = re.compile(
    r"\b(?:about|plot|story|storyline|synopsis|premise|summar\w+|describe|gist|overview|what happens|what goes on)\b",
    re.I,
)
_WHAT_ABOUT = re.compile(r"\bwhat(?:['’]?s| is| was)\b.{0,80}\babout\b\W*$", re.I)  # whatever it names in between
_THEMES = re.compile(r"\b(?:themes?|tone|mood|vibe|genres?|atmosphere|style|what kind of (?:film|movie))\b", re.I)
_OPINION = re.compile(
    r"\b(?:what do people think|reviews?|reception|critics?|any good|worth (?:watching|seeing))\b", re.I
)
_TRIVIA = re.compile(r"\b(?:trivia|behind the scenes|fun facts?|making of|how was it (?:made|shot|filmed))\b", re.I)
_MADE = ("production", "development", "filming", "casting", "background", "making")
_RECEIVED = ("reception", "response", "critical", "reviews")
# Beside those, what a question for the whole plot may hold.
_PLAIN = frozenset(
    """what whats is it this that the a an of film movie tell me give us in one two three few short sentence sentences
    words line please can could you briefly quick quickly so whole main general do does was just more i know want to
    and its there s""".split()
)


def answer(question: str, movie: Movie, passages: Sequence[Passage], shelf: Shelf) -> Iterator[Said]:
    """What the texts say to a question about a film; every sentence is theirs, or says that they do not say it."""
    asked = without_titles(question, movie)
    if _TRIVIA.search(asked):
        yield from _section(passages, _MADE) or [Said(f"No trivia of {movie.label} is on record.", ())]
    elif _OPINION.search(asked):
        yield from _opinion(movie, passages)
    elif _THEMES.search(asked) and movie.genres:
        yield _genres(movie)
        yield from _told(_summary(passages)[:1], passages)
    elif is_whole(asked):
        yield from _told(_summary(passages), passages)
    else:
        yield from _worded(question, movie, passages, shelf) or _particular(asked, movie, passages, shelf)


def is_whole(asked: str) -> bool:
    """Whether a question, without the film's title, is for the whole plot."""
    rest = [w for w in map(fold, tokens(asked)) if w not in _PLAIN and not _ABOUT.search(w)]
    return not rest or _WHAT_ABOUT.search(asked) is not None


def without_titles(question: str, movie: Movie) -> str:
    """The question with "it" for the film's title."""
    for title in filter(None, (movie.title, movie.original_title, *movie.alternative_titles)):
        question = re.sub(rf"(?<!\w){re.escape(title)}(?!\w)(?: \(\d{{4}}\))?", "it", question, flags=re.IGNORECASE)
    return question


def _worded(question: str, movie: Movie, passages: Sequence[Passage], shelf: Shelf) -> list[Said]:
    """What the language model says over the film's record, as far as it holds; [] where it is not asked."""
    if not shelf.worded:
        return []
    record = Record.of(movie, [p.text for p in passages])
    text = " ".join(record.texts).encode()[:PROMPT_TEXT].decode(errors="ignore")
    asked = question.encode()[:PROMPT_QUESTION].decode(errors="ignore")
    prompt = prompts.render(asked, prompts.render_record(movie, [text]))
    written = whole_sentences(shelf.model.stream(prompt, max_new_tokens=shelf.max_new_tokens))
    said = supported(question, written, record, shelf.checker)
    return [Said(s, cite(support(s, record) or record.sentences[0], passages), by_model=True) for s in said]


def _particular(asked: str, movie: Movie, passages: Sequence[Passage], shelf: Shelf) -> Iterator[Said]:
    """The sentence that tells it; else that none does in so many words, and what comes nearest."""
    texts = [p.text for p in passages]
    if (told := telling(asked, movie, texts)) and cite(told, passages):
        yield from _told([told], passages)
        return
    near = nearest(asked, [s for text in texts for s in sentences(text)], shelf.checker.reader)
    close = _close(near)
    if not close:
        yield Said(NOT_SAID, tuple(Source(p.tconst, DESCRIPTION, p.text, p.url, p.license) for p in passages[:1]))
        return
    sources = tuple(s for sentence in close for s in cite(sentence, passages))
    yield Said("The description does not say that in so many words; this is what comes nearest to it:", sources)
    yield from _told(close, passages)


def _close(near: Sequence[Near]) -> list[str]:
    """The nearest sentence, and the next if it is about as near; none if not even the first is like the question."""
    if not near or near[0].likeness < _UNLIKE:
        return []
    second = [n for n in near[1:2] if n.score >= near[0].score - _ALMOST]
    return [near[0].sentence, *(n.sentence for n in second)]


def _summary(passages: Sequence[Passage]) -> list[str]:
    """The first sentences of the passage that tells most of the story, at most `SUMMARY_WORDS` words (but one)."""
    best = max(passages, key=lambda p: (bool(p.section is None), min(len(p.text), 700), -p.passage))
    chosen, size = list[str](), 0
    for sentence in sentences(best.text)[:SUMMARY_SENTENCES]:
        size += len(tokens(sentence))
        if chosen and size > SUMMARY_WORDS:
            break
        chosen.append(sentence)
    return chosen


def _genres(movie: Movie) -> Said:
    names = [g.lower() if g not in ("Sci-Fi", "Film-Noir") else g for g in movie.genres]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return Said(f"Its genres are {listed}.", (Source(movie.tconst, "genres", ", ".join(movie.genres)),))


def _opinion(movie: Movie, passages: Sequence[Passage]) -> Iterator[Said]:
    if movie.rating is not None:
        source = Source(movie.tconst, "rating", f"{movie.rating:g}")
        yield Said(f"{movie.votes:,} people gave it {movie.rating:g} of 10 on average.", (source,))
    received = _section(passages, _RECEIVED)
    yield from received
    if movie.rating is None and not received:
        yield Said("No rating and no review of it is on record.", ())


def _section(passages: Sequence[Passage], names: Sequence[str]) -> list[Said]:
    found = [p for p in passages if p.section and any(n in p.section.lower() for n in names)]
    return list(_told(_summary(found), found)) if found else []


def _told(quoted: Sequence[str], passages: Sequence[Passage]) -> Iterator[Said]:
    for sentence in quoted:
        yield Said(sentence, cite(sentence, passages))


def cite(sentence: str, passages: Sequence[Passage]) -> tuple[Source, ...]:
    """The passage that holds `sentence`, as a source; () if none does."""
    holding = (p for p in passages if sentence in " ".join(p.text.split()))
    return tuple(Source(p.tconst, DESCRIPTION, sentence, p.url, p.license) for p in holding)[:1]


def resemblance(text: str, passages: Sequence[Passage]) -> tuple[Source, ...]:
    """The sentence of the passages that is nearest to `text`, as a source; () if none shares a word."""
    best = support(text, Record.of_texts([p.text for p in passages]))
    return cite(best, passages) if best else ()
