"""Facts from the table, worded as sentences; every sentence with the fields that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from moviechat.chat.query import Query
from moviechat.chat.vocabulary import CREDITS, GENRES, Fact
from moviechat.reply import Source
from moviechat.schema import Movie
from moviechat.words import fold, stem, tokens

NO_VALUE = "not in the catalogue"
FEW_VOTES = 1000
FILMS_LISTED = 10

# The field of a person's work: what the film was by them, what they did to it.
_CREDITED: dict[Fact, tuple[str, str]] = {
    "directors": ("directed by", "directed"),
    "writers": ("written by", "wrote"),
    "producers": ("produced by", "produced"),
    "composers": ("scored by", "composed the music of"),
    "cinematographers": ("photographed by", "photographed"),
    "editors": ("edited by", "edited"),
}
_RECEIVED = (
    (8.0, "very well liked there"),
    (7.0, "well liked there"),
    (6.0, "fairly well liked there"),
    (5.0, "met with mixed opinions there"),
    (0.0, "not much liked there"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, what it rests on, and whether the language model worded it."""

    text: str
    sources: tuple[Source, ...]
    by_model: bool = False


def facts(movie: Movie, query: Query) -> list[Said]:
    """One sentence for each fact that `query` asks of `movie`; a missing value is said to be missing."""
    return list(dict.fromkeys(_SAYS[fact](movie, query) for fact in query.facts))


def overview(movie: Movie) -> Said:
    """The film in one sentence, made of the fields that it has."""
    parts = [f"{movie.label} is {_of_genres(movie)}"]
    if movie.directors:
        parts.append(f"directed by {listed(movie.directors)}")
    if movie.runtime is not None:
        parts.append(f"{movie.runtime} minutes long")
    if movie.rating is not None:
        parts.append(f"rated {movie.rating} out of 10 by {_count(movie.votes, 'voter')}")
    fields = ("genres", "directors", "runtime", "rating", "votes", "year")
    return _said(", ".join(parts), *(_source(movie, f) for f in fields if getattr(movie, f) not in (None, ())))


def credits(people: Sequence[str], asked: Sequence[Fact], films: Iterable[Movie]) -> list[Said]:
    """What each of `people` did in `films` (most votes first), in the fields `asked`, or in any if none is."""
    fields = [f for f in CREDITS if f in asked] or CREDITS
    ordered = sorted(films, key=lambda m: (-m.votes, m.tconst))
    return [said for name in people for said in _credits(name, fields, ordered) or [_no_credit(name, fields)]]


def _credits(name: str, fields: Sequence[Fact], films: Sequence[Movie]) -> list[Said]:
    work: dict[tuple[Movie, ...], list[Fact]] = {}
    for field in fields:
        work.setdefault(tuple(m for m in films if name in getattr(m, field)), []).append(field)
    return [_credit(name, done, made) for made, done in work.items() if made]


def _no_credit(name: str, fields: Sequence[Fact]) -> Said:
    return Said(f"I know no film that {name} {' or '.join(_did(f) for f in fields)}.", ())


def role(movie: Movie, query: Query) -> Said | None:
    """Who plays the character that `query` names, or whom its person plays; None if the table does not hold it."""
    pairs = zip(movie.cast, movie.characters, strict=False)
    parts = [(who, what) for who, what in pairs if what and _is_asked(who, what, query)]
    plays = [f"{who} plays {what}" for who, what in parts]
    return _said(f"In {movie.label}, {listed(plays)}", _source(movie, "cast", listed(plays))) if parts else None


def listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _did(field: Fact) -> str:
    return "acts in" if field == "cast" else _CREDITED[field][1]


def _credit(name: str, fields: Sequence[Fact], films: Sequence[Movie]) -> Said:
    did = listed([_did(f) for f in fields])
    more = len(films) - FILMS_LISTED
    shown = [m.label for m in films[:FILMS_LISTED]] + ([f"{more} more"] if more > 0 else [])
    sources = tuple(_source(m, f, name) for m in films[:FILMS_LISTED] for f in fields)
    return _said(f"{name} {did} {listed(shown)}", *sources)


def _is_asked(who: str, what: str, query: Query) -> bool:
    if query.people:
        return who in query.people
    wanted = {stem(t) for w in query.rest for t in tokens(w)}
    return bool(wanted) and wanted <= {stem(t) for t in tokens(what)}


def _role(movie: Movie, query: Query) -> Said:
    if said := role(movie, query):
        return said
    cast = f", whose cast is {listed(movie.cast)}" if movie.cast else ""
    if query.people:
        return _missing(movie, "cast", f"whom {listed(query.people)} plays in {movie.label}{cast}")
    if query.rest:
        return _missing(movie, "cast", f"who plays {' '.join(query.rest)} in {movie.label}{cast}")
    return _cast(movie, query)


def _crew(field: Fact) -> Callable[[Movie, Query], Said]:
    by = _CREDITED[field][0]

    def say(movie: Movie, query: Query) -> Said:
        names = getattr(movie, field)
        if not names:
            return _missing(movie, field, f"by whom {movie.label} was {by.removesuffix(' by')}")
        return _said(f"{_verdict(query, names)}{movie.label} was {by} {listed(names)}", _source(movie, field))

    return say


