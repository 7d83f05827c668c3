"""The stage on a tiny Llama: what it writes, that it repeats itself, goes on after a kill, and stops where it must."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file, save_file

from moviechat.errors import DataError, ModelError
from moviechat.files import sha256
from moviechat.frames import frame, write_parquet
from moviechat.schema import NOT_SAID, QAPair
from moviechat.stages import train
from tests.trainings import TINY

P = TINY.model_copy(
    update={"targets": ["q_proj", "v_proj", "down_proj"], "layers": 1, "max_steps": 8, "group_by_length": True}
)
LONGER = P.model_copy(update={"max_steps": 12})
# A run that kills itself, as kill -9 would, as soon as a file is there.
KILLED = """
import os, signal, sys, threading, time
from pathlib import Path
from moviechat import params
from moviechat.stages import train

split, base, out, cache = map(Path, sys.argv[1:5])

def watch():
    while not list(cache.glob(sys.argv[6])):
        time.sleep(0.001)
    os.kill(os.getpid(), signal.SIGKILL)

threading.Thread(target=watch, daemon=True).start()
train.run(params.Train.model_validate_json(sys.argv[5]), split=split, base=base, out=out, cache=cache)
"""


def pairs(part: str, films: int) -> list[QAPair]:
    record = "Description: {} finds an old bus. It burns.\nRelease Year: 2019\nVotes: 134.0"
    return [
        QAPair(
            f"tt{part}{i}", "particular", f"What is found in {part} {i}{q}", "The old bus.", record.format(i), "test"
        )
        for i in range(films)
        for q in ("?", ", please?")
    ]


@pytest.fixture(scope="session")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("split")
    for part, films in (("train", 8), ("validation", 3)):
        write_parquet(frame(QAPair, pairs(part, films)), folder / f"{part}.parquet")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


@pytest.fixture(scope="session")
def trained(split: Path, tiny_llama: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("trained")
    train.run(P, split=split, base=tiny_llama.folder, out=folder / "out", cache=folder / "cache")
    assert [p.suffix for p in (folder / "cache").iterdir()] == [".jsonl"]
    return files(folder / "out")


def history(out: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out["history.jsonl"].splitlines()]


def test_it_writes_the_adapter_as_safetensors_the_curve_and_the_counts(trained: dict[str, bytes]) -> None:
    assert list(trained) == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "history.jsonl",
        "samples.jsonl",
        "train.json",
    ]
    rows = history(trained)
    assert [r["step"] for r in rows if "loss" in r] == list(range(1, 9))
    assert [r["step"] for r in rows if "eval_loss" in r] == [2, 4, 6, 8]
    assert all(set(r) <= {"step", "loss", "eval_loss", "learning_rate", "grad_norm"} for r in rows)
    counts = json.loads(trained["train.json"])
    best = min((r for r in rows if "eval_loss" in r), key=lambda r: r["eval_loss"])
    assert (counts["best_step"], counts["best_eval_loss"]) == (best["step"], best["eval_loss"])
    assert (counts["pairs"], counts["validation_pairs"]) == (16, 4)
    assert counts["trainable"] == 4 * ((64 + 64) + (64 + 32) + (96 + 64))


def test_it_answers_in_writing_before_the_first_step_and_at_every_look(trained: dict[str, bytes]) -> None:
    rows = [json.loads(line) for line in trained["samples.jsonl"].splitlines()]
    assert [row["step"] for row in rows] == [0, 2, 4, 6, 8]
    assert {row["gold"] for row in rows} == {"The old bus."}
    assert all(row["question"].startswith("What is found in validation") for row in rows)
    assert len({row["answer"] for row in rows}) > 1


def test_what_the_machine_did_is_kept_by_the_adapters_digest(split: Path, tiny_llama: Any, tmp_path: Path) -> None:
    train.run(P, split=split, base=tiny_llama.folder, out=tmp_path / "out", cache=tmp_path / "cache")
    digest = sha256(tmp_path / "out" / "adapter_model.safetensors")
    rows = [json.loads(line) for line in (tmp_path / "cache" / f"{digest}.jsonl").read_text().splitlines()]
    assert rows[-1]["step"] == 8
    assert rows[-1]["tokens_per_second"] > 0 and rows[-1]["memory_gb"] > 0


def test_it_learns(trained: dict[str, bytes]) -> None:
    losses = [r["eval_loss"] for r in history(trained) if "eval_loss" in r]
    assert losses[-1] < losses[0]


def test_only_the_targets_of_the_top_layers_are_adapted(trained: dict[str, bytes], tmp_path: Path) -> None:
    assert json.loads(trained["adapter_config.json"])["target_modules"] == ["down_proj", "q_proj", "v_proj"]
    (tmp_path / "a.safetensors").write_bytes(trained["adapter_model.safetensors"])
    names = load_file(tmp_path / "a.safetensors").keys()
    assert names and all(".layers.1." in name for name in names)


def test_two_runs_of_one_seed_give_the_same_bytes(
    trained: dict[str, bytes], split: Path, tiny_llama: Any, tmp_path: Path
) -> None:
    train.run(P, split=split, base=tiny_llama.folder, out=tmp_path / "out", cache=tmp_path / "cache")
    assert files(tmp_path / "out") == trained


def test_another_seed_gives_another_adapter(
    trained: dict[str, bytes], split: Path, tiny_llama: Any, tmp_path: Path
) -> None:
    other = P.model_copy(update={"seed": 8})
    train.run(other, split=split, base=tiny_llama.folder, out=tmp_path / "out", cache=tmp_path / "cache")
    assert files(tmp_path / "out")["adapter_model.safetensors"] != trained["adapter_model.safetensors"]


@pytest.fixture(scope="session")
def unbroken(split: Path, tiny_llama: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("unbroken")
    train.run(LONGER, split=split, base=tiny_llama.folder, out=folder / "out", cache=folder / "cache")
    return files(folder / "out")


@pytest.mark.parametrize(
    "when",
    ["*/checkpoint-2", "*/checkpoint-6/trainer_state.json", "*/checkpoint-12/*"],
    ids=["in the first save", "in a later epoch", "at the end"],
)
def test_a_run_killed_at_any_step_goes_on_to_the_same_bytes(
    when: str, unbroken: dict[str, bytes], split: Path, tiny_llama: Any, tmp_path: Path
) -> None:
    out, cache = tmp_path / "out", tmp_path / "cache"
    arguments = [split, tiny_llama.folder, out, cache, LONGER.model_dump_json(), when]
    killed = subprocess.run([sys.executable, "-c", KILLED, *map(str, arguments)], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert list(cache.glob(when)) and not out.exists()
    train.run(LONGER, split=split, base=tiny_llama.folder, out=out, cache=cache)
    assert files(out) == unbroken


def test_a_loss_that_is_no_number_stops_with_step_and_batch(split: Path, tiny_llama: Any, tmp_path: Path) -> None:
    base = tmp_path / "base"
    shutil.copytree(tiny_llama.folder, base)
    weights = load_file(base / "model.safetensors")
    weights["model.norm.weight"][:] = float("nan")
    save_file(weights, base / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(
        ModelError, match=r"loss is nan at step 1, in the batch that begins with 'What is found in train"
    ):
        train.run(P, split=split, base=base, out=tmp_path / "out", cache=tmp_path / "cache")
    assert not (tmp_path / "out").exists()


def test_a_film_of_validation_in_training_is_refused(split: Path, tiny_llama: Any, tmp_path: Path) -> None:
    mixed = tmp_path / "split"
    shutil.copytree(split, mixed)
    write_parquet(frame(QAPair, [*pairs("train", 2), *pairs("validation", 1)]), mixed / "train.parquet")
    with pytest.raises(DataError, match="ttvalidation0"):
        train.run(P, split=mixed, base=tiny_llama.folder, out=tmp_path / "out", cache=tmp_path / "cache")


def test_a_split_without_pairs_is_refused(split: Path, tiny_llama: Any, tmp_path: Path) -> None:
    empty = tmp_path / "split"
    shutil.copytree(split, empty)
    write_parquet(frame(QAPair, []), empty / "validation.parquet")
    with pytest.raises(DataError, match="has no pairs"):
        train.run(P, split=empty, base=tiny_llama.folder, out=tmp_path / "out", cache=tmp_path / "cache")


@pytest.mark.parametrize(
    ("change", "said"), [({"layers": 9}, "train.layers is 9"), ({"targets": ["x"]}, "train.targets")]
)
def test_adapters_that_the_base_has_no_place_for_are_refused(
    change: dict[str, Any], said: str, split: Path, tiny_llama: Any, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=said):
        train.run(
            P.model_copy(update=change), split=split, base=tiny_llama.folder, out=tmp_path / "out", cache=tmp_path / "c"
        )


def test_a_missing_base_is_said(split: Path, tmp_path: Path) -> None:
    with pytest.raises((DataError, ModelError), match="dvc repro fetch_models"):
        train.run(P, split=split, base=tmp_path / "none", out=tmp_path / "out", cache=tmp_path / "cache")


def test_refusals_are_thinned_out_to_their_share(
    split: Path, tiny_llama: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answered = pairs("train", 9)
    refused = [replace(pair, question=f"Really? {pair.question}", answer=NOT_SAID) for pair in answered[:9]]
    shutil.copytree(split, tmp_path / "split")
    write_parquet(frame(QAPair, [*refused, *answered]), tmp_path / "split" / "train.parquet")
    p = P.model_copy(update={"refusals": 0.1, "max_steps": 1, "eval_steps": 1})
    train.run(p, split=tmp_path / "split", base=tiny_llama.folder, out=tmp_path / "out", cache=tmp_path / "cache")
    assert json.loads((tmp_path / "out" / "train.json").read_text())["pairs"] == 18 + 2
    assert "7 of 9 pairs that refuse are left out: train.refusals is 0.1" in capsys.readouterr().out
