"""Fields as sentences: their values, or that they are not on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from moviechat.chat.fields import BY_NAME, PEOPLE, Field
from moviechat.chat.said import Said
from moviechat.reply import Source
from moviechat.schema import Movie

Facts = Mapping[str, tuple[str, ...]]  # a film's values of the fields from `enrich`


FEW_VOTES = 1000
CAST_SHOWN = 6


def values(movie: Movie, name: str, facts: Facts) -> tuple[str, ...]:
    """The values of a field as shown; () if there is none."""
    kind = BY_NAME[name].kind
    if kind == "off":
        return ()
    if kind == "fact":
        return facts.get(name, ())
    value = getattr(movie, name, None)
    if name == "runtime":
        return () if value is None else (length(value),)
    if name == "votes":
        return (f"{movie.votes:,}",)
    if value is None or value == ():
        return ()
    if name == "original_title":
        return (movie.original_title,)
    return tuple(value) if isinstance(value, tuple) else (str(value),)


def length(minutes: int) -> str:
    """ "119 minutes (1 h 59 min)"; below one hour without the hours."""
    hours, rest = divmod(minutes, 60)
    spelled = f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{minutes} minutes ({spelled})" if hours else f"{minutes} minutes"


def ended(text: str) -> str:
    """A sentence with one full stop: "... by Timothy Woodward Jr." already has it."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def say(movie: Movie, name: str, facts: Facts) -> Said:
    """The sentence for one field of a film, also if its value is missing."""
    field, found = BY_NAME[name], values(movie, name, facts)
    if not found:
        return missing(movie, name, facts)
    special: dict[str, Callable[[Movie], str]] = {"rating": _rating, "cast": _cast, "directors": _directors}
    text = special[name](movie) if name in special else field.says.format(film=movie.label, value=listed(found))
    text = text[:-1] if text.endswith("..") else text
    return Said(text, (source(movie, name, found),))


def missing(movie: Movie, name: str, facts: Facts) -> Said:
    """That a field is not on record, and what is on record instead."""
    field = BY_NAME[name]
    if field.kind == "off":
        return Said(f"I don't know {_about(field, movie)}: {_why(field)} {_instead(movie, name)}".strip(), ())
    if name == "based_on" and movie.writers:  # IMDb lists authors of novels among the writers
        told = say(movie, "writers", facts)
        return Said(f"The source of {movie.label} is not on record here. {told.text}", told.sources)
    plural = "are" if field.label.endswith("s") else "is"
    if name in PEOPLE:
        return Said(f"No {field.label} is listed for {movie.label}.", ())
    return Said(f"The {field.label} of {movie.label} {plural} not on record here.", ())


def _about(field: Field, movie: Movie) -> str:
    said = {
        "streaming": f"where {movie.label} can be watched",
        "critics": f"what critics wrote of {movie.label}",
        "sequel": f"whether {movie.label} has a sequel",
        "trivia": f"any trivia about {movie.label}",
        "other": f"that about {movie.label}",
    }
    return said.get(field.name, f"{field.label} of {movie.label}")


def _why(field: Field) -> str:
    what = {"streaming": "streaming services", "critics": "critics' scores", "trivia": "trivia", "other": "it"}
    return f"the catalogue has no information on {what.get(field.name, field.label.removeprefix('the '))}."


def _instead(movie: Movie, name: str) -> str:
    if name in ("critics", "box_office") and movie.rating is not None:
        return f"IMDb's users rate it {movie.rating} ({movie.votes:,} votes)."
    return ""


def source(movie: Movie, name: str, found: Sequence[str] | None = None) -> Source:
    """The field as the source of a sentence."""
    field = "cast" if name == "role" else name
    text = listed(found) if found else str(getattr(movie, field, ""))
    return Source(movie.tconst, field, text)


def _rating(movie: Movie) -> str:
    few = ", so it says little" if movie.votes < FEW_VOTES else ""
    return f"{movie.label} is rated {movie.rating} out of 10 on IMDb ({movie.votes:,} votes{few})."


def _directors(movie: Movie) -> str:
    return ended(f"{movie.label} was directed by {listed(movie.directors)}")


def _cast(movie: Movie) -> str:
    return f"{movie.label} stars {listed([plays(movie, i) for i in range(min(len(movie.cast), CAST_SHOWN))])}."


def plays(movie: Movie, at: int) -> str:
    """The name of an actor, with the character in brackets if it is known."""
    part = movie.characters[at] if at < len(movie.characters) else ""
    return f"{movie.cast[at]} ({part})" if part else movie.cast[at]


def overview(movie: Movie) -> Said:
    """The film in one sentence, from the fields that it has."""
    first = movie.genres[0].lower() if len(movie.genres) == 1 else ""
    kind = f"{'an' if first[:1] in 'aeiou' else 'a'} {first} film" if first else "a film"
    many = f" ({', '.join(movie.genres)})" if len(movie.genres) > 1 else ""
    parts = [f"{movie.label} is {kind}{many}"]
    if movie.directors:
        parts.append(f"directed by {listed(movie.directors)}")
    if movie.runtime is not None:
        parts.append(f"{movie.runtime} minutes long")
    if movie.cast:
        parts.append(f"with {listed(movie.cast[:3])}")
    if movie.rating is not None:
        parts.append(f"rated {movie.rating} out of 10 ({movie.votes:,} votes)")
    fields = ("genres", "directors", "runtime", "cast", "rating", "year")
    sources = tuple(source(movie, f) for f in fields if getattr(movie, f) not in (None, ()))
    return Said(", ".join(parts) + ".", sources)


def number(movie: Movie, name: str) -> float | None:
    """The value of a field of kind "number"."""
    value = getattr(movie, name)
    return None if value is None else float(value)


def credited(movie: Movie, person: str) -> list[str]:
    """The fields of people in which the film has `person`, a name or an id."""
    return [name for name in PEOPLE if movie.has(person, name)]


def listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
