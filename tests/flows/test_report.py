from __future__ import annotations

import pytest

from flows.report import reason

DVC = "ERROR: failed to reproduce 'train': failed to run: python -m moviechat.stages.train, exited with 2"
BAR = "training:   3%|▎         | 1/30 [00:01<00:32,  1.12s/step, loss=nan]"
SENTENCE = "train: the loss is nan at step 1: lower train.learning_rate"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([BAR, SENTENCE, DVC], SENTENCE),
        ([SENTENCE, BAR, DVC], SENTENCE),
        ([BAR, "RuntimeError: a fault of ours", BAR, DVC], "RuntimeError: a fault of ours"),
        (
            ["train: params.yaml has 2 mistakes; mend and run again:", "  train.rank: x", "  train.seed: y", DVC],
            "train: params.yaml has 2 mistakes; mend and run again:\n  train.rank: x\n  train.seed: y",
        ),
        ([DVC], "dvc repro exited with 1 and said nothing"),
        ([], "dvc repro exited with 1 and said nothing"),
    ],
)
def test_why_a_stage_failed_is_its_sentence(lines: list[str], told: str) -> None:
    assert reason("train", lines, 1) == told
