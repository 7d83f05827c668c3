"""What an intent needs to be possible, and the signals as numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.able import possible, vector
from moviechat.chat.mentions import Mentions
from moviechat.chat.signals import INTENTS, Hints, Signals
from moviechat.chat.wanting import Wanting

HINTS = st.builds(
    Hints,
    wish=st.booleans(),
    focus=st.booleans(),
    listed=st.booleans(),
    people=st.booleans(),
    fields=st.sampled_from([(), ("year",)]),
    question=st.booleans(),
    wished=st.booleans(),
)
TALKED, WISHED = Hints(focus=True, fields=("directors",)), Hints(wish=True, focus=True, listed=True, wished=True)
EMPTY = Hints()


@pytest.fixture(scope="session")
def signals(taken_apart: Callable[..., Mentions], wants: Callable[[str], Wanting]) -> Callable[..., Signals]:
    """The signals of a message: `signals(text, hints)`."""
    return lambda text, hints=EMPTY: Signals(taken_apart(text, hints.focus), wants(text), hints)


Made = Callable[..., Signals]


@pytest.mark.parametrize(
    ("text", "intent", "without", "with_"),
    [
        ("which is longer?", "compare", EMPTY, Hints(focus=True, listed=True)),
        ("more", "wish", None, WISHED),
        ("what happens?", "plot", EMPTY, TALKED),
    ],
)
def test_a_fragment_needs_something_on_the_table(
    signals: Made, text: str, intent: str, without: Hints | None, with_: Hints
) -> None:
    assert possible(signals(text, with_), intent, 0.0)  # type: ignore[arg-type]
    if without:
        assert not possible(signals(text, without), intent, 1.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hello sunshine", "compare"),
        ("hello sunshine", "credits"),
        ("hello sunshine", "told"),
        ("a comedy under 90 minutes", "unclear"),
        ("who directed Parasite?", "smalltalk"),
        ("I have seen Parasite, recommend a comedy", "told"),
    ],
)
def test_what_an_intent_lacks_no_share_makes_up_for(signals: Made, text: str, intent: str) -> None:
    assert not possible(signals(text), intent, 0.9)  # type: ignore[arg-type]


def test_a_sure_classifier_opens_a_wish(signals: Made) -> None:
    bored = signals("I am so bored tonight")
    assert possible(bored, "wish", 0.9)
    assert not possible(bored, "wish", 0.1)


@given(text=st.text(max_size=60), hints=HINTS)
def test_the_vector_has_one_width_and_is_bounded(signals: Made, text: str, hints: Hints) -> None:
    numbers = vector(signals(text.translate({ord("§"): " ", ord("¶"): " "}), hints))
    assert len(numbers) == len(vector(signals("who directed Parasite?")))
    assert all(-10 <= x <= 10 for x in numbers)
    assert set(numbers[len(INTENTS) :]) <= {0.0, 1.0}
