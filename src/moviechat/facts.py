"""Facts that IMDb's tables lack: field names, normalised values, and the format of their lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from moviechat import jsonl
from moviechat.schema import Fact

FIELDS = (
    "countries",
    "languages",
    "age_rating",
    "awards",
    "based_on",
    "filming_places",
    "companies",
    "article",
)
SINGLE = frozenset(("age_rating", "article"))  # a film has at most one of them
ABOUT = frozenset(("tconst", "source", "sources", "url", "inferred"))  # the other keys of a line

# Preferred short English names, by the other names in sources.
_COUNTRIES = {
    "America": "United States",
    "Bahamas, The": "Bahamas",
    "Czechia": "Czech Republic",
    "Great Britain": "United Kingdom",
    "Hong Kong SAR China": "Hong Kong",
    "Kingdom of Denmark": "Denmark",
    "Kingdom of the Netherlands": "Netherlands",
    "People's Republic of China": "China",
    "Republic of China": "Taiwan",
    "Republic of Ireland": "Ireland",
    "Republic of Korea": "South Korea",
    "Russian Federation": "Russia",
    "State of Palestine": "Palestine",
    "The Bahamas": "Bahamas",
    "The Netherlands": "Netherlands",
    "Türkiye": "Turkey",
    "UK": "United Kingdom",
    "USA": "United States",
    "United States of America": "United States",
    "Viet Nam": "Vietnam",
}
_LANGUAGES = {
    "American English": "English",
    "Bangla": "Bengali",
    "Bokmål": "Norwegian",
    "Brazilian Portuguese": "Portuguese",
    "British English": "English",
    "Castilian": "Spanish",
    "Dzongkha language": "Dzongkha",
    "Farsi": "Persian",
    "Flemish": "Dutch",
    "Mandarin Chinese": "Mandarin",
    "Modern Standard Arabic": "Arabic",
    "Standard Chinese": "Mandarin",
    "Standard Mandarin": "Mandarin",
}
_USED = {"countries": _COUNTRIES, "languages": _LANGUAGES}


def used(field: str, value: str) -> str:
    """The preferred name of `value` in `field`: "United States of America" is "United States"."""
    plain = " ".join(value.split())
    return _USED.get(field, {}).get(plain, plain)


def of_line(line: jsonl.Line, inferred: bool) -> Iterator[Fact]:
    """The facts of one JSON line about a film: `{"tconst": ..., "countries": [...], "age_rating": "R", ...}`.

    Fields that the line lists as `inferred` are left out, or kept and marked in their source. Raises DataError.
    """
    tconst, guessed = line.text("tconst").strip(), line.strings("inferred")
    source = line.optional("source") or ", ".join(line.strings("sources")) or _file(line)
    for field in FIELDS:
        if inferred or field not in guessed:
            said = f"{source}, inferred" if field in guessed else source
            values = dict.fromkeys(used(field, v) for v in line.strings(field) if v.strip())
            yield from (Fact(tconst, field, v, said, line.optional("url")) for v in values)


def _file(line: jsonl.Line) -> str:
    return Path(line.place.rpartition(":")[0]).name.partition(".")[0]
