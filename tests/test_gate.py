"""Who may become champion."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat import gate, metrics

CHAMPION = {"f1": 0.30, "f1_low": 0.20, "f1_high": 0.40, "facts": 1.0}
names = st.sampled_from(["f1", "facts", "typo"])
shares = st.floats(0, 1)


def judge(figures: dict[str, float], champion: dict[str, float] | None = None) -> gate.Verdict:
    return gate.judge(figures, champion, floors={"facts": 0.99}, guarded=["f1"])


def test_the_first_needs_its_floors_alone() -> None:
    verdict = judge({"f1": 0.01, "facts": 1.0})
    assert verdict.passed
    assert verdict.reason == "all 1 floors hold, and there was no champion"


def test_a_figure_below_its_floor_is_refused_by_name() -> None:
    verdict = judge({"f1": 0.9, "facts": 0.9}, CHAMPION)
    assert not verdict.passed
    assert verdict.reason == "facts is 0.900, below its floor 0.990"


def test_inside_the_interval_is_no_fall() -> None:
    assert judge({"f1": 0.20, "facts": 1.0}, CHAMPION).passed
    assert judge({"f1": 0.20, "facts": 1.0}, CHAMPION).rows[1].said == "alike"


def test_below_the_interval_is_refused_and_above_it_praised() -> None:
    fallen = judge({"f1": 0.19, "facts": 1.0}, CHAMPION)
    assert fallen.reason == "f1 fell from 0.300 [0.200, 0.400] to 0.190"
    risen = judge({"f1": 0.41, "facts": 1.0}, CHAMPION)
    assert risen.passed and risen.reason.endswith("nothing guarded fell; better: f1 0.300 -> 0.410")


def test_a_figure_without_an_interval_may_not_fall_at_all() -> None:
    verdict = gate.judge({"facts": 0.999}, CHAMPION, floors={}, guarded=["facts"])
    assert not verdict.passed


def test_what_was_not_measured_is_a_fault_and_what_is_not_guarded_may_fall() -> None:
    assert "typo was not measured" in gate.judge({}, CHAMPION, floors={"typo": 0}, guarded=[]).reason
    assert gate.judge({"f1": 0.1}, CHAMPION, floors={"f1": 0.05}, guarded=[]).passed


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_never_passes(value: float) -> None:
    for floors, guarded in (({"f1": 0.0}, []), ({}, ["f1"])):
        for champion in (None, CHAMPION):
            verdict = gate.judge({"f1": value}, champion, floors=floors, guarded=guarded)
            assert verdict.reason == f"f1 is {value}, which is not a number" and not verdict.passed
            assert str(value) in gate.markdown(verdict, "champion")


def test_a_champion_whose_figure_is_no_number_is_beaten_by_any() -> None:
    assert gate.judge({"f1": 0.1}, {"f1": math.nan}, floors={}, guarded=["f1"]).passed


def test_the_same_bundle_measured_on_other_questions_is_not_refused() -> None:
    def measured(wrong: int) -> dict[str, float]:
        interval = metrics.mean_interval([0.0] * wrong + [1.0] * (60 - wrong), resamples=500, seed=wrong)
        return {"f1": interval.mean, "f1_low": interval.low, "f1_high": interval.high}

    assert gate.judge(measured(1), measured(0), floors={}, guarded=["f1"]).passed
    assert not gate.judge(measured(12), measured(0), floors={}, guarded=["f1"]).passed


def test_every_fault_is_told() -> None:
    verdict = judge({"f1": 0.1, "facts": 0.5}, CHAMPION)
    assert "facts is" in verdict.reason and "f1 fell" in verdict.reason


@given(
    st.dictionaries(names, shares),
    st.dictionaries(names, shares),
    st.dictionaries(names, shares),
    st.lists(names, unique=True),
)
def test_a_verdict_says_what_it_rests_on(
    figures: dict[str, float], champion: dict[str, float], floors: dict[str, float], guarded: list[str]
) -> None:
    verdict = gate.judge(figures, champion, floors=floors, guarded=guarded)
    assert verdict.passed == (not any(row.fault for row in verdict.rows))
    assert {row.figure for row in verdict.rows} == {*floors, *guarded}
    assert verdict.passed == (
        all(n in figures and figures[n] >= f for n, f in floors.items())
        and all(n in figures and figures[n] >= champion.get(n, 0) for n in guarded)
    )


@given(st.dictionaries(names, shares, min_size=3))
def test_nobody_falls_against_himself(figures: dict[str, float]) -> None:
    assert gate.judge(figures, figures, floors={}, guarded=sorted(figures)).passed


def test_the_table_shows_both_and_the_difference() -> None:
    lines = gate.markdown(judge({"f1": 0.41, "facts": 1.0}, CHAMPION), "champion 3").splitlines()
    assert lines[0].startswith("**Passed**: all 1 floors hold")
    assert lines[2] == "| figure | this run | floor | champion 3 [95 %] | difference | |"
    assert lines[5] == "| f1 | 0.410 | - | 0.300 [0.200, 0.400] | +0.110 | better |"
