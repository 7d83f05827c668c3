"""`moviechat search` on the command line: limits are parsed and checked, hits shown with what each part added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from moviechat.errors import DataError
from moviechat.limits import AGE_RATINGS, Limits, Role
from moviechat.serve.terminal import visible

if TYPE_CHECKING:
    from moviechat.chat import Chat
    from moviechat.retrieval.search import Explained

Span = tuple[float | None, float | None]  # minimum and maximum; None for no limit

# The limit of each flag that takes a name, and the role for people.
FLAGS: dict[str, tuple[str, Role | None]] = {
    "--genre": ("genres_all", None),
    "--any-genre": ("genres_any", None),
    "--without-genre": ("genres_not", None),
    "--person": ("people", "any"),
    "--director": ("people", "director"),
    "--cast": ("people", "cast"),
    "--writer": ("people", "writer"),
    "--composer": ("people", "composer"),
    "--without-person": ("people_not", None),
    "--country": ("countries_any", None),
    "--without-country": ("countries_not", None),
    "--language": ("languages_any", None),
    "--without-language": ("languages_not", None),
}
_NUMBER = r"\d{1,12}(?:\.\d{1,6})?"
_RANGE = re.compile(rf"(?P<least>{_NUMBER})?(?P<to>\.\.)?(?P<most>{_NUMBER})?")
_NAMED = 4  # of the people of one name
_PLACE, _TITLE, _PART = 3, 44, 9  # columns of the table


def span(flag: str, said: str | None, whole: bool) -> Span:
    """The range in `said`: "2020" alone, "2019..2021", "2019.." or "..2021"; raises DataError with `flag`."""
    if said is None:
        return None, None
    found = _RANGE.fullmatch(said)
    least, most = (float(n) if n else None for n in found.group("least", "most")) if found else (None, None)
    if found and not found["to"]:
        most = least
    if least is most is None or (least is not None and most is not None and least > most):
        raise DataError(f"{flag} {visible(said)} is no range: give one like 2020, 2019..2021, 2019.. or ..2021")
    if whole and not all(end is None or end.is_integer() for end in (least, most)):
        raise DataError(f"{flag} {visible(said)} is in parts: give whole numbers, like 90..120")
    return least, most


def limits(
    ranges: Mapping[str, str | None], names: Mapping[str, Sequence[str] | None], age_rating: str | None = None
) -> Limits:
    """The given limits: `ranges` by field ("runtime": "..100"), `names` by flag ("--genre").

    Raises DataError with the flag.
    """
    said: dict[str, Any] = {"people": []}
    for field, text in ranges.items():
        ends = zip(("min", "max"), span(f"--{field}", text, field != "rating"), strict=True)
        said |= {f"{field}_{end}": value for end, value in ends if value is not None}
    for flag, given in names.items():
        limit, role = FLAGS[flag]
        values = [value for name in _names(flag, given or ()) for value in _meant(limit, name)]
        said.setdefault(limit, []).extend({"name": v, "role": role} if role else v for v in values)
    if age_rating is not None:
        said["age_rating_max"] = _age_rating(age_rating)
    return Limits.from_json(said)


def _names(flag: str, given: Sequence[str]) -> Sequence[str]:
    if not all(name.strip() for name in given):
        raise DataError(f"{flag} is empty: give it a name, or leave it out")
    return given


def _meant(limit: str, name: str) -> tuple[str, ...]:
    """The countries or languages of a common word for them ("scandinavian"), otherwise the name itself."""
    kind = limit.partition("_")[0]
    if kind not in ("countries", "languages"):
        return (name,)
    from moviechat.chat.places import PLACES
    from moviechat.chat.tokens import words

    read = words(name)
    whole = [tag.value for tag in PLACES.tags(read) if (tag.first, tag.last) == (0, len(read))]
    found = [place.countries if kind == "countries" else place.languages for place in whole]
    return (found[0] if found else ()) or (name,)


def _age_rating(said: str) -> str:
    if said.upper() not in AGE_RATINGS:
        raise DataError(f"--age-rating {visible(said)} is none of {', '.join(AGE_RATINGS)}: give one of them")
    return said.upper()


def check(chat: Chat, within: Limits) -> None:
    """Raises DataError, with near names, if a limit names a genre, country, language or person that no film has."""
    strange = chat.unknown(within) if within else {}
    faults = [_strange(limit, value, near, within) for limit, told in strange.items() for value, near in told.items()]
    if faults:
        raise DataError("; ".join(faults))


def namesakes(chat: Chat, within: Limits) -> Iterator[str]:
    """For each name in the limits that several people have: who they are, and how to mean one of them."""
    from moviechat.chat.bearers import in_words
    from moviechat.words import fold

    known = chat.shelf.known
    names = [credit.name for credit in within.people if not credit.id] + list(within.people_not)
    wanted = {fold(name) for name in names}
    for name, ids in known.shared.items() if wanted else ():
        if fold(name) in wanted:
            people = [f"{in_words(person, known)} ({person})" for person in ids[:_NAMED]]
            more = [f"{len(ids) - _NAMED} more"] if len(ids) > _NAMED else []
            way = "films of any of them count; give an id instead of the name to mean one"
            yield f"{visible(name)} may be {_either([*people, *more])}: {way}"


def _strange(limit: str, value: str, near: Sequence[str], within: Limits) -> str:
    roles = {c.role for c in within.people if c.name == value} if limit == "people" else {None}
    flag = next(f for f, (name, role) in FLAGS.items() if name == limit and role in roles)
    way_out = f"is it {_either(near)}?" if near else "nothing on record is spelled like it"
    return f"{flag} {visible(value)}: no film of the catalogue has it, {way_out}"


def _either(names: Sequence[str]) -> str:
    told = [visible(n) for n in names]
    return " or ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def rows(found: Sequence[Explained], explain: bool) -> list[dict[str, Any]]:
    """The hits as JSON, with `explain` also what each part added."""
    return [f.hit.to_row() | ({"parts": f.parts} if explain else {}) for f in found]


def told(found: Sequence[Explained], explain: bool) -> Iterator[str]:
    """The hits as lines; with `explain` a table of the parts that added to any of them."""
    if not found:
        yield "Nothing found: describe the film in other words, or widen the limits."
    elif not explain:
        yield from (f"{place:{_PLACE}}. {_named(f)}  {f.hit.score:.3f}" for place, f in enumerate(found, 1))
    else:
        parts = sorted({name for f in found for name, value in f.parts.items() if value})
        yield _line("", "", ["score", *parts])
        for place, f in enumerate(found, 1):
            yield _line(f"{place}.", _named(f), [f"{v:.2f}" for v in (f.hit.score, *(f.parts[p] for p in parts))])


def _named(found: Explained) -> str:
    return visible(f"{found.hit.title} ({found.hit.year})")


def _line(place: str, title: str, cells: Sequence[str]) -> str:
    short = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    return f"{place:>{_PLACE + 1}} {short:<{_TITLE}}{''.join(f'{cell:>{_PART}}' for cell in cells)}"
