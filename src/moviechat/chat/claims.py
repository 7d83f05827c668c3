"""Yes/no answers with the value: claims about films, and comparisons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from moviechat.chat import facts
from moviechat.chat.amounts import Amount
from moviechat.chat.facts import Facts, listed, plays, say, source
from moviechat.chat.fields import BY_NAME, PEOPLE
from moviechat.chat.query import AskFact, Claim, Compare
from moviechat.chat.said import Said
from moviechat.reply import Source
from moviechat.schema import Movie
from moviechat.words import fold, stem, tokens

_WITHIN = 1  # tolerance in minutes of a claimed length


def answer_claim(movie: Movie, query: AskFact, facts_of: Facts, called: Callable[[str], str] = str) -> list[Said]:
    """The answer to a claim about a film, then the other fields that were asked; `called` gives a person's name."""
    assert query.claim is not None
    said = [_people(movie, query, called)] if query.claim.people else []
    said += [_genres(movie, query.claim)] if query.claim.genres and not query.claim.people else []
    said += [_amount(movie, a, facts_of) for a in query.claim.amounts]
    covered = {"genres"} | {a.field for a in query.claim.amounts}
    if query.claim.people:
        covered |= {*PEOPLE, "role", "cast"}
    return said + [say(movie, name, facts_of) for name in query.fields if name not in covered]


def _people(movie: Movie, query: AskFact, called: Callable[[str], str]) -> Said:
    assert query.claim is not None
    fields = [f for f in query.fields if f in PEOPLE]
    field = fields[0] if fields else None
    person = next((p for p in query.claim.people if facts.credited(movie, p)), query.claim.people[0])
    if field and not (field == "cast" and not fields[1:]):
        person = next((p for p in query.claim.people if movie.has(p, field)), person)
    name, did = called(person), facts.credited(movie, person)
    if not did and movie.has(name):
        return _another(movie, name, field)
    if "role" in query.fields and "cast" in did:
        return Said(f"In {movie.label}, {_part(movie, name)}.", (_acts(movie, name),))
    if field is None or (field == "cast" and not fields[1:]):
        return _took_part(movie, name, did)
    others = getattr(movie, field)
    if field in did:
        more = f", with {listed([n for n in others if n != name])}" if len(others) > 1 else ""
        also = _also(movie, name, [d for d in did if d != field and d in ("cast", "directors", "writers")])
        return Said(f"Yes: {name} {_did(field)} {movie.label}{more}{also}.", (source(movie, field, others),))
    right = f": {say(movie, field, {}).text}" if others else f"; no {BY_NAME[field].label} is listed for {movie.label}."
    also = f" {name} {_list_did(did)} it." if did else ""
    return Said(f"No{right}{also}", (source(movie, field, others),))


def _another(movie: Movie, name: str, field: str | None) -> Said:
    """That who is meant did not work on a film, but somebody else of that name."""
    did = facts.credited(movie, name)
    if field is None or field in did or not getattr(movie, field):
        text, asked = f"No, that is another {name}, who {_list_did(did)} {movie.label}.", []
    else:
        text, asked = f"No: {say(movie, field, {}).text} Another {name} {_list_did(did)} it.", [field]
    return Said(text, tuple(source(movie, d) for d in (*asked, *did)))


def _took_part(movie: Movie, name: str, did: Sequence[str]) -> Said:
    if "cast" in did:
        also = _also(movie, name, [d for d in did if d in ("directors", "writers")])
        return Said(f"Yes: {_part(movie, name)} in {movie.label}{also}.", (_acts(movie, name),))
    if did:
        return Said(f"Yes: {name} {_list_did(did)} {movie.label}.", tuple(source(movie, d) for d in did))
    told = [say(movie, f, {}) for f in ("directors", "cast") if getattr(movie, f)]
    text = " ".join([f"No, {name} is not among the people listed for {movie.label}.", *(s.text for s in told)])
    return Said(text, tuple(s for t in told for s in t.sources))


def _acts(movie: Movie, name: str) -> Source:
    return source(movie, "cast", (plays(movie, movie.cast.index(name)),))


def _part(movie: Movie, name: str) -> str:
    at = movie.cast.index(name)
    part = movie.characters[at] if at < len(movie.characters) else ""
    return f"{name} plays {part}" if part else f"{name} appears"


def _also(movie: Movie, name: str, did: Sequence[str]) -> str:
    said = [_part(movie, name).removeprefix(f"{name} ") if d == "cast" else f"{_did(d)} it" for d in did]
    return f"; {name.split()[-1]} also {listed(said)}" if said else ""


def _did(field: str) -> str:
    return BY_NAME[field].did


