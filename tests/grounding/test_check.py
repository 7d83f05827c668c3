import json
from collections import Counter
from pathlib import Path

import pytest

from moviechat.grounding.check import PENALTIES, Checker, Strength, Weights
from moviechat.grounding.reading import Reader, Reading
from moviechat.grounding.record import Record
from moviechat.schema import NOT_SAID, Movie

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
LABELLED = Path(__file__).parents[1] / "data" / "grounding.jsonl"
KINDS = ("name", "number", "place", "ending", "mixed", "role")

PHOTO = Movie("tt1", "Photo de famille", "Photo de famille", 2018, 98, ("Comedy", "Drama"), 5.8, 826)
# Our own telling of the published example's description: the same facts, the same silences.
PHOTO_TEXT = (
    'Gabrielle plays a living "statue" for tourists, which embarrasses her teenage son. Elsa is angry with everybody '
    "and longs to be pregnant. Their brother Mao designs video games, is depressed, and drinks. They hardly ever see "
    "each other. Their parents, Pierre and Claudine, separated long ago. At their grandfather's funeral the family has "
    "to meet and to answer one question together: what to do with grandma?"
)
RECORD = Record.of(PHOTO, [PHOTO_TEXT])


BUS = Record.of_texts(
    [
        "A bus driver, his helper, a priest and two policemen are lost in the jungle. Creatures haunt the roads, and "
        "the old bus is their only refuge. They must hold out until morning."
    ]
)
KNIVES = Record.of_texts(
    [
        "Harlan Thrombey, a crime novelist, is found dead. The detective Benoit Blanc is hired by an unknown hand. "
        "Harlan's nurse Marta cannot lie without being sick."
    ]
)
STATION = Record.of_texts(
    ["Sarah, an astronaut, trains for a year on the space station. She must leave her daughter Stella behind."]
)


@pytest.mark.parametrize(
    ("question", "answer", "supported"),
    [
        (
            "Which location(s) are featured in the movie Photo de famille?",
            "The movie is set in Brussels, Belgium.",
            False,
        ),
        (
            "What is the tone, main themes and genres of the movie Photo de famille?",
            "The movie is a comedy-drama that explores the themes of family relationships, loss, and grief.",
            True,
        ),
        (
            "What is the movie Photo de famille about?",
            "The movie Photo de famille is about a family who reunites after the death of their grandfather to decide "
            "what to do with their grandmother.",
            True,
        ),
        (
            "What is the ending of the movie Photo de famille?",
            "The family is able to come to a consensus on what to do with their grandmother.",
            False,
        ),
    ],
)
def test_the_published_example(checker: Checker, question: str, answer: str, supported: bool) -> None:
    assert checker.check(question, answer, RECORD, "fair").supported is supported


@pytest.mark.parametrize(
    ("record", "question", "answer", "supported"),
    [
        (BUS, "What happens?", "A bus driver murders a priest in the jungle beside an old bus.", False),
        (BUS, "How long?", "They need not hold out until morning.", False),
        (BUS, "How long must they hold out?", "They must hold out until morning.", True),
        (BUS, "What is the only refuge?", "The old bus.", True),
        (KNIVES, "Who hired Benoit Blanc?", "Harlan hired Benoit Blanc.", False),
        (KNIVES, "Who hired Benoit Blanc?", "An unknown hand hired Benoit Blanc.", True),
        (KNIVES, "Can Marta lie?", "Marta can lie without being sick.", False),
        (KNIVES, "Can Marta lie?", "No, Marta cannot lie without being sick.", True),
        (STATION, "What happens to Sarah?", "Sarah dies on the space station.", False),
        (STATION, "Who trains?", "Stella trains for a year on the space station.", False),
        (STATION, "Who is Stella?", "Stella is Sarah's daughter.", True),
        (STATION, "Who is Stella?", "Sarah's sister.", False),
        (RECORD, "Who drinks?", "Oskar drinks.", False),
        (RECORD, "Who drinks?", "Mao drinks.", True),
        (RECORD, "Who designs games?", "Ma-oh.", False),
        (RECORD, "Who designs video games?", "Gabrielle designs video games.", False),
        (RECORD, "Who designs video games?", "Mao designs video games.", True),
        (RECORD, "Who are separated?", "Gabrielle and Pierre.", False),
        (RECORD, "Who is Mao?", "Elsa's brother, who drinks.", True),
        (RECORD, "How old is he?", "Mao is 34 years old.", False),
        (RECORD, "How long is it?", "It runs for 97 minutes.", False),
        (RECORD, "How long is it?", "98 minutes.", True),
        (RECORD, "How many are they?", "Seven siblings.", False),
        (RECORD, "How many parents are there?", "Two.", False),
        (RECORD, "When was it released?", "In 2018.", True),
    ],
)
def test_what_a_person_may_be_told(
    checker: Checker, record: Record, question: str, answer: str, supported: bool
) -> None:
    assert checker.check(question, answer, record).supported is supported


