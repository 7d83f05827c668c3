import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from moviechat import settings

BOMB = "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 2e-5", 0.00002),
        ("a: 0.00002", 0.00002),
        ("a: 2.0e-05", 0.00002),
        ("a: 1e3", 1000.0),
        ("a: 010", 10),
        ("a: 0x1f", 31),
        ("a: -7", -7),
        ("a: no", "no"),
        ("a: 2026-02-30", "2026-02-30"),
        ("a: 1:30", "1:30"),
        ("a: ~", None),
        ("a:", None),
        ("a: True", True),
        ("a: !!str 5", "5"),
        ("a: .inf", float("inf")),
    ],
)
def test_values_are_those_of_yaml_1_2(text: str, value: object) -> None:
    assert settings.read(text) == ({"a": value}, [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a:\n  b: " + "9" * 5000, "a.b (line 2): '9999"),
        ("a: 9223372036854775808", "a (line 1): '9223372036854775808' is beyond 64 bits"),
        ("a: !!timestamp '2001'", "a (line 1): the tag tag:yaml.org,2002:timestamp is not known"),
        ("a: !!python/object/apply:os.system [x]", "os.system is not known"),
        ("a: !!int x", "a (line 1): 'x' is no int"),
        ("a:\n  b: 1\n  b: 2", "a.b (line 3): stands there twice"),
        ("a: &x [1]\nb: *x", "b (line 1): an alias"),
        ("a: &x\n  b: *x", "a.b (line 1): an alias"),
        ("? [1]\n: 2", "the file (line 1): a key is no word"),
        ("a: " + "[" * 100 + "]" * 100, "too deep"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, told: str) -> None:
    _, faults = settings.read(text)
    assert len(faults) == 1 and told in faults[0] and len(faults[0]) < 300


def test_a_bomb_of_aliases_does_not_go_off() -> None:
    _, faults = settings.read(BOMB)
    assert len(faults) == 9 * 29


@pytest.mark.parametrize("text", ["a: [", "[" * 100_000, "\x00", 'a: "x', "--- 1\n--- 2", "a: b: c"])
def test_what_is_no_yaml_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^.{1,500}$"):
        settings.read(text)


@given(st.text(st.sampled_from("ab: -[]{}\n0129.eE+'\"&*!#|>~"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value, faults = settings.read(text)
    except ValueError as error:
        assert len(str(error)) <= 500
        return
    assert all(len(fault) < 300 for fault in faults)
    assert faults or settings.read(json.dumps(value)) == (value, [])


PLAIN = st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False)
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)


@given(st.dictionaries(st.sampled_from("abc"), PLAIN | WORDS | st.lists(PLAIN | WORDS, min_size=1, max_size=3)))
def test_what_the_form_of_a_retrain_writes_is_read_as_it_was(leaves: dict[str, object]) -> None:
    out = io.StringIO()
    YAML().dump({"section": leaves}, out)
    assert settings.read(out.getvalue()) == ({"section": leaves}, [])


@pytest.mark.parametrize(
    "value", ["x" * 10_000, 10**5000, [[1] * 10**6], {"a": 1}, float("nan"), None], ids=lambda v: type(v).__name__
)
def test_a_value_is_shown_short(value: object) -> None:
    assert len(settings.shown(value)) < 80
