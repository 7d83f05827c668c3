"""Why a film is recommended: one short clause that its record and texts support."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from moviechat.chat.wish import Wish
from moviechat.reply import Source
from moviechat.schema import Movie, Passage
from moviechat.words import STOP, TOKEN, fold, sentences, stem, tokens

Reason = tuple[str, tuple[Source, ...]]
Texts = Mapping[str, Sequence[Passage]]

_NOTHING: Reason = ("", ())
_LONGEST, _SHORTEST = 20, 7  # words of a quotation
_PREMISE = 3  # first sentences, which say what a story is about
_CLAUSE = re.compile(r"[,;:] | [-–—] |—| (?=(?:but|who|whose|when|while|where|until|after|before)\b)")
_OPENING = re.compile(r"^[\s,;:–—-]*(?:(?:and|but|as) )?")
# Sentences about the film as a work say nothing about its story.
_WORK = frozenset("film movie documentary director directed starring stars premiered release released written".split())
_ONE = frozenset(("a", "an"))
_BEFORE = frozenset("the his her their its of in on at with from into by for against about under between".split())
# Too common in stories to make two of them similar.
_ANY = frozenset(
    """man woman men women boy girl people person family life lives world story time day days night year years way
    friend friends home house place town city film movie past future end help order group name help man's own new
    young old love death events series journey start beginning search return control truth""".split()
)
_EDGES = " ,;:-–—."
_STOPS = tuple(".,;:!?)")
_SHARED = 2  # maximum things in common that are named
_STARS = 5  # first names of the cast of whom one may be shared
_SIGNS = 4  # minimum letters of a word that may be one
_MOST: tuple[tuple[str, Callable[[Movie], float | None], str], ...] = (
    ("rating", lambda m: m.rating, "the best rated of them"),
    ("votes", lambda m: m.votes, "the best known of them"),
)


def reasons(movies: Sequence[Movie], wish: Wish, liked: Sequence[Movie], texts: Texts) -> list[Reason]:
    """A reason for each of `movies`, the picks for `wish` in order; "" if there is nothing to add.

    First people or things shared with a liked film, then text about the wish's words, then (for a wish of limits only)
    how it stands out among the picks, then how its story begins, then who made it.
    """
    open_ = wish.order != "fit" or wish.words or wish.moods or liked
    best = {} if open_ else dict(_standing_out(movies))
    wanted = frozenset(stem(t) for t in tokens(wish.words) if fold(t) not in STOP)
    return [
        _like(movie, liked, texts)
        or _told(movie, wanted, texts)
        or best.get(movie.tconst)
        or _begins(movie, texts)
        or _made(movie)
        for movie in movies
    ]


def _like(movie: Movie, liked: Sequence[Movie], texts: Texts) -> Reason | None:
    ways = (_same_people, lambda m, other: _same_things(m, other, texts))
    return next((found for way in ways for other in liked if (found := way(movie, other))), None)


def _same_people(movie: Movie, other: Movie) -> Reason | None:
    for field, said in (("directors", "by the same director as"), ("writers", "by the same writer as")):
        if shared := _shared(movie, other, field):
            return f"{said} {other.title}", tuple(Source(m.tconst, field, shared[0]) for m in (movie, other))
    if shared := _shared(movie, other, "cast", _STARS):
        sources = tuple(Source(m.tconst, "cast", shared[0]) for m in (movie, other))
        return f"with {shared[0]}, as in {other.title}", sources
    return None


def _shared(movie: Movie, other: Movie, field: str, first: int | None = None) -> list[str]:
    """The names of those whom two films share among the first of a field of people."""
    theirs = set(other.persons(field)[:first])
    people = zip(getattr(movie, field), movie.persons(field), strict=True)
    return [name for name, person in list(people)[:first] if person in theirs]


def _same_things(movie: Movie, other: Movie, texts: Texts) -> Reason | None:
    """What both stories are about, in the words of the picked film's text."""
    mine, theirs = (dict(_things(texts.get(m.tconst, ()))) for m in (movie, other))
    shared = sorted(mine.keys() & theirs.keys(), key=lambda s: (-len(mine[s][0]), s))[:_SHARED]
    if not shared:
        return None
    passages = dict.fromkeys([mine[s][1] for s in shared] + [theirs[s][1] for s in shared])
    return f"{' and '.join(mine[s][0] for s in shared)}, as in {other.title}", tuple(map(_source, passages))