def _list_did(did: Sequence[str]) -> str:
    return listed([_did(d) for d in did])


def _genres(movie: Movie, claim: Claim) -> Said:
    where = (source(movie, "genres", movie.genres),)
    if not movie.genres:
        return Said(f"The genre of {movie.label} is not on record here.", ())
    has = [g for g in claim.genres if g in movie.genres]
    if len(claim.genres) > 1 and has:
        return Said(f"{movie.label} is listed as {listed(movie.genres)}.", where)
    yes = "Yes" if has else "No"
    return Said(f"{yes}: {movie.label} is listed as {listed(movie.genres)}.", where)


def _amount(movie: Movie, amount: Amount, facts_of: Facts) -> Said:
    value = facts.number(movie, amount.field)
    fact = say(movie, amount.field, facts_of)
    if value is None:
        return fact
    slack = _WITHIN if amount.field == "runtime" else 0
    low = amount.low if amount.bounded else amount.value - slack
    high = amount.high if amount.bounded else amount.value + slack
    holds = (low is None or value >= low) and (high is None or value <= high)
    return Said(f"{'Yes' if holds else 'No'}: {fact.text}", fact.sources)


def compare(movies: Sequence[Movie], query: Compare) -> Said:
    """Which film has most (or least) of a field, with the value of every film."""
    field = BY_NAME[query.field]
    valued = [(v, m) for m in movies if (v := facts.number(m, query.field)) is not None]
    lacking = [m.label for m in movies if facts.number(m, query.field) is None]
    if not valued:
        return Said(f"The {field.label} of {listed(lacking)} is not on record here.", ())
    ranked = sorted(valued, key=lambda found: (-found[0] if query.up else found[0], found[1].tconst))
    values = ", ".join(f"{m.label} {_value(m, query.field)}" for _, m in ranked)
    best = [m for v, m in ranked if v == ranked[0][0]]
    more = field.more if query.up else field.less
    if len(ranked) == 1:
        text = f"{ranked[0][1].label}: {_value(ranked[0][1], query.field)}."
    elif len(best) == len(ranked):
        text = f"They are equal: {values}."
    else:
        superlative = _most(more) if len(ranked) > 2 else more
        by = f" by {_apart(ranked[0][0], ranked[1][0], query.field)}" if len(ranked) == 2 else ""
        text = f"{best[0].label} is {'the ' if len(ranked) > 2 else ''}{superlative}{by}: {values}."
    if query.claimed and len(ranked) > 1:
        yes = len(best) == 1 and best[0].tconst == query.claimed
        text = f"{'Yes' if yes else 'No'}: {text}"
    unknown = f" Nothing is on record for {listed(lacking)}." if lacking else ""
    return Said(text + unknown, tuple(source(m, query.field, (_value(m, query.field),)) for _, m in ranked))


def _apart(a: float, b: float, field: str) -> str:
    """How far two values are apart, with their unit."""
    if field == "rating":
        return f"{abs(a - b):.1f}"
    units = {"runtime": "minute", "votes": "vote", "year": "year"}
    return f"{abs(int(a - b)):,} {units[field]}{'s' if abs(a - b) != 1 else ''}"


def _value(movie: Movie, field: str) -> str:
    if field == "runtime" and movie.runtime is not None:
        return facts.length(movie.runtime)
    return f"{movie.votes:,} votes" if field == "votes" else str(getattr(movie, field))


_SUPERLATIVES: Mapping[str, str] = {
    "longer": "longest", "shorter": "shortest", "newer": "newest", "older": "oldest", "more popular": "most popular",
    "less known": "least known", "better rated": "best rated", "worse rated": "worst rated",
}  # fmt: skip


def _most(comparative: str) -> str:
    return _SUPERLATIVES[comparative]


def role(movie: Movie, part: str) -> Said:
    """Who plays a character; if no character has that name, the cast with its characters."""
    wanted = {stem(t) for t in tokens(part)}
    pairs = [(a, c) for a, c in zip(movie.cast, movie.characters, strict=False) if c]
    fitting = [(a, c) for a, c in pairs if wanted and wanted & {stem(t) for t in tokens(c)}]
    best = max((len(wanted & {stem(t) for t in tokens(c)}) for _, c in fitting), default=0)
    fitting = [(a, c) for a, c in fitting if len(wanted & {stem(t) for t in tokens(c)}) == best]
    if fitting:
        said = listed([f"{a} plays {c}" for a, c in fitting])
        return Said(f"In {movie.label}, {said}.", (source(movie, "cast", [said]),))
    cast = say(movie, "cast", {})
    if not movie.cast or not wanted:
        return cast
    return Said(f"No part called {fold(part)} is on record. {cast.text}", cast.sources)
