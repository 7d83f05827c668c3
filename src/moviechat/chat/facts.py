"""The one table of fields: how each is asked for, said, compared, and said to be missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from moviechat.chat.phrases import Phrases
from moviechat.chat.said import Said
from moviechat.reply import Source
from moviechat.schema import Movie

Facts = Mapping[str, tuple[str, ...]]  # what `enrich` knows of a film, by field
Kind = Literal["number", "people", "words", "fact", "off"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a film.

    `asks` are the phrases that ask for it, `label` its name in a sentence, `says` the sentence with {film} and {value},
    `more` and `less` the adjectives that compare two films by it, `did` what a person of it did. A field of kind "fact"
    comes from `enrich`; one of kind "off" is on no record here.
    """

    name: str
    kind: Kind
    label: str
    asks: str
    says: str = ""
    more: str = ""
    less: str = ""
    did: str = ""


FIELDS: tuple[Field, ...] = (
    Field(
        "runtime",
        "number",
        "running time",
        """how long|runtime|run time|running time|length|duration|how many minutes|how many hours|how many mins|minutes
        |mins|runs for|last|lasts|how short|lenght|how much time|hours long|minutes long|run for|how lengthy|long is
        |runtimes|lengths|time does it take|get through it|takes long|is it long|that long|long""",
        says="{film} runs {value}.",
        more="longer",
        less="shorter",
    ),
    Field(
        "year",
        "number",
        "year",
        """what year|which year|release year|release date|release|released|come out|came out|comes out|year
            |when did|when was|when is|when does|when were|and when|when ?|since when|premiere|premiered
            |how old is|date of|from what year|out in|hit theaters|hit cinemas|hit the cinemas|coming out""",
        says="{film} is from {value}.",
        more="newer",
        less="older",
    ),
    Field(
        "votes",
        "number",
        "number of votes",
        """how many votes|how many people voted|how many people rated|how many people have voted
            |how many people have rated|how many ratings|how many voters|how many users|votes|voted
            |number of votes|vote count|how popular|how well known|how many reviews|voted for it|people vote
            |voters|popular""",
        says="{film} has {value} votes on IMDb.",
        more="more popular",
        less="less known",
    ),
    Field(
        "rating",
        "number",
        "rating",
        """rating|ratings|rated|score|scores|imdb|how many stars|stars out|raiting|raitings|grade|imdb score|rate|points
        |how good|how bad|any good|worth it|worth watching|worth seeing|worth my time|well received|is it good|is it bad
        |good or bad|liked|do people like|do people think|people think of|should i watch|should i see|reception|ratin
        |reviews|review|worth a watch|critically acclaimed""",
        says="{film} is rated {value} on IMDb.",
        more="better rated",
        less="worse rated",
    ),
    Field(
        "genres",
        "words",
        "genre",
        """genre|genres|what kind of film|what type of film|what sort of film|kind of film|type of film
            |sort of film|gender|category|categories|filed under|listed under|classed as|count as|counts as|genra
            |genre is it|what kind of movie""",
        says="{film} is listed as {value}.",
    ),
    Field(
        "original_title",
        "words",
        "original title",
        """original title|original name|originally called|originally titled|originally named|title in the original
            |real title""",
        says="The original title of {film} is “{value}”.",
    ),
    Field(
        "alternative_titles",
        "words",
        "other titles",
        """other titles|other title|alternative title|alternative titles|alternate title|also known as|aka
            |called in|other name|other names|known as|known under|international title|title abroad|english title
            |foreign title|german title|french title|name in|title in|another name|another title""",
        says="{film} is also called {value}.",
    ),
    Field(
        "cinematographers",
        "people",
        "cinematographer",
        """director of photography|directors of photography|dop|cinematographer|cinematographers|cinematography|camera
        |cameraman|shot it|photographed|who shot|did the camera|behind the camera|dp|visuals|filmed by|shot by""",
        says="{film} was photographed by {value}.",
        did="photographed",
    ),
    Field(
        "composers",
        "people",
        "composer",
        """composer|composers|composed|music|score by|soundtrack|film score|scored|who scored
            |who wrote the music|who wrote the score|wrote the music
            |made the music|did the music|musical score|did the score|wrote the score|composed the score
            |did the soundtrack|original score|theme music""",
        says="The music of {film} is by {value}.",
        did="composed the music of",
    ),
    Field(
        "editors",
        "people",
        "editor",
        "editor|editors|edited|editing|who cut|cut it|the edit",
        says="{film} was edited by {value}.",
        did="edited",
    ),
    Field(
        "producers",
        "people",
        "producer",
        "producer|producers|produced|produces|who put up|production by",
        says="{film} was produced by {value}.",
        did="produced",
    ),
    Field(
        "writers",
        "people",
        "writer",
        """writer|writers|wrote|written|screenplay|script|screenwriter|scriptwriter|penned|scripted|writes
            |writting|wrote it|wrote the script|wrote the screenplay|did the script|story by|write""",
        says="{film} was written by {value}.",
        did="wrote",
    ),
    Field(
        "directors",
        "people",
        "director",
        """director|directors|directed|directs|direct|directing|directer|who made|filmmaker|filmmakers|helmed
            |made by|made it|makes|whose film|by who|by whom|behind it|behind the film|directd|director s
            |direction|who is behind|makers|maker|who mad|in charge|film by|who made it|made this
            |who is responsible|direted|dirceted|dircted|directy|who makes""",
        says="{film} was directed by {value}.",
        did="directed",
    ),
    Field(
        "role",
        "people",
        "part",
        """plays|play|played|playing|portrays|portrayed|portray|voices|voiced|voice of|role of|role|character
            |who is the actor who|which actor|which actress|actor who|actress who|part of|characters name
            |what actor|what actress|the voice""",
    ),
    Field(
        "cast",
        "people",
        "cast",
        """cast|stars|starring|star|starred|actors|actor|actress|actresses|who is in|who is in it|who was in
            |who else is in|acting|acts|acted|appears|appear|appeared|lead|leads|main actor|main actress|leading
            |casting|in the cast|who all|whos in|act in|famous people|anyone famous|anybody famous|act|main guy
            |main role|main part|leading man|leading lady|the kid in|the girl in|the guy in|main actors|whose in
            |cast list|who else""",
        says="{film} stars {value}.",
        did="acts in",
    ),
    Field(
        "countries",
        "fact",
        "country",
        """which country|what country|countries|country|where is it from|where was it made|made in|nationality|come from
        |where is § from|from which country|country of origin|where does it come from|where are they from""",
        says="IMDb's tables do not list countries; by Wikidata, {film} was made in {value}.",
    ),
    Field(
        "languages",
        "fact",
        "language",
        """language|languages|what language|which language|subtitles|subtitled|dubbed|spoken in|do they speak
            |subbed|in english|in french|in spanish|in german|in korean|in japanese|in italian|original language
            |english version""",
        says="IMDb's tables do not list languages; by Wikidata, {film} is in {value}.",
    ),
    Field(
        "age_rating",
        "fact",
        "age rating",
        """age rating|certificate|certification|pg|rated r|mpaa|suitable for kids|suitable for children
            |ok for kids|for kids|age limit|parental|how old do you have to be|appropriate for|pg rating
            |age certificate|what age|kid friendly|allowed for|rated pg|safe for""",
        says="{film} is rated {value} in the US.",
    ),
    Field(
        "awards",
        "fact",
        "awards",
        """award|awards|oscar|oscars|academy award|academy awards|golden globe|golden globes|bafta|baftas
            |palme d or|won|win|nominated|nominations|nomination|prize|prizes|cannes|win anything|best picture
            |golden bear|golden lion|emmy|emmys""",
        says="{film} won {value}.",
    ),
    Field(
        "based_on",
        "fact",
        "source",
        """based on|adapted from|adaptation|adaptation of|based on a book|based on a novel|which book|what book
            |from a book|based off|true story|a remake|remake of|remake""",
        says="{film} is based on {value}.",
    ),
    Field(
        "filming_places",
        "fact",
        "filming locations",
        """filming location|filming locations|where was it filmed|where did they film|where was it shot
            |where did they shoot|filmed in|shot in|where was § filmed|where was § shot|where is § filmed|filmed
            |location|locations|shooting location|film it|shoot it|film this""",
        says="{film} was filmed in {value}.",
    ),
    Field(
        "companies",
        "fact",
        "studio",
        """studio|production company|production companies|which studio|what studio|studios|distributor
            |who distributed|distributed""",
        says="{film} was made by {value}.",
    ),
    Field("budget", "off", "the budget", """budget|how much did it cost|cost to make|how expensive|production cost
        |costs|how much did § cost|did it cost|cost"""),
    Field(
        "box_office",
        "off",
        "the box office",
        """box office|how much money|gross|grossed|how much did it make|how much did § make|earn|earned|make money
            |made money|revenue|profit|takings|bring in|flop|did it flop|opening weekend|ticket sales|profitable
            |success""",
    ),
    Field(
        "streaming",
        "off",
        "where a film can be watched",
        """netflix|disney plus|disney +|disney|hulu|hbo|hbo max|prime|amazon prime|amazon|apple tv|stream
            |streaming|where can i watch|where can i see|where to watch|where do i watch|watch it online|online
            |on tv|in cinemas|in theaters|in theatres|paramount plus|peacock|mubi|youtube|rent|rent it|dvd|blu ray
            |bluray|watch for free|download|torrent|showing|still playing|in the cinema|free|available on|trailer""",
    ),
    Field(
        "critics",
        "off",
        "what critics wrote",
        """rotten tomatoes|rt score|metacritic|metascore|tomatometer|critics|critic|critic score|letterboxd
            |critical reception|tomatoes|roger ebert|audience score""",
    ),
    Field(
        "sequel",
        "off",
        "sequels",
        """sequel|sequels|part 2|part two|prequel|prequels|a second one|another one coming|franchise
            |how many parts|spin off|spinoff|next one come|follow up|followup|post credit scene|post credits scene
            |after credits|end credits scene""",
    ),
    Field("trivia", "off", "trivia", """trivia|fun fact|fun facts|behind the scenes|easter egg|easter eggs
        |bloopers|interesting facts|making of|anecdotes"""),
)  # fmt: skip
BY_NAME = {f.name: f for f in FIELDS}
TABLE = tuple(f.name for f in FIELDS if f.kind in ("number", "people", "words"))
PEOPLE = tuple(f.name for f in FIELDS if f.kind == "people" and f.name != "role")
FEW_VOTES = 1000
CAST_SHOWN = 6


