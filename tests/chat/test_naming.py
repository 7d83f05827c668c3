from typing import Any

import pytest

from moviechat.chat.naming import named


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Anna Kovacs paints. Then she leaves.", "Then [Anna Kovacs] leaves."),
        ("Otto is a thief. When he is caught, a fire breaks out.", "When [Otto] is caught, a fire breaks out."),
        ("Otto meets Karl. One day he leaves.", "One day [Otto] leaves."),  # the subject is meant
        ("Otto drinks. Karl sings. Then he leaves.", "Then he leaves."),  # which of the two?
        ("Anna is a nurse. Before she dies, her mother talks.", "Before she dies, her mother talks."),
        ("A thief runs. Then he leaves.", "Then he leaves."),  # nobody is named
        ("Otto runs. He is gone when he wakes.", "[Otto] is gone when he wakes."),  # once is enough
    ],
)
def test_a_name_stands_for_he_or_she_only_where_it_is_sure(checker: Any, text: str, shown: str) -> None:
    assert named(text, checker.reader)[-1].shown == shown


def test_the_sentences_stay_as_they_are(checker: Any) -> None:
    text = "Anna  paints.\nShe leaves. The end."
    assert [n.sentence for n in named(text, checker.reader)] == ["Anna paints.", "She leaves.", "The end."]
    assert named("", checker.reader) == []
