"""What a message does: small talk and plain questions by their words, all else by the classifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from moviechat.chat.draft import Draft
from moviechat.chat.mentions import Mentions
from moviechat.chat.signals import Hints, Signals
from moviechat.chat.understand import FINER, INTENTS, Classified, shares_of
from moviechat.chat.wanting import Wanting

LABELS = ["smalltalk.offtopic", "fact.other", "compare.rating", "told.seen"]
LABELS += ["wish", *(name for name in INTENTS if name not in FINER)]
TALKED = Hints(focus=True, people=True, fields=("directors",))
WISHED = Hints(wish=True, focus=True, listed=True, wished=True)


class Guess:
    """A classifier that says one label, and counts how often it is asked."""

    def __init__(self, label: str = "", share: float = 0.4) -> None:
        self.label, self.share, self.asked = label, share, 0

    def __call__(self, signals: Signals) -> Mapping[str, float]:
        self.asked += 1
        even = dict.fromkeys(LABELS, 0.05)
        return even | ({self.label: self.share} if self.label else {})


@pytest.fixture
def understood(taken_apart: Callable[..., Mentions], wants: Callable[[str], Wanting]) -> Callable[..., Draft]:
    """The draft of a message: `understood(text, hints, guess)`."""

    def draft(
        text: str, hints: Hints | None = None, guess: Guess | None = None, moods: Mapping[str, float] | None = None
    ) -> Draft:
        hints = hints or Hints()
        return Classified(guess or Guess(), lambda _: moods or {}).draft(
            taken_apart(text, hints.focus), wants(text), hints
        )

    return draft


Understood = Callable[..., Draft]


def test_the_classifier_is_not_asked_where_words_are_sure(understood: Understood) -> None:
    guess = Guess("plot")
    assert understood("who directed Parasite?", Hints(), guess).intent == "fact"
    assert understood("thanks", Hints(), guess).topic == "thanks"
    assert guess.asked == 0


@pytest.mark.parametrize(
    ("text", "label", "hints", "intent"),
    [
        ("I am so bored tonight", "wish", Hints(), "wish"),
        ("I am so bored tonight", "smalltalk.offtopic", Hints(), "smalltalk"),
        ("a man wakes up and nobody remembers his name", "identify", Hints(), "identify"),
        ("I have seen Soul", "told.seen", Hints(), "told"),
        ("what is the ending like", "plot", TALKED, "plot"),
        ("wibble wobble", "unclear", Hints(), "unclear"),
    ],
)
def test_open_words_are_the_classifiers(
    understood: Understood, text: str, label: str, hints: Hints, intent: str
) -> None:
    assert understood(text, hints, Guess(label)).intent == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("whats Soul about, in a few words", "plot"),
        ("what's it about then", "plot"),
        ("what do you know about Soul", "fact"),
        ("what about Soul then, friend", "fact"),
    ],
)
def test_what_a_film_is_about_is_its_plot(understood: Understood, text: str, intent: str) -> None:
    labels = Guess("fact.overview", 50.0)
    assert understood(text, Hints(focus=True), labels).intent == intent


def test_a_long_story_that_asks_for_nothing_is_to_be_found(understood: Understood) -> None:
    story = "a nurse from Norway moves to a farm and there the sheep begin to talk"
    told = f"{story}, and then they take over the village hall while everybody sleeps"
    assert understood(story, Hints(), Guess("wish")).intent == "wish"
    assert understood(told, Hints(), Guess("wish")).intent == "identify"
    assert understood(f"I want a film where {told}", Hints(), Guess("wish")).intent == "wish"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("good morning sunshine", "compare.rating"),
        ("good morning sunshine", "credits"),
        ("good morning sunshine", "told.hated"),
        ("when did Parasite come out, I wonder", "wish"),
        ("what does the driver find in Parasite", "fact.year"),
        ("a film, but not Joker", "plot"),
    ],
)
def test_an_intent_must_have_what_it_needs(understood: Understood, text: str, label: str) -> None:
    assert understood(text, Hints(), Guess(label)).intent != label.split(".")[0]


def test_an_intent_without_ground_is_believed_if_nothing_else_is_likely(understood: Understood) -> None:
    assert understood("good morning sunshine", Hints(), Guess("told.hated")).intent != "told"
    assert understood("good morning sunshine", Hints(), Guess("told.hated", 50.0)).intent == "told"


@pytest.mark.parametrize(
    ("text", "label", "fields"),
    [
        ("who has the writing credit on Parasite, I wonder", "fact.writers", ("writers",)),
        ("Parasite comes from Korea, right", "fact.countries", ("countries",)),
        ("is there anything else on Parasite worth a note", "fact.overview", ()),
        ("and 1917?", "fact.rating", ()),  # asks the last question again
    ],
)
def test_the_classifier_says_which_field_is_asked_for(
    understood: Understood, text: str, label: str, fields: tuple[str, ...]
) -> None:
    draft = understood(text, TALKED, Guess(label))
    assert (draft.intent, draft.fields) == ("fact", fields)


def test_what_is_told_of_a_film_is_the_classifiers_where_no_word_says_it(understood: Understood) -> None:
    assert understood("those too, loved them", WISHED, Guess("told.seen")).stance == "seen"


def test_a_wish_has_the_moods_that_its_words_do_not_name(understood: Understood) -> None:
    moods = {"exciting": 0.8, "scary": 0.3, "cosy": 0.1}
    want = understood("my pulse should hit the roof", Hints(), Guess("wish"), moods).want
    assert (want.moods, want.words) == (("exciting", "scary"), "")
    want = understood("a submarine thriller, nothing scary, my pulse should race", Hints(), Guess("wish"), moods).want
    assert (want.moods, want.words) == (("exciting",), "submarine")
    assert understood("a film about grief and pulses", Hints(), Guess("wish"), moods).want.words == "grief pulses"


@pytest.mark.parametrize(
    ("shares", "unchecked"),
    [
        ({"wish": 0.9}, ""),
        ({"wish": 0.5, "wish.budget": 0.4}, ""),
        ({"wish": 0.3, "wish.budget": 0.4, "wish.box_office": 0.1}, "budget"),
        ({"wish": 0.3, "wish.budget": 0.2, "wish.awards": 0.2, "wish.critics": 0.2}, "other"),
    ],
)
def test_what_no_catalogue_has_is_told_of_a_wish(
    taken_apart: Callable[..., Mentions], wants: Callable[[str], Wanting], shares: dict[str, float], unchecked: str
) -> None:
    text = "a heist story that was cheap as chips"
    draft = Classified(lambda _: shares, lambda _: {}).draft(taken_apart(text), wants(text), Hints())
    assert (draft.intent, draft.unchecked) == ("wish", unchecked)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("hello", "greeting"),
        ("Hi there!", "greeting"),
        ("thank you so much", "thanks"),
        ("bye", "goodbye"),
        ("ok cool", "assent"),
        ("who are you?", "identity"),
        ("what can you do?", "help"),
        ("", "nothing"),
        ("?!", "nothing"),
        ("gracias", "thanks"),
    ],
)
def test_small_talk_has_a_topic(understood: Understood, text: str, topic: str) -> None:
    draft = understood(text)
    assert (draft.intent, draft.topic) == ("smalltalk", topic)


def test_the_likeliest_topic_is_taken(understood: Understood) -> None:
    assert understood("you stupid machine", Hints(), Guess("smalltalk.insult")).topic == "insult"


def test_the_language_is_told(understood: Understood) -> None:
    assert understood("hola, qué tal el día de hoy", Hints(), Guess("smalltalk.offtopic")).language == "es"
    assert understood("who directed Parasite?").language == "en"


def test_labels_of_small_talk_are_one_intent() -> None:
    shares = shares_of({"smalltalk.insult": 0.2, "smalltalk.offtopic": 0.3, "fact": 0.5})
    assert shares["smalltalk"] == pytest.approx(0.5)
    assert (shares["fact"], shares["plot"]) == (0.5, 0.0)
