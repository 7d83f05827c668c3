"""Word lists around names: classes of the words before and after a name, and frame words of questions."""

from __future__ import annotations

from moviechat.words import STOP

ASKING = frozenset(
    """who whom whose what which when where why how is was are were does did do has have had can could would should tell
    describe explain compare summarise summarize name list recommend suggest find show give whats whos hows wheres
    whens""".split()
)
_FACTS = """actor actors actress actresses award awards boxoffice budget cast cinematographer cinematography composer
    credits critics date director directors duration editor editors ending genre genres imdb info language length
    minutes
    music oscars overview plot premise producer producers rating ratings release reviews review role runtime score
    screenplay screenwriter script soundtrack spoiler spoilers stars story storyline summary synopsis theme themes
    title tone trailer villain votes writer writers year mins min hours"""
_DEEDS = """act acted acting acts appear appeared appears compose composed direct directed directing directs edit
    edited filmed made make makes penned produce produced produces rate rated released scored shot star starred starring
    stars voted write writes written wrote"""
_STORY = """character characters crew end ended ending ends happen happened happening happens hero lead leading main
    place play played playing plays protagonist set setting take takes took twist scene"""
_TALK = """again all also anyone anything actually any available bad best better big called came come comes coming
    comparison deal dont ever everyone everything exactly find from full good great happened hello help hey hi highly
    info information just kind know known last lasts let liked likes long longer longest lol look many mean means more
    movie movies name named names need new newer ok okay older one only opinion out people please pls popular quick
    really recommended runs said same say see seen short shorter someone something sort still talk tell thank thanks
    there thing think thought title titled try type understand version want watch watched watching whats which whos
    wonder worth worst yes film films flick flicks picture pictures documentary doc feature pic plz omg btw uh um hmm so
    yeah well like isnt wasnt didnt doesnt s m t ve d re ll
    was vs versus actually right exact running time"""
FRAME = STOP | ASKING | frozenset((*_FACTS.split(), *_DEEDS.split(), *_STORY.split(), *_TALK.split()))

BACK = frozenset("it this that these those he she him her them they his hers its i you me".split())
FACT = frozenset(_FACTS.split())
FILM_WORDS = frozenset("film films movie movies flick flicks picture documentary doc feature pic show".split())
SERVICES = frozenset("imdb netflix hulu disney prime hbo".split())
GENRES = {
    "doc": "documentary",
    "docu": "documentary",
    "documentary": "documentary",
    "comedy": "comedy",
    "horror": "horror",
    "thriller": "thriller",
    "drama": "drama",
    "western": "western",
    "war": "war",
    "romance": "romance",
    "animated": "animation",
    "animation": "animation",
    "cartoon": "animation",
    "musical": "musical",
    "crime": "crime",
    "action": "action",
    "adventure": "adventure",
    "biopic": "biography",
    "fantasy": "fantasy",
    "mystery": "mystery",
    "scifi": "scifi",
    "sport": "sport",
    "sports": "sport",
}
ORDINALS = {"second": "2", "third": "3", "fourth": "4", "fifth": "5", "2nd": "2", "3rd": "3", "4th": "4", "5th": "5"}
MONTHS = frozenset(
    """january february march april may june july august september october november december jan feb aug sept oct nov
    dec summer autumn fall winter spring""".split()
)

# Words before a name; the first class that has the word counts.
BEFORE: tuple[tuple[str, frozenset[str]], ...] = (
    ("film", FILM_WORDS),
    ("called", frozenset("called titled named entitled".split())),
    (
        "seen",
        frozenset(
            "seen watched saw watch see watching loved liked enjoyed hated adored finished rewatched love hate enjoy "
            "rewatch remember recommend rate rank".split()
        ),
    ),
    ("made", frozenset("directed wrote made produced scored composed directs shot edited writes penned".split())),
    ("by", frozenset("by starring stars star featuring w".split())),
    ("with", frozenset(("with", "without"))),
    ("in", frozenset(("in", "into"))),
    ("of", frozenset(("of", "s"))),
    ("for", frozenset(("for", "to"))),
    ("from", frozenset(("from", "since", "until", "after", "before"))),
    ("on", frozenset(("on", "at"))),
    ("about", frozenset("about regarding re summarise summarize describe explain spoil".split())),
    ("like", frozenset("than like similar compare compared between resembling".split())),
    ("join", frozenset("and or vs versus but & nor then plus".split())),
    ("plays", frozenset("play plays played playing portrays portrayed voices voiced portray".split())),
    (
        "be",
        frozenset(
            "is was are were be been do does did has have had whats whos hows isnt wasnt didnt doesnt s re can could "
            "would should will".split()
        ),
    ),
    ("the", frozenset(("the", "teh", "hte"))),
    ("a", frozenset("a an another some any no every each more most".split())),
    ("own", frozenset("this that my your his her our their these those its".split())),
    ("who", frozenset("who what which when where why how whom".split())),
    ("some", frozenset("something anything nothing everything someone somebody anyone everyone stuff".split())),
    ("how", frozenset("very so too really quite pretty as not less that".split())),
    ("me", frozenset("me you us i we they he she it them him".split())),
    ("hello", frozenset("hi hello hey ok okay thanks please well yes no oh so".split())),
)
# Words after a name; the first class that has the word counts.
AFTER: tuple[tuple[str, frozenset[str]], ...] = (
    ("fact", FACT),
    ("film", FILM_WORDS),
    ("be", frozenset("is was are were has had does did do isnt wasnt will would can".split())),
    (
        "event",
        frozenset(
            "come came comes coming out end ends ended about worth take takes took set based any good bad last lasts "
            "get got have play made make rated released really directed written again run runs win won".split()
        ),
    ),
    ("join", frozenset("and or vs versus but & then plus".split())),
    ("in", frozenset(("in", "on", "at"))),
    ("of", frozenset(("of", "s"))),
    ("with", frozenset("with w starring by featuring".split())),
    ("from", frozenset(("from", "for", "to", "than"))),
    ("rel", frozenset("that who which where when whose how what why".split())),
    ("me", frozenset("me you us i we they he she it them him".split())),
    ("the", frozenset("the teh hte a an this that my your his her our their".split())),
    ("hello", frozenset("please pls plz thanks lol omg haha though yet right anyway".split())),
)
# Words that express a wish but do not ask for a fact.
WISH = frozenset(
    """recommend recommendation recommendations suggest suggestion suggestions something anything want wanna need needs
    looking mood similar give gimme find any some tonight funny scary romantic under over less than least most best
    top""".split()
)
FACTUAL = FACT | frozenset("directed wrote who when long director plays acted stars starring rated".split())