def _verdict(query: Query, names: Sequence[str]) -> str:
    # "Did Greta Gerwig direct it?" is answered before it is corrected.
    claimed = {fold(t) for name in query.people or query.rest for t in tokens(name)}
    if not query.yes_no or not claimed:
        return ""
    return "Yes: " if claimed <= {fold(t) for name in names for t in tokens(name)} else "No: "


def _cast(movie: Movie, query: Query) -> Said:
    if not movie.cast:
        return _missing(movie, "cast", f"who acts in {movie.label}")
    return _said(f"{_verdict(query, movie.cast)}{movie.label} stars {listed(movie.cast)}", _source(movie, "cast"))


def _runtime(movie: Movie, query: Query) -> Said:
    if movie.runtime is None:
        return _missing(movie, "runtime", f"how long {movie.label} is")
    hours, minutes = divmod(movie.runtime, 60)
    clock = " ".join(part for part, n in ((f"{hours} h", hours), (f"{minutes} min", minutes)) if n)
    text = f"{movie.label} is {_count(movie.runtime, 'minute')} long{f' ({clock})' if hours else ''}"
    return _said(text, _source(movie, "runtime"))


def _year(movie: Movie, query: Query) -> Said:
    verdict = ("Yes: " if str(movie.year) in query.numbers else "No: ") if query.yes_no and query.numbers else ""
    return _said(f"{verdict}{movie.title} came out in {movie.year}", _source(movie, "year"))


def _genres(movie: Movie, query: Query) -> Said:
    if not movie.genres:
        return _missing(movie, "genres", f"of what genre {movie.label} is")
    claimed = {stem(w) for w in query.rest if fold(w) in GENRES}
    right = claimed <= {stem(g) for g in movie.genres}
    verdict = ("Yes: " if right else "No: ") if query.yes_no and claimed else ""
    return _said(f"{verdict}{movie.label} is {_of_genres(movie)}", _source(movie, "genres"))


def _rating(movie: Movie, query: Query) -> Said:
    if movie.rating is None:
        return _missing(movie, "rating", f"how {movie.label} is rated")
    return _said(f"{movie.label} is rated {movie.rating} out of 10 by {_count(movie.votes, 'voter')}", *_rated(movie))


def _quality(movie: Movie, query: Query) -> Said:
    if movie.rating is None:
        return _missing(movie, "rating", f"how {movie.label} is rated, and I have no taste of my own")
    received = next(words for floor, words in _RECEIVED if movie.rating >= floor)
    few = ", which is little to go by" if movie.votes < FEW_VOTES else ""
    given = f"IMDb's users give {movie.label} {movie.rating} out of 10 ({_count(movie.votes, 'vote')}{few})"
    return _said(f"{given}, so it is {received}. That is their opinion: I have none of my own", *_rated(movie))


def _votes(movie: Movie, query: Query) -> Said:
    return _said(f"{movie.label} has {_count(movie.votes, 'vote')} on IMDb", _source(movie, "votes"))


def _original_title(movie: Movie, query: Query) -> Said:
    text = f"The original title of {movie.label} is {movie.original_title}"
    return _said(text, _source(movie, "original_title"))


def _alternative_titles(movie: Movie, query: Query) -> Said:
    others = [n for n in dict.fromkeys((movie.original_title, *movie.alternative_titles)) if n != movie.title]
    if not others:
        return _missing(movie, "alternative_titles", f"whether {movie.label} has another title")
    field = "alternative_titles" if movie.alternative_titles else "original_title"
    return _said(f"{movie.label} is also called {listed(others)}", _source(movie, field, listed(others)))


_SAYS: dict[Fact, Callable[[Movie, Query], Said]] = {
    **{field: _crew(field) for field in _CREDITED},
    "role": _role,
    "cast": _cast,
    "runtime": _runtime,
    "year": _year,
    "genres": _genres,
    "rating": _rating,
    "quality": _quality,
    "votes": _votes,
    "original_title": _original_title,
    "alternative_titles": _alternative_titles,
}


def _said(text: str, *sources: Source) -> Said:
    # The name at the end may bring its own full stop ("Jr.").
    return Said(text if text.endswith((".", "!", "?", "…")) else f"{text}.", sources)


def _missing(movie: Movie, field: str, what: str) -> Said:
    return _said(f"The catalogue does not say {what}", _source(movie, field, NO_VALUE))


def _rated(movie: Movie) -> tuple[Source, ...]:
    return _source(movie, "rating"), _source(movie, "votes")


def _source(movie: Movie, field: str, text: str = "") -> Source:
    value = getattr(movie, field)
    return Source(movie.tconst, field, text or (", ".join(value) if isinstance(value, tuple) else str(value)))


def _of_genres(movie: Movie) -> str:
    named = f"{listed([g.lower() for g in movie.genres])} film" if movie.genres else "film"
    return f"{'an' if named[0] in 'aeiou' else 'a'} {named}"


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}"
