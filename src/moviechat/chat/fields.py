"""The one table of fields: how each is asked for, worded and compared, and what a person of it did."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from moviechat.chat.phrases import Phrases

Kind = Literal["number", "people", "words", "fact", "off"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a film.

    `asks`: the phrases that ask for it; `label`: its name in a sentence; `says`: the sentence, with {film} and {value};
    `more` and `less`: the adjectives that compare two films by it; `did`: what a person of it did. A field of kind
    "fact" comes from `enrich`; one of kind "off" is not on record.
    """

    name: str
    kind: Kind
    label: str
    asks: str = ""
    says: str = ""
    more: str = ""
    less: str = ""
    did: str = ""


FIELDS: tuple[Field, ...] = (
    Field(
        "runtime",
        "number",
        "running time",
        """how long|runtime|run time|running time|length|duration|how many minutes|how many hours|how many mins
            |minutes|mins|runs for|last|lasts|how short|lenght|how much time|hours long|minutes long|run for
            |how lengthy|long is|runtimes|lengths|time does it take|get through it|takes long|is it long|that long
            |long|wie lang|wie lange|dauert|cuanto dura|dura|duracion|duree|dure|quanto dura|durata|duracao
            |kitni lambi|lambi""",
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
        """rating|ratings|rated|score|scores|scored|audience score|imdb|how many stars|stars out|raiting|raitings
            |grade|imdb score|rate|points
        |how good|how bad|any good|worth it|worth watching|worth seeing|worth my time|well received|is it good|is it bad
        |good or bad|liked|do people like|do people think|do people give|people give it|people think of
            |should i watch|should i see|reception|ratin
        |reviews|review|worth a watch|critically acclaimed
            |bewertung|nota|note|puntuacion|valutazione|avaliacao""",
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
        |cameraman|shot it|photographed|who shot|did the camera|dp|visuals|filmed by|shot by""",
        says="{film} was photographed by {value}.",
        did="photographed",
    ),
    Field(
        "composers",
        "people",
        "composer",
        """composer|composers|composed|music|score by|soundtrack|film score|scored by|scored it|scored the|who scored
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
            |writing|writting|adapted|adapted it|adapted by|wrote it|wrote the script|wrote the screenplay
            |did the script|story by|write""",
        says="{film} was written by {value}.",
        did="wrote",
    ),
    Field(
        "directors",
        "people",
        "director",
        """director|directors|directed|directs|direct|directing|directer|who made|filmmaker|filmmakers|helmed
            |made by|made it|makes|whose film|by who|by whom|behind it|behind the film|behind the camera|directd
            |director s
            |who is behind|makers|maker|who mad|in charge|film by|who made it|made this|who is responsible|direted
            |dirceted|dircted|directy|who makes|who done|quien dirigio|dirigio|dirige|realisateur|realise|a realise
            |regie
            |regisseur|regista|diretto|ha diretto|diretor|dirigiu|directeur|nirdeshak""",
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
            |cast list|who else|in real life|irl""",
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
        """age rating|certificate|cert|certification|pg|rated r|r rated|pg rated|mpaa|suitable for kids
            |suitable for children|ok for kids|for kids|an r|a pg|age limit|parental|age wise
            |how old do you have to be|appropriate for|pg rating|age certificate|what age|kid friendly
            |allowed for|rated pg|safe for""",
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
        """box office|grossing|how much money|gross
            |grossed|how much did it make|how much did § make|earn|earned|make money
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
            |critical reception|tomatoes|roger ebert""",
    ),
    Field(
        "sequel",
        "off",
        "sequels",
        """sequel|sequels|part 2|part two|prequel|prequels|a second one|another one coming|franchise
            |how many parts|spin off|spinoff|next one come|follow up|followup|post credit scene|post credits scene
            |after credits|end credits scene""",
    ),
    Field(
        "personal",
        "off",
        "the lives of people",
        """how tall|birthday|born|date of birth|married|net worth|his wife|her husband|how old is he|how old is she
            |age of|zodiac|height of|younger than|older than|instagram|dating""",
    ),
    Field(
        "technical",
        "off",
        "how films look and sound",
        """jump scares|jumpscares|bechdel|bechdel test|4k|uhd|dolby|imax|3d|black and white|black white|one take
            |single take|single shot|practical effects|cgi|special effects|audio description|aspect ratio
            |colour grading""",
    ),
    Field("trivia", "off", "trivia", """trivia|fun fact|fun facts|behind the scenes|easter egg|easter eggs
        |bloopers|interesting facts|making of|anecdotes"""),
    Field("other", "off", "that"),  # what no catalogue has: only the classifier finds it
)  # fmt: skip
BY_NAME = {f.name: f for f in FIELDS}
TABLE = tuple(f.name for f in FIELDS if f.kind in ("number", "people", "words"))
NUMBERS = tuple(f.name for f in FIELDS if f.kind == "number")
PEOPLE = tuple(f.name for f in FIELDS if f.kind == "people" and f.name != "role")


@cache
def asking() -> Phrases[str]:
    """The phrases that ask for fields."""
    return Phrases({f.name: f.asks for f in FIELDS if f.asks})
