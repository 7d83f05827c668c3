"""The words in which people ask for facts, films and small talk, once titles and names are taken out."""

from __future__ import annotations

import re
from typing import Literal

from moviechat.words import STOP

Fact = Literal[
    "original_title",
    "alternative_titles",
    "cinematographers",
    "composers",
    "editors",
    "producers",
    "writers",
    "directors",
    "votes",
    "rating",
    "quality",
    "role",
    "cast",
    "runtime",
    "year",
    "genres",
]
CREDITS: tuple[Fact, ...] = (
    "directors",
    "writers",
    "cast",
    "producers",
    "composers",
    "cinematographers",
    "editors",
)

FILM, PERSON = "§", "¶"  # stand where a title or a name was


def _any(*patterns: str) -> str:
    return "|".join(patterns)


_THIS = rf"(?:{FILM}|it\b|that\b|this\b|the (?:film|movie))"
# Earlier lines win over later ones, so that a "director of photography" is not taken for a director.
_ASKS: tuple[tuple[Fact, str], ...] = (
    ("original_title", r"original(?:ly)? (?:title|name|titled|called|named)"),
    (
        "alternative_titles",
        _any(
            r"(?:other|alternative|alternate|foreign|international) (?:titles?|names?)",
            r"(?:also )?known (?:as|under)|also called|aka|called in|(?:title|name) abroad",
        ),
    ),
    (
        "cinematographers",
        _any(
            r"directors? of (?:the )?photography|cinematograph\w*|photograph(?:ed|y)|shot|filmed",
            r"camera(?:man|men|work)?",
        ),
    ),
    (
        "composers",
        _any(
            r"(?:wr(?:ote|ites)|made|makes|did|does|created) (?:the )?(?:film )?(?:music|score|soundtrack)",
            r"compos(?:ers?|ed|es?)|(?:film )?music|soundtrack|scored|score by",
        ),
    ),
    ("editors", r"edit(?:ors?|ed|s|ing)?"),
    ("producers", r"produc(?:ers?|ed|es?)"),
    (
        "writers",
        _any(
            r"(?:wr(?:ote|ites)|penned|did) (?:the )?(?:script|screenplay)|screenplay|script\w*|screenwriters?",
            r"writ(?:ers?|ten|es?|ing)|wrote|penned",
        ),
    ),
    ("directors", r"direct(?:ors?|ed|s|ing|ion)?|film-?makers?|helmed|whose (?:film|movie)|who made"),
    (
        "votes",
        _any(
            r"how many (?:people |users? |viewers? )?(?:have )?(?:votes?|voted|rated|ratings)",
            r"votes?|voters|popular(?:ity)?",
        ),
    ),
    ("rating", r"how many stars|ratings?|rated|scores?|imdb"),
    (
        "quality",
        _any(
            r"(?:any|how) (?:good|bad)|good|bad|great|worth (?:it|watching|seeing|a watch|my time)|well[ -]received",
            r"should i (?:watch|see)|reviews?|recommend(?:ed)?",
        ),
    ),
    ("role", r"play(?:s|ed|ing)?|portray(?:s|ed)?|voice[sd]?|roles?"),
    (
        "cast",
        _any(
            r"cast(?: (?:list|members?))?|star(?:s|red|ring)?|actors?|actress(?:es)?|act(?:s|ed|ing)?|appear(?:s|ed)?",
            rf"leads?|who(?:['’]s| is| was| are| else is)? in (?={_THIS})",
        ),
    ),
    (
        "runtime",
        _any(
            r"how (?:long|short)|how many (?:minutes|hours)|run(?:ning)?[ -]?times?|duration|length",
            r"minutes?|hours?|longer|shorter|runs?|lasts?|long",
        ),
    ),
    (
        "year",
        _any(
            r"(?:what|which) year|releas(?:ed?|es)(?: (?:year|date))?|com(?:e|es|ing) out|came out",
            r"premiered?|year|when|how old",
        ),
    ),
    (
        "genres",
        _any(
            rf"genres?(?: (?:do|does|did) {_THIS} (?:belong|fall|fit))?",
            r"(?:what|which) (?:kind|type|sort)s? of (?:a )?(?:film|movie|picture)",
        ),
    ),
)
FACT = re.compile(_any(*(rf"(?P<{name}>\b(?:{asks})(?!\w))" for name, asks in _ASKS)), re.I)

GENRES = frozenset(
    """action adventure animation animated biography biopic comedy crime documentary drama family fantasy history horror
    music musical mystery news romance sci-fi thriller war western""".split()
)

# Words that ask or point without saying anything of a film.
FRAME = (STOP - {"about"}) | frozenset(
    """film films movie movies picture pictures feature title titles titled called name named names tell know please
    show give say let us see seen watch watched list whole all exactly actually really person people made make makes
    got get lot kind else another hey hi hello okay ok also think want wonder question ask released s t re ve d ll
    m""".split()
)
# Words that ask for a plot: what is left beside them in a question without a known film is the film's name.
PLOT = frozenset(
    """about set happen happens happened end ends ending plot story synopsis setting theme themes tone mood summary
    summarise summarize describe place take takes took begin begins start starts location description spoil
    spoiler main character characters protagonist hero heroine""".split()
)

