import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from moviechat import params
from moviechat.errors import ParamsError

ROOT = Path(__file__).parents[1]
RAW: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


def test_every_mistake_is_told_at_once() -> None:
    raw = copy.deepcopy(RAW)
    raw["train"]["rank"] = "thirty-two"
    raw["filter"]["first_yaer"] = 2019
    raw["split"]["test"] = 0.95
    del raw["bundle"]["context"]
    with pytest.raises(ParamsError) as caught:
        params.parse(raw, "params.yaml")
    message = str(caught.value)
    assert "params.yaml has 4 mistakes" in message
    for part in ("train.rank", "'thirty-two'", "filter.first_yaer: no such parameter", "split.test", "bundle.context"):
        assert part in message


@pytest.mark.parametrize(
    ("section", "key", "value", "told"),
    [
        ("filter", "first_year", 2023, "first_year 2023 is after last_year 2022"),
        ("split", "validation", 0.9, "leave nothing to train on"),
        ("fetch_models", "encoder", "https://example.org/model", "fetch_models.encoder"),
        ("train", "learning_rate", float("nan"), "train.learning_rate"),
        ("filter", "adult", "no", "filter.adult"),
        ("train", "targets", ["lm_head"], r"train\.targets\.0: .*'q_proj'"),
    ],
)
def test_a_wrong_value_is_named(section: str, key: str, value: object, told: str) -> None:
    raw = copy.deepcopy(RAW)
    raw[section][key] = value
    if key == "validation":
        raw["split"]["test"] = 0.2
    with pytest.raises(ParamsError, match=told):
        params.parse(raw, "params.yaml")


@pytest.mark.parametrize("text", ["train: [", "- a list", "", "\x00"])
def test_what_is_no_params_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParamsError, match=r"params\.yaml"):
        params.load(path)


ODD = ["2026-02-30", "9" * 5000, "!!timestamp '2001'", "[]", "{}", "~", "-1", ".nan", "'x'", "[[[1]]]", "1e999", "yes"]
ODD += ["{a: 1}", "!!binary =", "2001-01-01 10:00:00", "0x", "!!set {a}", "*x", "&x 1", "|\n    long", "x" * 10_000]


@pytest.mark.parametrize("odd", ODD, ids=lambda text: text[:12])
def test_an_odd_value_of_any_parameter_is_told_like_every_other_mistake(tmp_path: Path, odd: str) -> None:
    path = tmp_path / "params.yaml"
    text = "".join(f"{s}:\n" + "".join(f"  {key}: {odd}\n" for key in leaves) for s, leaves in RAW.items())
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParamsError, match=r"params\.yaml") as caught:
        params.load(path)
    assert max(map(len, str(caught.value).splitlines())) < 700


def test_a_key_that_stands_there_twice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text((ROOT / "params.yaml").read_text(encoding="utf-8") + "download:\n  url: null\n", encoding="utf-8")
    with pytest.raises(ParamsError, match=r"1 mistake; .*\n  download \(line \d+\): stands there twice"):
        params.load(path)


def test_a_missing_file_says_where_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match=r"profiles/sample\.yaml"):
        params.load(tmp_path / "params.yaml")


def test_a_stage_checks_before_it_imports_anything_heavy(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("train: {rank: x}\n", encoding="utf-8")
    code = (
        "import sys, runpy\n"
        "try:\n    runpy.run_module('moviechat.stages.train', run_name='__main__')\n"
        "except SystemExit as stop:\n"
        "    print(stop.code, sorted(m for m in ('torch', 'transformers') if m in sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "2 []\n"
    assert "train.rank" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("section", params.Params.model_fields)
def test_every_parameter_says_what_it_is(section: str) -> None:
    annotation = params.Params.model_fields[section].annotation
    assert annotation is not None
    undescribed = [name for name, field in annotation.model_fields.items() if not field.description]
    assert undescribed == []
