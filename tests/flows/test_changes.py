from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, ValidationError

from flows.changes import PROFILES, Changes, EvaluateOnly, asked
from moviechat.params import Params

ROOT = Path(__file__).parents[2]
PARAMS: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


def test_the_form_has_every_leaf_of_params_yaml_and_asks_for_none() -> None:
    empty = Changes().model_dump()
    assert {s: list(leaves) for s, leaves in empty.items()} == {s: list(leaves) for s, leaves in PARAMS.items()}
    assert {leaf for leaves in empty.values() for leaf in leaves.values()} == {None}
    assert asked(Changes()) == {}
    assert list(EvaluateOnly().model_dump()) == ["evaluate"]


def test_it_takes_what_params_yaml_takes() -> None:
    whole = Changes.model_validate(PARAMS)
    merged = {s: {**leaves, **asked(whole).get(s, {})} for s, leaves in PARAMS.items()}
    assert Params.model_validate(merged) == Params.model_validate(PARAMS)


def test_only_what_is_filled_in_is_asked_and_null_empties() -> None:
    changes = Changes.model_validate({"train": {"rank": 8, "layers": "null"}, "bundle": {"threads": 2}})
    assert asked(changes) == {"train": {"rank": 8, "layers": None}, "bundle": {"threads": 2}}


@pytest.mark.parametrize(
    ("section", "leaf", "value"),
    [
        ("train", "rank", 0),
        ("train", "rank", "8"),
        ("train", "rank", "null"),
        ("train", "quantize", "2bit"),
        ("train", "learning_rate", float("nan")),
        ("train", "ranks", 8),
        ("fetch_models", "encoder", "https://example.org"),
        ("trian", "rank", 8),
    ],
)
def test_a_wrong_value_is_refused(section: str, leaf: str, value: object) -> None:
    with pytest.raises(ValidationError, match=section):
        Changes.model_validate({section: {leaf: value}})


def test_bounds_and_words_reach_the_form() -> None:
    def leaf(section: str, name: str) -> dict[str, Any]:
        reference = schema["properties"][section]
        found: dict[str, Any] = schema["$defs"][reference["$ref"].rpartition("/")[2]]["properties"][name]
        return found

    schema = Changes.model_json_schema()
    assert leaf("train", "rank")["anyOf"][0] == {"type": "integer", "minimum": 1}
    assert leaf("train", "quantize")["anyOf"][0]["enum"] == ["none", "8bit", "4bit"]
    for field in Params.model_fields.values():
        section = field.annotation
        assert section is not None and issubclass(section, BaseModel)
        assert schema["$defs"][f"{section.__name__}Changes"]["description"] == section.__doc__


def test_the_profiles_are_those_that_ship() -> None:
    assert set(PROFILES) == {p.stem for p in (ROOT / "profiles").glob("*.yaml")}