_OPENING = (
    r"(?:(?:and|so|ok(?:ay)?|well|then|now|but|hey|hi|hello|please|also|um+|oh)[,!.]?\s+)*"
    r"(?:(?:can|could|would|will) you (?:please )?|please |i(?:'d| would) (?:like|love) to |i want to )?"
)
ON_TOPIC = re.compile(
    rf"^{_OPENING}(?:"
    + _any(
        r"(?:tell|show|give) me (?:more |something |anything |a bit |all )?about|talk about|(?:what|how) about",
        r"(?:do you )?know (?:of |about |anything about |something about )?|what do you know (?:about|of)",
        r"(?:have you )?(?:heard (?:of|about)|seen)",
    )
    + r")\b",
    re.I,
)
AGAIN = re.compile(rf"^{_OPENING}(?:(?:what|how) about\b)?(?:[\s,{FILM}]|\band\b)*[?.!]*$", re.I)

DESCRIBES = re.compile(
    _any(
        r"\b(?:films?|movies?|pictures?|something|the (?:one|title)|documentary|thriller|comedy|drama)\b[^.?!]{0,30}?"
        r"\b(?:where|in which|about|with|who|whose|that|when|set|featuring|called again)\b",
        r"\b(?:looking|searching) for\b|\bname of (?:the|that|this|a) (?:film|movie)|\b(?:what|which) (?:film|movie)\b",
        r"\b(?:trying to )?remember\b|^(?:an?|two|three|some) ",
    ),
    re.I,
)
RECOMMENDS = re.compile(
    _any(
        r"\b(?:recommend|suggest)(?:ation)?s?\b|\bsimilar (?:films?|movies?|ones?)\b",
        r"\bwhat (?:should|could|can|shall) (?:i|we) (?:watch|see)\b",
        r"\b(?:best|worst|top|longest|shortest|newest|oldest|(?:highest|lowest)[ -]rated)\b.*\b(?:films?|movies?)\b",
    ),
    re.I,
)
ALIKE = re.compile(r"\b(?:something|anything|films?|movies?|more|others?) (?:like|similar to)\b", re.I)
BACK = re.compile(
    r"\b(?:its?|it['’]s|they|them|their|(?:this|that|the same|the) (?:film|movie|one|picture|story)"
    r"|(?:this|that)(?= *[?.!]*$))(?!\w)",
    re.I,
)
PERSON_BACK = re.compile(r"\b(?:he|she|his|her|him)(?!\w)", re.I)
IT = re.compile(
    r"\b(?P<before>(?:is|was|does|did|do|has|in|of|about|for|at|with|after|see|watch) )?"
    r"(?:(?P<its>its)|(?P<it>it)|(?:this|that|the same|the) (?:film|movie|one|picture))(?!['’\w])",
    re.I,
)
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
ORDINAL = re.compile(rf"\bthe ({'|'.join(ORDINALS)})(?: (?:one|film|movie))?(?= *(?:[?.!,]|$))", re.I)
YES_NO = re.compile(
    rf"^{_OPENING}(?:(?:is|was|were|are|did|does|do|has|have)(?:n['’]t)?)\b",
    re.I,
)
NOT_A_FACT = re.compile(rf"^{_OPENING}(?:where|why)\b|\b(?:where|why) (?:is|was|are|were|do|does|did)\b", re.I)
QUESTION = re.compile(
    rf"\?\W*$|^{_OPENING}"
    r"(?:who|whom|whose|what|which|where|when|why|how|is|was|are|were|do|does|did|has|have|can|tell)\b",
    re.I,
)

_TOPICS = (
    ("greeting", r"hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings"),
    ("wellbeing", r"(?:(?:hi|hello|hey)\W+)?(?:how are you(?: (?:doing|today))*|how['’]?s it going|what['’]?s up)"),
    ("thanks", r"(?:ok(?:ay)?\W+|great\W+)?(?:thanks?|thank you|thx|cheers|much appreciated)"),
    ("goodbye", r"bye|bye bye|goodbye|good night|see you(?: later)?|quit|exit"),
    ("assent", r"ok(?:ay)?|cool|nice|great|good|yes|no|yeah|nope|sure|i see|alright|got it|wow|lol|haha"),
    (
        "help",
        _any(
            r"help(?: me)?|what can (?:you|i) (?:do|ask|answer)(?: (?:for )?(?:me|you|about))?|how does this work",
            r"(?:what|how many|which) (?:films|movies) do you know|what do you (?:do|know)|what is this",
            r"who are you|what are you|are you (?:a )?(?:bot|human|real|robot)",
        ),
    ),
)
_TO_WHOM = r"(?: (?:there|again|moviechat|bot|everyone|you|so much|very much|a lot))*"
SMALLTALK = tuple((topic, re.compile(rf"^\W*(?:{said}){_TO_WHOM}\W*$", re.I)) for topic, said in _TOPICS)
