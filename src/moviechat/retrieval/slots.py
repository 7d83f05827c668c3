"""Where a question holds a title: the words around one that ask, and the forms of question that demand one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from moviechat.retrieval.spelling import Token
from moviechat.words import STOP

Span = tuple[int, int]  # tokens [first, last)

_FACTS = """acted acting actor actors actress actresses appear appears award awards budget cast category cinematographer
    cinematography compose composed composer credits critics date direct directed directing director directors
    duration edit edited editing editor editors genre genres imdb language length minutes hours music
    nationality produce produced producer producers rate rated rating ratings release released review reviews
    role run runtime score screenplay screenwriter script shoot shot soundtrack star starred starring stars
    summary synopsis time title tone votes voted write writer writers writing written wrote year"""
_STORY = """action character characters come comes crew describe did end ending ends explain happen happened happening
    happens hero kind lead leading location main plot play played playing plays premise protagonist set setting
    sort spoiler spoilers story storyline subject summarise summarize take takes tell telling theme themes took
    type villain place"""
_TALK = """available bad best better compare comparison deal enjoy ever find film films flick give gives good great
    hello help hey hi info information interesting know known learn like liked long longer look lot love loved
    made make many mean means movie movies name named called titled need netflix newer older ok okay opinion
    people picture please popular recommend said say scary seen see saw seem short shorter show something sort
    successful talk tell thank thanks think thoughts try understand watch watched watching wonder worth exactly
    actually really s m t ve d re ll out was vs versus anything anyone everything someone originally old new
    want whats whos feature featured features full"""
FRAME = frozenset((*_FACTS.split(), *_STORY.split(), *_TALK.split())) | STOP
# A title is likely between one of these words and one of those, or the end of a clause.
BEFORE = frozenset(
    """about called compare describe directed enjoy enjoyed film from hate hated in like liked love loved
    movie named of on recommend review see seen saw summarise summarize than titled to watch watched watching with
    wrote""".split()
)
VERBS = frozenset("do does did is was are were".split())  # or between one of these and the last word
AFTER = frozenset(
    """about actually again any before come cost debut do done earn end ends film get good happen have last lately like
    made make movie out play premiere rated really recently released run set shot take today tonight work worth written
    yesterday yet""".split()
)
ASKING = frozenset(
    """who whom whose what which when where why how is was are were does did do has have had can could would should tell
    describe explain compare summarise summarize name list recommend suggest find show give whats whos""".split()
)
BACK = frozenset("it this that these those he she him her they them his hers its".split())  # keys that point back
FILM = frozenset("film films movie movies flick picture documentary".split())

_OPEN = (
    r"(?:(?:hi|hello|hey|ok|okay|so|well|and|but|please|then|now|also) )*"
    r"(?:(?:can|could|would|will) you |please |i want you to )*"
    r"(?:(?:tell|give|show|say to|explain to) (?:me|us) |do you know |"
    r"i (?:want|would like|d like) to know |i wonder )?(?:if )?"
)
_FACT = (
    r"(?:actors?|budget|cast|characters?|cinematographer|composer|director|duration|editor|ending|end|genres?|length|"
    r"music|plot|premise|producers?|rating|release date|release year|reviews?|runtime|running time|score|screenwriter|"
    r"setting|soundtrack|stars?|story|storyline|summary|synopsis|theme|themes|title|tone|villain|votes|writers?|year)"
)
_CONTENT = (
    r"(?:act(?:or|ress)(?:es)?s?|characters?|cast|ending|hero|protagonist|role|scene|star|stars|twist|villain|plot)"
)
_DEED = (
    r"(?:(?:wrote|composed|did|made) the (?:music|score|soundtrack|script|screenplay|story|song|songs) (?:of|for|in)|"
    r"directed|wrote|made|produced|scored|edited|shot|filmed|composed|directs|"
    r"(?:stars?|starred|acts?|acted|plays?|played|appears?|appeared|is|was|are|were) in)"
)
_BE = r"(?:is|was|are|were|s|does|did|do|has|had)"
_ONE = r"(?P<a>.+?)"
_END = r"(?: (?:again|please|exactly|anyway|for me|to me|on (?:imdb|netflix)))*$"
# Where one of these fits, what stands in it is the whole title and no part of it is another one.
_DEMANDING = [
    re.compile(rf"^{_OPEN}{form}{_END}")
    for form in (
        rf"who(?: all| else)? {_DEED} {_ONE}",
        rf"(?:by whom|when|where|how) (?:is|was) {_ONE} "
        r"(?:directed|written|made|produced|released|filmed|shot|set|rated)",
        rf"(?:who|what) {_BE} (?:the )?(?:\w+ )?{_FACT} (?:of|for|in) {_ONE}",
        rf"(?:the )?(?:\w+ )?{_FACT} (?:of|for) {_ONE}",
        rf"how long {_BE} {_ONE}(?: last| run| in minutes)?",
        rf"how (?:good|bad|popular|old|scary|highly rated|many (?:votes|minutes)) {_BE} {_ONE}(?: get| have| last)?",
        r"(?:tell (?:me|us) |talk |say something |speak )?(?:more |something |a bit |a little |everything |all )?about "
        + _ONE,
        rf"(?:describe|summari[sz]e|explain|spoil) (?:the (?:\w+ )?{_FACT} (?:of|to|for|in) )?{_ONE}",
        rf"what {_BE} {_ONE} (?:about|rated|like|called)",
        rf"what {_BE} the (?:film |movie )?{_ONE} about",
        rf"when {_BE} {_ONE} (?:come out|came out|out|premiere|released|release|made|set|take place)",
        rf"where {_BE} (?:the (?:story|film|movie|action|plot) of )?{_ONE} (?:take place|takes place|set|happen|play)",
        rf"(?:what|which|in what|in which) (?:year|genre|genres|rating|runtime|language|kind of (?:film|movie)) {_BE} "
        rf"{_ONE}(?: come out| released| made| have| get| from| in| set)?",
        rf"{_ONE} (?:cast|runtime|imdb|rating|plot|summary|synopsis|ending explained|release date)",
    )
]
_JUDGED = r"(?:any good|good|bad|great|scary)"
# Where one of these fits, a title is welcome, and a plain word that fills the place is one.
_WELCOMING = [
    re.compile(rf"^{_OPEN}{form}{_END}")
    for form in (
        rf"{_BE} (?!there ){_ONE} {_JUDGED}",
        rf"{_BE} (?!there ){_ONE} (?:worth|based on|an?|on|set in|directed by|in) (?!.*\b{_JUDGED}$).+",
        rf"{_BE} {_ONE} (?:longer|shorter|better|worse|older|newer|scarier|funnier) than (?P<b>.+?)",
        r"(?:have you |did you |has anyone |i |we |you )(?:have |ve |just |ever |also )*(?:seen|see|saw|watched|watch) "
        rf"{_ONE}(?: yesterday| today| tonight| last night)?",
        rf"(?:i )?(?:really )?(?:liked|loved|enjoyed|hated) {_ONE}",
        rf"compare {_ONE} (?:and|with|to) (?P<b>.+?)",
        rf"(?:how|when|why) (?:does|did) {_ONE} end",
        rf"what (?:happens|happened|goes on|went on) (?:in|at the end of|during|to \w+ in) {_ONE}",
        rf"(?:what|which) (?:\w+ )?(?:themes?|topics?|message|tone) (?:does|did) {_ONE} (?:explore|have|treat|convey)",
        rf"(?:who|what|which|why|how|when|where|is|are|does|do|did|can) (?:.+? )?{_CONTENT} (?:.+? )??(?:in|of) {_ONE}",
    )
]
# Where one of these fits, a title may stand, misspelt too.
_OPEN_TO = [re.compile(rf"^{_OPEN}(?:in|about|from|for|on) {_ONE}$")]
_DESCRIBES = re.compile(
    r"^(?:the|a|an|that|some|any) (?:\w+ ){0,3}(?:film|movie|documentary|one)s? "
    r"(?:about|where|that|with|in which|who|by)\b"
)
_JOINED = re.compile(r" (?:and|or|vs|versus) ")
_AROUND = re.compile(
    r"^(?:the |that |this )?(?:(?:19|20)\d\d )?(?:film|movie|flick|picture)(?: (?:called|titled|named))? "
    r"|^the (?=.+ (?:film|movie|one)$)"
    r"|(?: (?:the |a )?(?:film|movie)| the one)?(?: (?:from|of|in))?(?: (?:19|20)\d\d)?(?: (?:film|movie))?$"
)


class Slots:
    """Where questions expect a title: in `demanded` places nothing but that, in `welcomed` ones even a plain word.

    `joined` holds the parts of such places around "and" or "or"; in `possible` ones a title may stand.
    """

    def __init__(self, tokens: Sequence[Token], clauses: Sequence[Span]) -> None:
        self.demanded, self.welcomed, self.joined, self.possible = (set[Span]() for _ in range(4))
        for first, last in clauses:
            clause = _Clause(tokens, first, last)
            self.demanded |= clause.fitting(_DEMANDING)
            self.welcomed |= clause.fitting(_WELCOMING)
            self.joined |= clause.joined
            self.possible |= clause.fitting(_OPEN_TO)
        self.welcomed |= self.demanded
        self.possible |= self.welcomed | self.joined


class _Clause:
    """Tokens [first, last) as one line, against which the forms of questions are held."""

    def __init__(self, tokens: Sequence[Token], first: int, last: int) -> None:
        self.joined = set[Span]()
        self._first, self._starts, text = first, list[int](), ""
        for token in tokens[first:last]:
            self._starts.append(len(text))
            text += token.word + " "
        self._text = text[:-1]

    def fitting(self, forms: Sequence[re.Pattern[str]]) -> set[Span]:
        """The places that the forms leave open, whole and bare of the words that say it is a film."""
        found: set[Span] = set()
        for match in filter(None, (form.match(self._text) for form in forms)):
            for begin, end in (match.span(group) for group in match.groupdict()):
                if not _DESCRIBES.match(self._text[begin:end] + " "):
                    found |= {self._tokens(begin, end), self._tokens(*self._bare(begin, end))}
                    self._part(begin, end)
        return found

    def _part(self, begin: int, end: int) -> None:
        edges = [edge for m in _JOINED.finditer(self._text, begin, end) for edge in m.span()]
        cuts = [begin, *edges, end]
        if edges:
            self.joined |= {self._tokens(*self._bare(*c)) for c in zip(cuts[::2], cuts[1::2], strict=True)}

    def _bare(self, begin: int, end: int) -> tuple[int, int]:
        for match in _AROUND.finditer(self._text[begin:end]):
            if match.start() == 0 and 0 < match.end() < end - begin:
                return self._bare(begin + match.end(), end)
            if 0 < match.start() < match.end():
                return begin, begin + match.start()
        return begin, end

    def _tokens(self, begin: int, end: int) -> Span:
        inside = [i for i, start in enumerate(self._starts, self._first) if begin <= start < end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)
