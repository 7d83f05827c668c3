import json
from pathlib import Path

import pytest

from moviechat.grounding.unsaid import says_so, telling
from moviechat.schema import NOT_SAID, Movie

PAIRS = Path(__file__).parents[2] / "data" / "sample" / "pairs" / "pairs.jsonl"

MOVIE = Movie("tt1", "The Call", "The Call", 2020, None, ("Drama",), 6.4, 2310, directors=("Ann Alder",))
TEXT = "Ilse, ten years old, lives in Lisbon. She paints because the winters are long. Her old dog Rex barks."
ENDED = "Ilse lives alone with a dog. In the end the dog returns."


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("When was The Call released?", "year"),
        ("How long is The Call?", None),
        ("What genre is The Call?", "genres"),
        ("Who directed The Call?", "directors"),
        ("Who wrote The Call?", None),
        ("What is The Call about?", "Ilse, ten years old, lives in Lisbon."),
        ("Where is The Call set?", "Ilse, ten years old, lives in Lisbon."),
        ("In which city is The Call set?", "Ilse, ten years old, lives in Lisbon."),
        ("How old is Ilse in The Call?", None),  # who is asked about says nothing by itself
        ("Why does she paint in The Call?", "She paints because the winters are long."),
        ("What is the name of the old dog in The Call?", "Her old dog Rex barks."),
        ("What is the name of the cat in The Call?", None),
        ("How many winters does she paint in The Call?", None),
        ("How does The Call end?", None),
        ("What is the budget of The Call?", None),
        ("What's the letter about in The Call?", None),  # about what is in it, not what it is about
    ],
)
def test_what_the_record_tells_is_found(question: str, told: str | None) -> None:
    assert telling(question, MOVIE, [TEXT]) == told


def test_an_ending_is_told_by_the_last_sentences() -> None:
    assert telling("How does The Call end?", MOVIE, [ENDED]) == "In the end the dog returns."
    assert telling("Does the dog return at the end of The Call?", MOVIE, [ENDED]) == "In the end the dog returns."
    assert telling("Does Ilse marry at the end of The Call?", MOVIE, [ENDED]) is None


def test_without_a_text_the_table_may_tell() -> None:
    assert telling("What is The Call about?", MOVIE, []) is None
    assert telling("Who directed The Call?", MOVIE, []) == "directors"


def test_on_questions_that_people_answered_and_left_unanswered(
    sample_films: tuple[dict[str, Movie], dict[str, str]],
) -> None:
    movies, texts = sample_films
    pairs = map(json.loads, PAIRS.read_text(encoding="utf-8").splitlines())
    found = {True: [0, 0], False: [0, 0]}
    for p in pairs:
        told = telling(p["question"], movies[p["tconst"]], [texts[p["tconst"]]]) is not None
        found[p["answer"] != NOT_SAID][told] += 1
    assert sum(found[True]) >= 1000
    assert sum(found[False]) >= 180
    assert found[True][True] / sum(found[True]) >= 0.6
    assert found[False][False] / sum(found[False]) >= 0.87


@pytest.mark.parametrize(
    ("answer", "silent"),
    [
        (NOT_SAID, True),
        ("The text doesn't say who wins.", True),
        ("It isn’t said whether they do.", True),
        ("We are not told.", True),
        ("There is no explanation of that in the text.", True),
        ("That is left open.", True),
        ("He is not given what he wants.", False),
        ("She says nothing and leaves.", False),
        ("Nobody remembers his name.", False),
        ("The old bus.", False),
    ],
)
def test_what_says_that_it_is_not_said(answer: str, silent: bool) -> None:
    assert says_so(answer) is silent