@cache
def asking() -> Phrases[str]:
    """The phrases that ask for fields."""
    return Phrases({f.name: f.asks for f in FIELDS})


def values(movie: Movie, name: str, facts: Facts) -> tuple[str, ...]:
    """What is on record of a field, as it is said; () if nothing is."""
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
    """ "119 minutes (1 h 59 min)"; without hours below one."""
    hours, rest = divmod(minutes, 60)
    spelled = f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{minutes} minutes ({spelled})" if hours else f"{minutes} minutes"


def ended(text: str) -> str:
    """A sentence with one full stop: "... by Timothy Woodward Jr." has it already."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def say(movie: Movie, name: str, facts: Facts) -> Said:
    """The sentence for one field of a film; a missing value is said to be missing."""
    field, found = BY_NAME[name], values(movie, name, facts)
    if not found:
        return missing(movie, name, facts)
    special: dict[str, Callable[[Movie], str]] = {"rating": _rating, "cast": _cast, "directors": _directors}
    text = special[name](movie) if name in special else field.says.format(film=movie.label, value=listed(found))
    text = text[:-1] if text.endswith("..") else text
    return Said(text, (source(movie, name, found),))


def missing(movie: Movie, name: str, facts: Facts) -> Said:
    """That a fact is not on record, and what is on record that comes near it."""
    field = BY_NAME[name]
    if field.kind == "off":
        return Said(f"I don't know {_about(field, movie)}: {_why(field)} {_instead(movie, name)}".strip(), ())
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
    }
    return said.get(field.name, f"{field.label} of {movie.label}")


def _why(field: Field) -> str:
    what = {"streaming": "streaming services", "critics": "critics' scores", "trivia": "trivia"}
    return f"the catalogue has no information on {what.get(field.name, field.label.removeprefix('the '))}."


def _instead(movie: Movie, name: str) -> str:
    if name in ("critics", "box_office") and movie.rating is not None:
        return f"IMDb's users rate it {movie.rating} ({movie.votes:,} votes)."
    return ""


def source(movie: Movie, name: str, found: Sequence[str] | None = None) -> Source:
    """The field that a sentence rests on."""
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
    """The name of an actor, with the part in brackets where it is known."""
    part = movie.characters[at] if at < len(movie.characters) else ""
    return f"{movie.cast[at]} ({part})" if part else movie.cast[at]


def overview(movie: Movie) -> Said:
    """The film in one sentence, made of the fields that it has."""
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
    """The fields of people in which the film names `person`."""
    return [name for name in PEOPLE if person in getattr(movie, name)]


def listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
