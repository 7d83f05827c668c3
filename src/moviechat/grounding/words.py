"""Closed word classes of English that decide what a sentence claims: kin, negation, doubt, time."""

from __future__ import annotations

from moviechat.words import stem

# Relations between people, with the inverse and the sex if the word has one. Another word is another claim.
SAME_KIN = (
    "mother mom mum mama",
    "father dad papa",
    "husband",
    "wife bride",
    "fiancé fiance",
    "fiancée fiancee",
    "brother",
    "sister",
    "son boy",
    "daughter girl",
    "child kid",
    "parent",
    "sibling",
    "grandmother grandma granny",
    "grandfather grandpa",
    "grandson",
    "granddaughter",
    "uncle",
    "aunt",
    "cousin",
    "nephew",
    "niece",
    "stepmother",
    "stepfather",
    "stepson",
    "stepdaughter",
    "friend pal buddy",
    "boyfriend",
    "girlfriend",
    "lover",
    "partner",
    "ex-wife",
    "ex-husband",
    "widow",
    "widower",
    "boss",
    "colleague coworker",
    "neighbour neighbor",
    "roommate",
    "enemy rival",
    "mentor",
    "mother-in-law",
    "father-in-law",
    "brother-in-law",
    "sister-in-law",
)
KIN = {word: line.split()[0] for line in SAME_KIN for word in line.split()}
# If the record says the word on the left, the words on the right follow: about the other person, or about the same.
FOLLOWS = {
    "mother": "parent son daughter child",
    "father": "parent son daughter child",
    "parent": "son daughter child",
    "son": "child mother father parent",
    "daughter": "child mother father parent",
    "child": "mother father parent son daughter",
    "brother": "sibling brother sister",
    "sister": "sibling brother sister",
    "sibling": "brother sister",
    "husband": "wife widow",
    "wife": "husband",
    "widow": "husband wife",
    "widower": "wife husband",
    "boyfriend": "girlfriend",
    "girlfriend": "boyfriend",
    "lover": "lover",
    "grandmother": "grandson granddaughter",
    "grandfather": "grandson granddaughter",
    "grandson": "grandmother grandfather",
    "granddaughter": "grandmother grandfather",
}

NEGATIVE = frozenset("no not never n't nobody none nothing neither nor nowhere without hardly cannot".split())
# Verbs whose complement does not happen.
FAILED = frozenset("fail refuse deny prevent stop avoid forbid cease decline forget miss lack".split())
FAILED_HOW = frozenset("unable impossible reluctant unwilling".split())
# Verbs whose complement is wanted, feared, believed or said, not stated as a fact.
HELD = frozenset(
    """want hope plan try attempt decide need wish intend aim dream threaten order ask force suspect believe think claim
    say accuse fear imagine suggest suppose consider choose promise seek long struggle offer agree propose persuade
    convince expect pretend frame risk tempt vow swear determine resolve prepare wonder doubt allege warn demand urge
    require beg look strive set""".split()
)
# The object of these verbs need not be real.
HELD_OBJECT = frozenset(
    "fake imagine invent plan promise threaten deny fear dream suspect predict forbid refuse want".split()
)
HELD_HOW = frozenset("ready willing eager about likely determined supposed bound able possible afraid hopeful".split())
MODAL = frozenset("may might could would should must can shall ought".split())
UNDECIDED = frozenset("if whether unless".split())
ORDER = {"before": "after", "after": "before", "until": "after", "since": "before"}
ALL = frozenset(
    "all every everyone everybody everything each always entire whole only just single both once twice".split()
)
PLURAL_OF_PERSON = frozenset("they them their themselves theirs".split())
HE = frozenset("he him his himself".split())
SHE = frozenset("she her hers herself".split())
PRONOUN = HE | SHE | PLURAL_OF_PERSON
MALE = frozenset(
    "man boy father son brother husband king prince uncle grandfather boyfriend widower guy nephew".split()
)
FEMALE = frozenset(
    "woman girl mother daughter sister wife queen princess aunt grandmother girlfriend widow lady actress niece".split()
)
PEOPLE = frozenset(
    """man woman boy girl child kid teenager couple family doctor nurse policeman policewoman cop detective officer
    agent soldier teacher student writer author singer actor actress director killer murderer criminal thief gangster
    lawyer judge president king queen prince princess priest nun widow widower stranger friend lover owner leader boss
    worker journalist reporter scientist artist musician dancer farmer hunter driver pilot captain hero heroine villain
    team gang group guy lady baby""".split()
) | frozenset(KIN)
CAUSAL = frozenset("because since so due reason as to for after when by thus therefore over".split())

# Words that an answer may use to talk about a film without claiming anything about it.
FRAMING = frozenset(
    stem(w)
    for w in """movie film story plot description tell tells follow follows explore explores deal deals center centers
    centre revolve revolves set take takes place located location include includes featured feature theme themes tone
    genre genres mix mixes mixed blend blends main character characters scene end ends ending begin begins start starts
    finally become becomes say says said mention describe described named called name kind type part time way able come
    get gets go goes make makes made find finds see sees know known use used try tries minute minutes hour hours year
    years long release released rating rated vote votes direct directed star stars starring run runs runtime""".split()
)
