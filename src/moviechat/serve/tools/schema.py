"""What the tools take and give, as JSON schemas that an assistant reads."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from moviechat.limits import Limits

Names = Annotated[list[str], Field(max_length=30)]
Number = int | None


class Person(BaseModel):
    """Somebody who worked on the film."""

    model_config = ConfigDict(extra="forbid")
    name: str
    role: Literal["any", "director", "cast", "writer", "composer"] = "any"
    id: Annotated[str, Field(description="Only to mean one of several people of that name.")] = ""


class Within(BaseModel):
    """Limits that every film keeps exactly; numbers include both ends. A film whose value is unknown keeps no limit."""

    model_config = ConfigDict(extra="forbid")
    genres_all: Annotated[Names, Field(description="The film must have all of these: Comedy, Sci-Fi ...")] = []
    genres_any: Annotated[Names, Field(description="It must have one of these.")] = []
    genres_not: Annotated[Names, Field(description="It must have none of these.")] = []
    year_min: Number = None
    year_max: Number = None
    runtime_min: Annotated[Number, Field(description="Minutes.")] = None
    runtime_max: Annotated[Number, Field(description="Minutes.")] = None
    rating_min: Annotated[float | None, Field(description="IMDb's users' rating, 1 to 10.")] = None
    rating_max: float | None = None
    votes_min: Annotated[Number, Field(description="How many rated it; over 30,000 is well known.")] = None
    votes_max: Number = None
    people: Annotated[list[Person], Field(max_length=30, description="They must all have worked on it.")] = []
    people_not: Annotated[Names, Field(description="None of them may have.")] = []
    countries_any: Annotated[Names, Field(description="It must be from one of these, in English.")] = []
    countries_not: Names = []
    languages_any: Annotated[Names, Field(description="One must be an original language of it, in English.")] = []
    languages_not: Names = []
    age_rating_max: Annotated[
        Literal["G", "PG", "PG-13", "R", "NC-17"] | None, Field(description="The US age rating, at most.")
    ] = None

    def limits(self) -> Limits:
        """The limits that are set; raises DataError for an empty name or a number out of all bounds."""
        return Limits.from_json(self.model_dump(exclude_defaults=True, exclude_none=True))


class Film(BaseModel):
    """A film of the catalogue. `reason` says why it is suggested, and is true of its record."""

    tconst: str
    title: str
    year: int
    runtime: int | None
    genres: list[str]
    rating: float | None
    votes: int
    directors: list[str]
    reason: str | None = None


class WayOut(BaseModel):
    """Limits to give up, how many films that brings, and the best of them."""

    give_up: dict[str, object]
    films: int
    best: list[str]


class Found(BaseModel):
    """Films that keep every limit. `note` says what to relax where there is none, and names of several people."""

    films: list[Film]
    total: Annotated[int | None, Field(description="How many films keep the limits.")] = None
    note: str = ""
    relax: list[WayOut] = []


class Text(BaseModel):
    """A text on a film, with where it comes from."""

    text: str
    source: str
    url: str | None
    license: str | None


class Record(Film):
    """All that is known of a film. `others` have the same title."""

    original_title: str
    writers: list[str]
    cast: list[str]
    characters: list[str]
    composers: list[str]
    facts: dict[str, list[str]]
    texts: list[Text]
    others: list[str]