@pytest.mark.parametrize(
    ("record", "question", "answer", "claim"),
    [
        (RECORD, "Where is it set?", "In Brussels, Belgium.", "Brussels: not in the record"),
        (BUS, "How long?", "They need not hold out until morning.", "not hold: the record says the contrary"),
        (KNIVES, "Who hired him?", "Harlan hired Benoit Blanc.", "hired (Harlan): somebody else in the record"),
        (STATION, "Who is Stella?", "Sarah's sister.", "sister: no such relation in the record"),
        (BUS, "What happens?", "The bus driver murders a priest.", "murders: nothing like it in the record"),
    ],
)
def test_the_unsupported_claim_is_told(
    checker: Checker, record: Record, question: str, answer: str, claim: str
) -> None:
    assert claim in checker.check(question, answer, record).unsupported


def test_fair_lets_more_through_than_strict(checker: Checker) -> None:
    asked = ("What happens?", "A bus driver meets creatures in a jungle and a priest helps him.")
    strict, fair = (checker.check(*asked, BUS, strength) for strength in ("strict", "fair"))
    assert (strict.supported, fair.supported) == (False, True)
    assert strict.score == fair.score


def test_texts_of_any_length_are_read_as_far_as_that_takes_seconds(checker: Checker) -> None:
    read: list[int] = []

    class Counting(Reader):
        def read(self, text: str, context: str = "") -> Reading:
            read.append(len(text))
            return checker.reader.read(text[:100], context)

    counting = Checker(Counting(Path(), Path()))
    record = Record.of_texts(["A bus is lost in the jungle. " + "x" * 3_000_000])
    assert counting.check("What is lost? " * 100_000, "A bus is lost in the jungle.", record).supported
    assert max(read) <= 100_000
    long = counting.check("What is lost?", "A bus is lost in the jungle. " * 50_000, record)
    assert not long.supported and "too long" in long.unsupported[0]


@pytest.mark.parametrize("word", ["A" * 33, "A" * 5000, "\ufdfa" * 2000], ids=len)
def test_a_word_of_any_length_is_checked(checker: Checker, word: str) -> None:
    record = Record.of_texts([f"{word} is lost in the jungle."])
    assert not checker.check("Who is lost in the jungle?", f"{word}'s dog is lost in the jungle.", record).supported


@pytest.mark.parametrize("answer", [NOT_SAID, "The text doesn't say.", "We are not told."])
def test_saying_that_it_is_not_said_claims_nothing(checker: Checker, answer: str) -> None:
    assert checker.check("How does it end?", answer, RECORD).supported


@pytest.mark.parametrize("answer", ["", "?!", "the of"])
@pytest.mark.parametrize("strength", ["strict", "fair"])
def test_an_empty_answer_is_not_supported(checker: Checker, answer: str, strength: Strength) -> None:
    assert not checker.check("What is it about?", answer, RECORD, strength).supported


def test_a_record_without_a_text_supports_what_its_table_holds(checker: Checker) -> None:
    table = Record.of(PHOTO, [])
    assert checker.check("When was it released?", "In 2018.", table).supported
    assert not checker.check("When was it released?", "In 2019.", table).supported


def test_the_weights_that_ship_cost_nothing_that_is_not_a_penalty() -> None:
    weights = Weights.shipped()
    assert set(weights.costs) == set(PENALTIES)
    assert all(cost >= 0 for cost in weights.costs.values())
    assert weights.fair < weights.strict < weights.bias


def test_precision_and_recall_on_labelled_pairs(
    checker: Checker, sample_films: tuple[dict[str, Movie], dict[str, str]]
) -> None:
    movies, texts = sample_films
    pairs = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    assert len(pairs) >= 300
    records = {t: Record.of(movies[t], [texts[t]]) for t in {p["tconst"] for p in pairs}}
    verdicts = [(p["error"], checker.check(p["question"], p["answer"], records[p["tconst"]], "fair")) for p in pairs]
    number = Counter(error for error, _ in verdicts)
    accepted = Counter(error for error, verdict in verdicts if verdict.supported)
    assert all(number[kind] >= 30 for kind in KINDS)
    wrong = sum(accepted[kind] for kind in (*KINDS, "swap"))  # names of the film's own in each other's place
    print(accepted, number)
    assert accepted[None] / (accepted[None] + wrong) >= 0.95
    assert accepted[None] / number[None] >= 0.95
