"""Questions about plots: the sentences that answer, quoted; or that it is not said, and what comes nearest.

A bundle that is served by its own language model alone (the published system) words the answer; what it writes is
checked, and what fails the check gives way to the quotation.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from moviechat import prompts
from moviechat.chat import facts
from moviechat.chat.evidence import Near, asks, nearest
from moviechat.chat.guard import supported, whole_sentences
from moviechat.chat.naming import named
from moviechat.chat.said import Said
from moviechat.grounding.record import Record, support
from moviechat.grounding.unsaid import telling
from moviechat.reply import Source
from moviechat.schema import NOT_SAID, Movie, Passage
from moviechat.words import STOP, TOKEN, fold, sentences, tokens

if TYPE_CHECKING:
    from moviechat.chat.shelf import Shelf
    from moviechat.grounding.reading import Reader

DESCRIPTION = "description"
NEAREST = "Not said outright. Nearest:"
# Bytes of text and of question in one prompt. A token is at least a byte, so both fit the default context of 2,048
# tokens in any script; in English they are some 220 words, which is what the adapter was trained to read.
PROMPT_TEXT, PROMPT_QUESTION = 1350, 300
SUMMARY_SENTENCES, SUMMARY_WORDS = 3, 90
_UNLIKE = 0.15  # likeness below which even the nearest sentence is not worth telling
_ALMOST = 0.15  # of the nearest sentence's score by which the next may be farther
_PLOT = r"plot|storyline|synopsis|premise|summar\w+|gist|overview"
_ABOUT = re.compile(rf"\b(?:{_PLOT}|about|story|describe|what happens|what goes on)\b", re.I)
# What only a question for the whole plot holds.
_WHOLE = re.compile(rf"\b(?:{_PLOT}|logline|blurb|outline|pitch|nutshell|broad strokes)\b", re.I)
_WHO = re.compile(r"\bwho(?:['’]?s| is| was| are| plays| played)\b", re.I)
_THEMES = re.compile(r"\b(?:themes?|tone|mood|vibe|genres?|atmosphere|style|what kind of (?:film|movie))\b", re.I)
_OPINION = re.compile(
    r"\b(?:what do people think|reviews?|reception|critics?|any good|worth (?:watching|seeing))\b", re.I
)
_TRIVIA = re.compile(r"\b(?:trivia|behind the scenes|fun facts?|making of|how was it (?:made|shot|filmed))\b", re.I)
# A question that stands beside another in one message: "why is she there, and what does he want".
_BESIDE = re.compile(r"[,;.?!&]|\band\b", re.I)
_ASKS = re.compile(
    r"(?:(?:and|so|but|in|on|at|to|from|for|with|by)\s+){0,2}(?:who|whom|whose|what|which|where|when|why|how)(?:['’]?(?:s|re))?\b",
    re.I,
)
PARTS = 2  # questions of one message that are answered
_SAME_WORD = 80  # likeness (0-100) of a word of the title and one that is a slip of it
_MADE = ("production", "development", "filming", "casting", "background", "making")
_RECEIVED = ("reception", "response", "critical", "reviews")
BESIDE = {"trivia": _MADE, "critics": _RECEIVED}  # fields that no table holds, and the sections that may answer
# Beside those, what a question for the whole plot may hold.
_PLAIN = frozenset(
    """what whats is it this that the a an of film movie tell me give us in one two three few short sentence sentences
    words line please pls plz can could you briefly quick quickly so whole main general do does was just more i know
    want to and its there s ok okay fine alright go goes on please""".split()
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
    elif asks_whole(asked, movie, shelf.checker.reader):
        yield from _told(_summary(passages), passages)
    else:
        yield from _worded(question, movie, passages, shelf) or _particular(asked, movie, passages, shelf)


def asks_whole(asked: str, movie: Movie, reader: Reader) -> bool:
    """Whether a message asks for the whole plot, in all of it or in the only part that asks."""
    if is_whole(asked, movie, reader):
        return True
    parts = [p for p in _BESIDE.split(asked) if _ASKS.search(p)]
    return len(parts) == 1 and bool(_ABOUT.search(parts[0])) and is_whole(parts[0], movie, reader)


def is_whole(asked: str, movie: Movie, reader: Reader) -> bool:
    """Whether a question, without the film's title, is for the whole plot: it names nothing else that it is about."""
    titles = {fold(w) for title in (movie.title, movie.original_title) for w in tokens(title)}
    about = _ABOUT.search(asked) is not None
    for word in reader.parsed(asked).words:
        said = fold(word.text)
        known = (
            said in _PLAIN
            or (said == "then" and "happen" not in asked)
            or not any(map(str.isalpha, said))
            or _ABOUT.search(said)
        )
        # "A rough summary": how it is to be told is no more than that.
        if not known and not (about and word.pos in ("ADJ", "INTJ")) and not _is_like(said, titles):
            return False
    return True