def _things(passages: Sequence[Passage]) -> Iterator[tuple[str, tuple[str, Passage]]]:
    """Stems of the plain nouns of a text, each with its phrase ("a young soldier", "war")."""
    for passage in passages[:1]:
        text = " ".join(sentences(passage.text)[:_PREMISE])
        read = list(TOKEN.finditer(text))
        for i, word in enumerate(read):
            if phrase := _phrase(text, read, i):
                yield stem(word.group()), (phrase, passage)


def _phrase(text: str, read: Sequence[re.Match[str]], i: int) -> str | None:
    """The phrase that ends with word `i`, if it is plainly a noun: after an article or preposition, before a break."""
    word = read[i].group()
    if not word.islower() or len(word) < _SIGNS or word in STOP or word in _ANY or not _ends(text, read, i):
        return None
    before = [read[j].group().lower() if j >= 0 and _joined(text, read, j) else "" for j in (i - 1, i - 2)]
    if before[0] in _BEFORE:
        return text[read[i - 1].start() : read[i].end()] if before[0] == "the" else word
    plural = word.endswith("s") and not word.endswith(("ss", "us"))
    if plural or not (before[0] in _ONE or (before[1] in _ONE and before[0] not in STOP)):
        return None
    first = read[i - 1 if before[0] in _ONE else i - 2].start()
    return text[first].lower() + text[first + 1 : read[i].end()]


def _joined(text: str, read: Sequence[re.Match[str]], j: int) -> bool:
    """Whether only a space is between word `j` and the next."""
    return text[read[j].end() : read[j + 1].start()] == " "


def _ends(text: str, read: Sequence[re.Match[str]], i: int) -> bool:
    if i + 1 == len(read):
        return True
    gap = text[read[i].end() : read[i + 1].start()]
    return (gap == " " and read[i + 1].group() in STOP) or gap[:1] in _STOPS


def _told(movie: Movie, wanted: frozenset[str], texts: Texts) -> Reason | None:
    """The clause of the film's texts with the most wanted stems, if any."""
    clauses = [(clause, passage) for passage in texts.get(movie.tconst, ()) for clause in _clauses(passage)]
    found = [(len(wanted & {stem(t) for t in tokens(clause)}), clause, passage) for clause, passage in clauses]
    best = max(found, key=lambda f: f[0], default=None)
    return _quoted(best[1], best[2]) if best and best[0] else None


def _begins(movie: Movie, texts: Texts) -> Reason | None:
    """The first clause of the film's story."""
    return next((_quoted(c, p) for p in texts.get(movie.tconst, ()) for c in _clauses(p)), None)


def _clauses(passage: Passage) -> Iterator[str]:
    """Parts of the passage short enough to quote, cut at clause ends; none about the film as a work."""
    for sentence in sentences(passage.text):
        if not _WORK & {t.lower() for t in tokens(sentence)}:
            cuts = [0, *(m.start() for m in _CLAUSE.finditer(sentence)), len(sentence)]
            yield from _pieces(sentence, cuts)


def _pieces(sentence: str, cuts: Sequence[int]) -> Iterator[str]:
    """Runs of clauses up to the maximum length, with "…" if the sentence goes on; a long clause is cut."""
    begin = 0
    for end, following in [*pairwise(cuts[1:]), (cuts[-1], None)]:
        if following is None or len(sentence[begin:following].split()) > _LONGEST:
            words = _OPENING.sub("", sentence[begin:end]).strip(_EDGES).split(" ")
            if _SHORTEST <= len(words) <= _LONGEST:
                yield " ".join(words) if following is None else f"{' '.join(words)} …"
            elif not begin and len(sentence.split(" ")) > _LONGEST:
                yield f"{' '.join(sentence.split(' ')[:_LONGEST]).strip(_EDGES)} …"
            begin = end


def _quoted(clause: str, passage: Passage) -> Reason:
    return f"“{clause}”", (_source(passage),)


def _source(passage: Passage) -> Source:
    return Source(passage.tconst, "description", passage.text, passage.url, passage.license)


def _standing_out(movies: Sequence[Movie]) -> Iterator[tuple[str, Reason]]:
    """The films with a value above all the others', each by its first such value."""
    told = set[str]()
    for field, value, said in _MOST:
        known = sorted(((v, m) for m in movies if (v := value(m)) is not None), key=lambda f: -f[0])
        if len(known) == len(movies) > 2 and known[0][0] > known[1][0] and (first := known[0][1]).tconst not in told:
            told.add(first.tconst)
            yield first.tconst, (said, (Source(first.tconst, field, str(getattr(first, field))),))


def _made(movie: Movie) -> Reason:
    if not movie.directors:
        return _NOTHING
    return f"directed by {movie.directors[0]}", (Source(movie.tconst, "directors", movie.directors[0]),)
