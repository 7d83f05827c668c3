"""Choosing held-out questions, scoring both models' answers, and saying how sure the gain is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.errors import DataError
from moviechat.evaluation import answers
from moviechat.grounding.record import Record
from moviechat.schema import NOT_SAID, QAPair

KINDS = ("about", "setting", "ending")


def pair(tconst: str, kind: str, answer: str = "An old bus.", question: str = "") -> QAPair:
    return QAPair(tconst, kind, question or f"{kind} of {tconst}?", answer, "Description: An old bus.", "file")


GRID = [pair(f"tt{film}", kind) for film in range(6) for kind in KINDS]
RECORDS = {f"tt{film}": Record.of_texts(["They hide in an old bus."]) for film in range(6)}


def test_choose_takes_films_in_turn_and_kinds_evenly() -> None:
    chosen = answers.choose(GRID, 9, seed=1)
    assert set(Counter(p.tconst for p in chosen).values()) == {1, 2}
    counts = Counter(p.kind for p in chosen)
    assert set(counts) == set(KINDS) and max(counts.values()) - min(counts.values()) <= 2


def test_choose_depends_on_the_seed_and_not_on_the_order() -> None:
    assert answers.choose(GRID, 7, seed=1) == answers.choose(GRID[::-1], 7, seed=1)
    assert answers.choose(GRID, 7, seed=1) != answers.choose(GRID, 7, seed=2)


@given(
    st.lists(st.builds(pair, st.sampled_from("abcd"), st.sampled_from(KINDS), question=st.text(max_size=3))),
    st.integers(1, 12),
)
def test_choose_never_asks_a_pair_twice_and_takes_all_it_may(pairs: list[QAPair], limit: int) -> None:
    chosen = answers.choose(pairs, limit, seed=0)
    assert len(chosen) == min(limit, len(pairs))
    assert not Counter(chosen) - Counter(pairs)


def test_ask_gives_the_published_prompt_and_strips_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []

    def complete(prompts: Sequence[str]) -> list[str]:
        seen.extend(prompts)
        return [" In a bus. \n" for _ in prompts]

    assert answers.ask(complete, GRID, "base") == ["In a bus."] * len(GRID)
    assert len(seen) == len(GRID)
    assert "###Instruction: about of tt0?" in seen[0] and seen[0].endswith("###Response:")
    assert "base" in capsys.readouterr().err


def test_score_is_the_four_scores(check: Any) -> None:
    right, wrong = answers.score(GRID[:2], ["The old bus", "In Brussels with Anna."], RECORDS, check)
    assert right.scores == {"exact_match": 1.0, "token_f1": 1.0, "rouge_l": pytest.approx(2 / 3), "grounded": 1.0}
    assert wrong.scores == {"exact_match": 0.0, "token_f1": 0.0, "rouge_l": 0.0, "grounded": 0.0}


def test_a_pair_of_another_catalogue_is_refused_before_anything_is_asked(check: Any) -> None:
    answers.refuse_unknown(GRID, RECORDS, check)
    with pytest.raises(DataError, match="tt9, which is not a film of the bundle"):
        answers.refuse_unknown([*GRID, pair("tt9", "about")], RECORDS, check)


def test_summary_compares_the_models_in_all_and_by_kind(check: Any) -> None:
    base = answers.score(GRID, ["In Brussels."] * len(GRID), RECORDS, check)
    adapter = answers.score(GRID, ["An old bus."] * len(GRID), RECORDS, check)
    summary = answers.summarise(base, adapter, resamples=100, seed=0)
    assert (summary["pairs"], summary["films"]) == (18, 6)
    assert (summary["base"]["token_f1"], summary["adapter"]["token_f1"]) == (0.0, 1.0)
    gain = summary["gain"]
    assert (gain["token_f1"], gain["token_f1_low"], gain["token_f1_high"]) == (1.0, 1.0, 1.0)
    assert sorted(summary["kinds"]) == sorted(KINDS)
    assert summary["kinds"]["ending"]["pairs"] == 6
    assert summary["kinds"]["ending"]["gain"]["grounded"] == 1.0


def test_summary_counts_what_is_told_not_to_be_said(check: Any) -> None:
    pairs = [
        pair("tt0", "ending", NOT_SAID),
        pair("tt1", "ending", NOT_SAID),
        pair("tt2", "about"),
        pair("tt3", "about"),
    ]
    base = answers.score(pairs, ["In a bus."] * 4, RECORDS, check)
    adapter = answers.score(pairs, [NOT_SAID, "In a bus.", NOT_SAID, "In a bus."], RECORDS, check)
    silent = answers.summarise(base, adapter, resamples=100, seed=0)["not_said"]
    assert silent == {
        "base": {"pairs": 2, "told": 0.0, "refused": 0.0},
        "adapter": {"pairs": 2, "told": 0.5, "refused": 0.5},
    }


def test_a_model_that_only_refuses_gains_nothing_on_what_can_be_answered(check: Any) -> None:
    pairs = [pair("tt0", "ending", NOT_SAID), pair("tt1", "about"), pair("tt2", "about")]
    base = answers.score(pairs, ["In an old bus."] * 3, RECORDS, check)
    refusing = answers.score(pairs, [NOT_SAID] * 3, RECORDS, check)
    summary = answers.summarise(base, refusing, resamples=100, seed=0)
    assert summary["gain"]["grounded"] == 0.0
    answerable = summary["answerable"]
    assert (answerable["pairs"], answerable["base"]["supported"], answerable["adapter"]["supported"]) == (2, 1.0, 0.0)
    assert answerable["gain"]["token_f1"] < 0


def test_summary_has_no_share_of_nothing(check: Any) -> None:
    scored = answers.score(GRID, ["x"] * len(GRID), RECORDS, check)
    assert answers.summarise(scored, scored, resamples=100, seed=0)["not_said"]["base"] == {"pairs": 0, "refused": 0.0}
    silent = answers.score([pair("tt0", "ending", NOT_SAID)], ["x"], RECORDS, check)
    assert "answerable" not in answers.summarise(silent, silent, resamples=100, seed=0)


def test_summary_tells_the_share_of_empty_answers(check: Any) -> None:
    base, adapter = (answers.score(GRID[:2], texts, RECORDS, check) for texts in (["x", "y"], ["", "y"]))
    assert answers.summarise(base, adapter, resamples=100, seed=0)["empty"] == {"base": 0.0, "adapter": 0.5}


def test_a_row_holds_the_question_and_every_answer(check: Any) -> None:
    base, adapter = (answers.score(GRID[:1], [text], RECORDS, check)[0] for text in ("In Brussels.", "An old bus."))
    row = answers.row(base, adapter, None)
    assert (row["gold"], row["base"], row["adapter"], row["chat"]) == (
        "An old bus.",
        "In Brussels.",
        "An old bus.",
        None,
    )
    assert row["adapter_scores"]["token_f1"] == 1.0