def _is_like(word: str, titles: Collection[str]) -> bool:
    """Whether a word is one of the title's, or a slip of it."""
    from rapidfuzz import fuzz

    return any(fuzz.ratio(word, other) >= _SAME_WORD for other in titles)


def without_titles(question: str, movie: Movie) -> str:
    """The question with "it" for the film's title, with its marks or without them."""
    for title in filter(None, (movie.title, movie.original_title, *movie.alternative_titles)):
        if words := TOKEN.findall(title):
            typed = r"\W{1,3}".join(map(re.escape, words))
            question = re.sub(rf"(?<!\w){typed}(?!\w)(?: \(\d{{4}}\))?", "it", question, flags=re.IGNORECASE)
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
    """The sentences that tell it; else that it is not said outright, and what comes nearest."""
    texts = [p.text for p in passages]
    told = [s for text in texts for s in sentences(text)]
    sure, near = list[str](), list[str]()
    parts = questions(asked)
    for one in parts:
        # What becomes of somebody is the last that is told of it, not the first sentence with these words.
        exact = None if asks(one) == "fate" else telling(one, movie, texts)
        if exact in told:
            sure.append(exact)
        else:
            found = (nearest(q, told, shelf.checker.reader) for q in dict.fromkeys((one, asked)))
            near += next(filter(None, (_close(f, near, 1 if len(parts) > 1 else 2) for f in found)), [])
    if not sure and _WHOLE.search(asked):
        yield from _told(_summary(passages), passages)
        return
    if not sure and not near:
        yield Said(NOT_SAID, tuple(Source(p.tconst, DESCRIPTION, p.text, p.url, p.license) for p in passages[:1]))
        yield from _told(_summary(passages)[:1], passages)
    yield from _shown(sure, passages, shelf.checker.reader)
    near = [s for s in near if s not in sure]
    if near:
        yield Said(NEAREST, tuple(s for one in near for s in cite(one, passages)))
        yield from _shown(near, passages, shelf.checker.reader)
    if not sure and movie.cast and _WHO.search(asked):  # a part that only the text tells of: "who is the drummer"
        yield facts.say(movie, "cast", {})


def questions(asked: str) -> list[str]:
    """The questions of a message, at most `PARTS`; all of it where it holds only one."""
    starts = [0, *(m.end() for m in _BESIDE.finditer(asked) if _ASKS.match(asked[m.end() :].lstrip()))]
    pieces = [asked[a:b] for a, b in zip(starts, [*starts[1:], len(asked)], strict=True)]
    found = [p.strip() for p in pieces if _ASKS.search(p) and _names_something(p)]
    return found[:PARTS] if len(found) > 1 else [asked]


def _names_something(part: str) -> bool:
    return any(fold(w) not in STOP and not _ASKS.fullmatch(w) for w in tokens(part))


def _close(near: Sequence[Near], said: Sequence[str], most: int) -> list[str]:
    """The nearest sentence not yet said, and the next if it is about as near; none if not even that is like it."""
    left = [n for n in near if n.sentence not in said]
    if not left or left[0].likeness < _UNLIKE:
        return []
    return [left[0].sentence, *(n.sentence for n in left[1:most] if n.score >= left[0].score - _ALMOST)]


def _shown(quoted: Sequence[str], passages: Sequence[Passage], reader: Reader) -> Iterator[Said]:
    """Sentences as they stand, with the name of their "he" or "she" in brackets where it is sure."""
    for one in dict.fromkeys(quoted):
        passage = next((p for p in passages if one in sentences(p.text)), None)
        names = [] if passage is None else [n.shown for n in named(passage.text, reader) if n.sentence == one]
        yield Said(names[0] if names else one, cite(one, passages))


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


def beside(passages: Sequence[Passage], name: str) -> list[Said]:
    """What the passages say to a field of BESIDE, from the sections on a film's making or reception."""
    return _section(passages, BESIDE[name])


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
