"""Words for genres, as IMDb's genres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from moviechat.chat.phrases import Phrases, Tag
from moviechat.chat.tokens import Word

# A value is a set of IMDb's genres: with "+" a film has all of them, with "/" one of them.
_WORDS = {
    "Action": """action|actioner|actioners|shoot em up|martial arts|kung fu|explosions|shootouts|fight scenes|guns
        |action packed|actionfilm|akcion""",
    "Adventure": "adventure|adventures|adventurous|swashbuckler|quest|aventure|abenteuer",
    "Animation": """animation|animated|animations|cartoon|cartoons|anime|animes|animation films|toon|toons|stop motion
        |claymation|pixar|zeichentrick|animación|animacion|animé""",
    "Biography": "biography|biographies|biographical|biopic|biopics|bio|life story|biografia",
    "Comedy": """comedy|comedies|comedic|comic|funny|laughs|laugh|humor|humour|humorous|hilarious|funnier|funniest
        |laughing|komödie|comedia|comédie|comedie|commedia|lustig|comédia|comedys|comedies|slapstick|make me laugh
        |funny one|funny ones|satire|satires|satirical|parody|spoof|standup|stand up""",
    "Crime": """crime|crimes|criminal|gangster|gangsters|mafia|mob|mobster|heist|heists|true crime|cops|caper|robbery
        |krimi|policier|detective story|noir|film noir""",
    "Documentary": """documentary|documentaries|docu|docus|doc|docs|documental|documentaire|dokumentarfilm|dokus|doku
        |documentarys|true life film|documentario|documentário|docuseries""",
    "Drama": "drama|dramas|dramatic|tearjerker|tear jerker|weepie|weepy|dramatico|drame|drammatico|melodrama",
    "Family": """family|family film|family films|family friendly|for the whole family|children s|childrens|kids film
        |kids films|kid friendly|for kids|for children|kids stuff|familie|familia|famille|kids movie|kiddie""",
    "Fantasy": """fantasy|fantasies|magic|magical|dragons|wizards|fairy tale|fairytale|fairy tales|fantastique
        |fantasia|elves""",
    "History": """history|historical|historic|histories|period piece|period pieces|period drama|costume drama
        |costume film|historisch|histoire|historia|history film""",
    "Horror": """horror|horrors|slasher|slashers|zombie|zombies|gore|scary|scariest|scarier|ghost story|ghost stories
        |haunted house|horrorfilm|horreur|terror|miedo|terrifying|vampire film|orrore|gruselig|gruselfilm|horro|spooky
        |darr|darawni""",
    "Music": "music|concert|concerts|band|bands|musician|musicians|singers|musik|música|musica|rockumentary",
    "Musical": "musical|musicals|singing and dancing|song and dance|comedia musical",
    "Mystery": """mystery|mysteries|mystery film|mysterious|puzzle|misterio|mystère|rätsel|mistery|giallo""",
    "Romance": """romance|romances|romantic|love story|love stories|lovey dovey|rom|romantik|liebesfilm|amour|amor
        |romántica|romantica|romantique|romantisch|love films|love film|romance films|romanticism|pyaar""",
    "Sci-Fi": """sci fi|scifi|sci - fi|science fiction|sf|space|aliens|spaceship|spaceships|robots|dystopia
        |dystopian|syfy|ciencia ficción|ciencia ficcion|time travel|cyberpunk|space opera|fantascienza|outer space""",
    "Sport": """sport|sports|sporty|boxing|football film|baseball|basketball film|soccer film|deporte|sports film
        |athletes|racing film""",
    "Thriller": """thriller|thrillers|thrilling|suspense|suspenseful|edge of my seat|edge of your seat|triller
        |krimi thriller""",
    "War": "war|wars|ww2|wwii|ww1|world war|world war two|world war 2|war film|guerra|guerre|krieg|kriegsfilm|wartime",
    "Western": "western|westerns|cowboy|cowboys|wild west|spaghetti western|vaqueros",
    "News": "news film",
    "Romance+Comedy": """romcom|romcoms|rom com|rom coms|rom - com|rom - coms|romantic comedy|romantic comedies
        |romedy|chick flick|chick flicks""",
    "Comedy+Drama": "dramedy|dramedies|tragicomedy|tragicomedies|tragic comedy|comedy drama|comedy - drama",
    "Comedy+Crime": "crime comedy|crime caper|caper comedy|heist comedy",
    "Crime+Documentary": "true crime documentary|true crime doc|true crime docs|true crime documentaries",
    "Documentary+Music": """rock doc|rock docs|music doc|music docs|music documentary|music documentaries
        |concert film|concert films""",
    "Mystery/Crime": "whodunit|whodunnit|whodunits|whodunnits|murder mystery|murder mysteries|detective|detectives",
    "Horror/Thriller/Mystery": "creepy|eerie|creeps|sinister|unsettling|chilling",
    "Biography/Documentary": """real life|true story|true stories|real person s life|real persons life
        |about a real person|some real person|real person life|real people|real story|based on a true story
        |based on true events|real events|actual events""",
    "Music/Musical": "songs|musicals and music|singing",
    "Family/Animation": """kids|children|childs|toddler|toddlers|little ones|my little one|year olds|year old
        |my son|our son|my kid|our kid|my child|our child|a kid|a child|my daughter|our daughter|grandkids
        |grandchildren|my nephew|my niece|my grandson|my granddaughter|niños|kinder|enfants|my six|bambini
        |crianças|bachche""",
}  # fmt: skip


# Words for things that many films of a genre have: without zombies is not without horror.
MOTIFS = frozenset(
    """zombie zombies gore gun guns dragons wizards aliens robots space spaceship spaceships band bands songs
        singers cops robbery detective detectives cowboy cowboys musician musicians explosions elves magic magical
        ghost songs superheroes terror baseball boxing""".split()
)


@dataclass(frozen=True, slots=True)
class GenreSet:
    """Genres of a film: all of `every` and, unless it is empty, one of `some`."""

    every: tuple[str, ...] = ()
    some: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All genres of the set."""
        return (*self.every, *self.some)


def _set(value: str) -> GenreSet:
    return GenreSet(some=tuple(value.split("/"))) if "/" in value else GenreSet(every=tuple(value.split("+")))


@cache
def table() -> Phrases[GenreSet]:
    """The phrases of genres."""
    return Phrases({_set(value): " ".join(words.split()) for value, words in _WORDS.items()})


def tags(words: Sequence[Word]) -> list[Tag[GenreSet]]:
    """The genres in a message."""
    return table().tags(words)
