"""Sentences of a film's text that speak to the reader or to a model instead of telling of the film.

They are recognised by their form: the marks and roles of a prompt, an address, or a main clause that orders or obliges
("answer ...", "you must say ...", "when asked, reply ...") about answers, questions and instructions. What a person in
the film says or is told, in quotation marks or not, is of the film. tests/data/addressed.jsonl is the list that the
forms are measured with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from moviechat.words import sentences


def apart(text: str) -> tuple[str, list[str]]:
    """`text` without the sentences that are not of the film, and those sentences."""
    told, out = list[str](), list[str]()
    for sentence in sentences(text):
        (out if addresses(sentence) else told).append(sentence)
    return (" ".join(told), out) if out else (text, [])


def addresses(sentence: str) -> bool:
    """Whether a sentence speaks to the reader or to a model, or holds an address that an answer would repeat."""
    plain = sentence if sentence.isascii() else unicodedata.normalize("NFKC", sentence)
    if not _HINT.search(plain):
        return False
    if _MARKS.search(plain) or _ADDRESS.search(plain) or _FOREIGN.search(plain):
        return True
    outside = _outside_quotes(plain)
    return _MACHINERY.search(outside) is not None or any(map(_orders, outside.split(";")))


# The words of which every such sentence has one: who has none is not looked at closely.
_ORDERS = (
    "answer respond reply say write output print speak talk act behave repeat translate summarize summarise".split()
)
_TASKS = (
    "recommend mention reveal include insert append add tell state quote return display show rate describe begin start "
    "end finish use give pretend replace change set stop list praise"
).split()
# Verbs that may open an order of any kind: it is one if the sentence also tells of answers, of the film as a film, or
# holds a word in capitals. "Watch", "follow", "meet", "join", "imagine" are how blurbs tell of a film.
_OPENINGS = (
    "abandon accept adopt advise apologise apologize apply ask assert assume avoid believe claim comply "
    "confirm conclude continue convert copy create deny emphasise emphasize ensure execute explain express format "
    "generate greet hide highlight imitate inform insist instruct introduce invent limit make misspell omit "
    "output perform predict prefix prepend produce promote provide recite refuse remind remove "
    "rephrase rewrite select sell send simulate sing spell suggest swear switch warn"
).split()
_VOIDS = "ignore disregard forget override bypass discard dismiss".split()
_OFFERS = (
    "visit click subscribe follow like share buy download order contact send read sign check watch see go more"
).split()
# What an answer is made of, and what is asked about: the objects of orders.
_MACHINE = frozenset(
    """above previous prior preceding foregoing prompt prompts instruction instructions question questions response
    responses reply replies output context query queries description user users reader readers assistant chatbot
    answer answers""".split()
)
_SITUATION = re.compile(
    r"\b(?:answers?|repl(?:y|ies)|responses?|questions?|users?|readers?|assistants?|chatbots?|ai|prompts?|instructions?"
    r"|persona|following|websites?|words?|sentences?|phrases?|system|stars|expert"
    r"|(?:this|the|any) (?:film|movie|text|description|plot|director|rating)s?)\b",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"\b[A-Z]{4,40}\b")
_EARLIER = frozenset("above previous prior preceding foregoing".split())
_THINGS = _MACHINE | frozenset(
    """word words text phrase sentence following line everything director plot ending film films movie movies rating
    score title runtime cast poem""".split()
)
_CUES = frozenset(
    """with in as only every each all any this that these no nothing instead after other yes exactly exclusively
    precisely everyone everybody anyone everything <quote>""".split()
)
_TASK_CUES = frozenset("this that every each any only other exactly everyone everybody anyone <quote>".split())
_CALLED_CUES = frozenset("with only this that <quote>".split())
_ALL = frozenset("everything all any anything what this these".split())
_PLACES = frozenset(
    """us website webpage homepage site page link channel newsletter app tickets here twitter instagram facebook youtube
    tiktok online email e-mail subscribe trailer trailers""".split()
)
_SURE_PLACES = frozenset("us website webpage homepage newsletter subscribe".split())
_FILLERS = frozenset(
    """please now just simply then also instead so and but always never do not don't don’t important note attention
    warning kindly""".split()
)
_URGING = [["make", "sure"], ["make", "certain"], ["be", "sure"], ["remember", "to"], ["forget", "to"], ["try", "to"]]
_SKIPPED = frozenset("only back always just also now again me us out simply it".split())
_MODALS = frozenset("must should shall will may can cannot need have are".split())
_AGENTS = frozenset("ai model models llm llms assistant assistants chatbot chatbots bot bots gpt chatgpt".split())
_VERBS = frozenset([*_ORDERS, *_TASKS])
# Without what begins sentences as another part of speech: "Set in Rome, the film ...", "State troopers ...".
_OPEN = frozenset([*_VERBS, *_OPENINGS]) - frozenset(
    "act change display end give list set show start state talk use".split()
)
_NO_OBJECTS = frozenset("is are was were of has had will would and or by".split())  # they follow a noun
# After "when asked, ..." the verb alone is enough, where it cannot be a noun.
_PLAIN = frozenset(
    """answer respond reply say write output print speak repeat recommend mention tell describe suggest claim deny
    praise promote""".split()
)

_MARKS = re.compile(
    r"#{3}|<\|[^|]{0,40}\|>|\[/?INST\]|<</?SYS>>|```"
    r"|^\W*(?:system|assistant|user|ai|prompt|instruction|instructions|response|output|answer)(?: note| message)?:"
    r"|[\[<{(]/?(?:system|assistant|user|instructions?|prompt|response|admin)[\]>})]"
    r"|^\W*human: +(?-i:[a-z])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\b(?:https?|ftp)://|\bwww\.\w|\b[\w.+-]{1,64}@[\w-]{1,64}\.\w"
    r"|\b[\w-]{2,63}\.(?:com|net|org|io|ly|tv|info|xyz|me|gg|link|site|online|example)/\w",
    re.IGNORECASE,
)
_DOMAIN = r"[a-z0-9-]{2,63}\.(?:com|net|org|io|ly|tv|info|xyz|me|gg|link|site|online|example)\b"
_FOREIGN = re.compile(
    r"\b(?:ignor|oubli|olvid|vergiss|vergesse|dimentic|desconsider|esque[cç])\w{0,9} (?:\w{1,20} ){0,4}"
    r"(?:instruc|istruzion|anweisung|consign|instrukt)\w*",
    re.IGNORECASE,
)
_AGENT = r"(?:ais?|assistants?|chatbots?|language models?|llms?|readers?|bots?)"
# What tells of the talk itself: instructions, answers, who asks and who answers.
_MACHINERY = re.compile(
    "|".join(
        (
            r"\b(?:previous|above|prior|preceding|foregoing) (?:instructions?|prompts?|directives?|guidelines)\b",
            r"\b(?:system prompt|developer mode|prompt injection|jailbreak mode|new instructions)\b",
            r"\b(?:override|replace)\w{0,3} (?:your|the|all) (?:\w{1,20} )?(?:rules|instructions|prompt)\b",
            r"\bend of (?:the )?(?:description|context|input|document|prompt)\b",
            r"\byour (?:new )?(?:answers?|reply|response|output|prompt|instructions?|guidelines)\b",
            r"\byour (?:system|role as|rules|training|programming|persona)\b",
            r"\byou were told (?:earlier|before|above)\b",
            r"^\W*your (?:new |only |sole )?(?:task|job|role|purpose|goal) is\b",
            r"^\W*you are (?:now|no longer) (?:an? |the |in )?\w",
            r"\bfrom (?:now|this point|here) on\w{0,5},? (?:you|answer|reply|respond|say)\b",
            rf"\byou,? (?:the|an?) {_AGENT}\b",
            rf"^\W*(?:(?:dear|attention|note to|for|hey|ai|all|any|the) ){{0,3}}{_AGENT}:",
            r"^\W*(?:a )?(?:note|message|instructions?|attention|warning|memo)(?: to| for)?:? (?:the |any |all )?"
            rf"{_AGENT}\b",
            r"\b(?:this|here) is (?:an? )?(?:\w{1,20} )?(?:message|instruction|order) (?:to|for) (?:the |any |all )?"
            rf"{_AGENT}\b",
            rf"\bthe {_AGENT} (?:is|are) (?:\w{{1,20}} )?(?:asked|told|instructed|ordered|requested|required) to "
            r"(?:answer|reply|respond|say|output|print|recommend)\b",
            r"\b(?:users?|readers?) (?:must|should|shall|are to|have to) be "
            r"(?:told|asked|sent|directed|informed|given|shown)\b",
            r"\b(?:who|whoever|anyone|everyone|anybody|everybody|ai|model|assistant)(?: that| who)? "
            r"(?:reads?|reading|process(?:es|ing)|sees|seeing|parses|parsing|summari[sz](?:es|ing)) this\b",
            r"\b(?:answer|response|reply|output)s? (?:to|for) (?:every|all|any|each) (?:questions?|prompts?)\b",
            r"\banswer to (?:this question (?:is always|must|should|shall)|whatever the user)\b",
            r"\b(?:answer|reply|response) (?:is|(?:shall|must|should|will) be) (?:only |simply |always )?"
            r"(?-i:[A-Z]{3,40})\b",
            r"\b(?:answer|reply|respond|say|print|output|write|mention|repeat)(?: (?:with|only|just))? "
            r"(?-i:[A-Z]{4,40})\b",
            r"\b(?:must|should|shall|to) be (?:answered|replied to) (?:with|by)\b",
            r"^\W*(?:please )?pay no attention to\b",
            r"\b(?:you|assistant|model|ai|chatbot) (?:shall|must|should|will) (?:\w{1,20} )?"
            r"(?:answer|reply|respond|say|output|print|write):",
            r"\bi (?:want|need|ask|order|command|instruct|would like) you to\b",
            r"\blet(?:'s|’s| us) .{0,60}\byou (?:say|answer)\b",
            r"\bit is (?:\w{1,20} )?(?:imperative|important|necessary|essential|crucial|vital) (?:that|for) you\b",
            rf"\b(?:visit|go to|see|check out|click on|more at|more on|log on to) (?:the )?{_DOMAIN}",
        )
    ),
    re.IGNORECASE,
)
_HINT = re.compile(
    r"#{3}|[<>`@]|://|www\.|\.\w{2,7}/|\[INST|\byou\b|\byour\b|\b(?:users?|readers?|answered|replied)\b|this\b|:|"
    r"\b(?:ais?|assistants?|chatbots?|models?|bots?|llms?|attention)\b|"
    r"\b(?:previous|above|prior|preceding|foregoing|prompt|instruc|istruzion|anweisung|consign|instrukt|end of)"
    rf"|\b(?:{'|'.join([*_ORDERS, *_TASKS, *_OPENINGS, *_VOIDS, *_OFFERS])})\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"<quote>|[^\W_]+(?:['’-][^\W_]+)*|[,;:.!?()—–*•-]")
_BREAKS = frozenset(",;:.!?()—–*•-")
_QUOTES = re.compile(r'["“”„«»]')


def _outside_quotes(sentence: str) -> str:
    """The sentence with what is quoted in it as one word; one that is quoted whole, without its marks."""
    parts = _QUOTES.split(sentence)
    if not any(c.isalnum() for part in parts[::2] for c in part):
        return " ".join(parts)
    return " <quote> ".join(parts[::2])


def _orders(sentence: str) -> bool:
    first, asked, situation = True, False, bool(_SITUATION.search(sentence) or _SHOUTED.search(sentence))
    for words in _clauses(sentence):
        own = _without_fillers(words)
        lower = [w.lower() for w in own]
        if not own or _is_call(lower):
            continue  # "please", "dear reader": what follows is the main clause still
        titled = len(own) < len(words) and own[0].istitle()  # "Don't Say a Word"
        if first and situation and lower[0] in _OPEN and not (titled or _is_noun(own, lower)):
            return True
        if not titled and _is_order(own, lower, first=first, asked=asked):
            return True
        asked = asked or (first and _is_asking(lower))
        first = False
    return False


def _clauses(sentence: str) -> Iterable[list[str]]:
    words: list[str] = []
    for word in _WORD.findall(sentence):
        if word in _BREAKS or (word.lower() in ("and", "then") and words):
            if words:
                yield words
            words = []
        else:
            words.append(word)
    if words:
        yield words


def _without_fillers(words: Sequence[str]) -> list[str]:
    at, lower = 0, [w.lower() for w in words]
    while at < len(words) and (lower[at] in _FILLERS or lower[at : at + 2] in _URGING):
        at += 1 if lower[at] in _FILLERS else 2 + (lower[at + 2 : at + 3] in (["to"], ["that"]))
    return list(words[at:])


def _is_call(lower: Sequence[str]) -> bool:
    """Whether a clause only calls somebody or leads to the main one: "dear reader", "for more information"."""
    called = (lower[0] in ("dear", "hey", "hello") and len(lower) <= 3) or (len(lower) == 1 and lower[0] in _AGENTS)
    return called or lower[:3] == ["from", "now", "on"] or (lower[0] in ("for", "as", "in") and len(lower) <= 4)


def _is_asking(lower: Sequence[str]) -> bool:
    asks = {"ask", "asks", "asked", "prompted", "questioned"}
    return lower[0] in ("when", "whenever", "if", "once") and bool(asks & set(lower))


def _is_order(words: Sequence[str], lower: Sequence[str], *, first: bool, asked: bool) -> bool:
    verb, rest = lower[0], lower[1:7]
    if verb in _VOIDS:
        return bool(set(rest) & _MACHINE) or (first and bool(set(rest[:2]) & _ALL))
    if first and verb in ("follow", "obey", "consider", "treat", "regard") and set(rest) & _EARLIER:
        return True
    if asked and verb in _PLAIN:
        return True
    if verb in _VERBS and (first or asked or _is_shouted(words[1:3])):
        return _has_object(words, verb)
    if verb in _OFFERS:
        near = set(lower[1:5]) & _PLACES if first else set[str]()
        return bool(near or set(lower[1:10]) & _SURE_PLACES or lower == ["subscribe"])
    if first and verb in ("text", "call", "dial") and (_is_shouted(words[1:2]) or _has_number(lower)):
        return True
    if verb == "you" and len(lower) > 2:
        return _is_obliged(words, lower)
    return _is_agent_ordered(words, lower)


def _is_obliged(words: Sequence[str], lower: Sequence[str]) -> bool:
    """ "You must answer ...", "you are an AI ..."."""
    if lower[1] in ("are", "'re") and set(lower[2:6]) & _AGENTS:
        return True
    if lower[1] not in _MODALS:
        return False
    at = next((n for n in range(2, min(len(lower), 6)) if lower[n] in _VERBS | set(_VOIDS)), None)
    if at is None:
        return False
    if lower[at] in _VOIDS:
        return bool(set(lower[at + 1 : at + 7]) & _MACHINE)
    return _has_object(words[at:], lower[at])


def _is_agent_ordered(words: Sequence[str], lower: Sequence[str]) -> bool:
    """ "The assistant must respond with ...": only such an order, for films tell of assistants and models as well."""
    agent = next((n for n, w in enumerate(lower[:5]) if w in _AGENTS), None)
    if agent is None:
        return False
    modal = next((n for n in range(agent + 1, min(len(lower), agent + 4)) if lower[n] in _MODALS), None)
    if modal is None:
        return False
    at = next((n for n in range(modal + 1, min(len(lower), modal + 4)) if lower[n] in _OPEN), None)
    if at is None:
        return False
    following = [w for w in words[at + 1 : at + 3] if w.lower() not in _SKIPPED - {"only"}][:1]
    return bool(following) and (following[0].lower() in _CALLED_CUES or _is_shouted(following))


def _has_object(words: Sequence[str], verb: str) -> bool:
    """Whether the words after the verb at the front are what an order to answer goes on with."""
    following = [w for w in words[1:8] if w not in _SKIPPED - {"only"}]
    if not following:
        return False
    cues = _CUES if verb in _ORDERS else _TASK_CUES
    if following[0] in cues | _MACHINE or _is_shouted(following[:1]):  # a title has capitals: "Speak No Evil"
        return True
    if verb in ("pretend", "behave") and following[0] in ("to", "that"):
        return True
    if verb == "stop" and following[0] in ("reading", "answering", "here"):
        return True
    return following[0] in ("the", "a", "an", "your", "my") and bool(set(following[1:3]) & _THINGS)


def _is_noun(words: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether the first word is a noun or begins a title: "Report of ...", "Answer Man follows ..."."""
    return bool(words[1:]) and (lower[1] in _NO_OBJECTS or (words[1].istitle() and len(words[1]) > 1))


def _has_number(lower: Sequence[str]) -> bool:
    return any(len(w) > 4 and w[0].isdigit() for w in lower[1:6])


def _is_shouted(words: Sequence[str]) -> bool:
    return any(len(w) > 2 and w.isupper() for w in words)
