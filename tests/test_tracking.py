"""Runs in a real MLflow store: whole where MLflow takes them, told in a sentence where it does not."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from moviechat import runs, tracking
from moviechat.errors import DataError

ROOT = Path(__file__).parents[1]
OPEN = tracking.Gate({"facts.films": 1}, ["answers.base.token_f1"])
SCORES = {"base_scores": {"token_f1": 0.1}, "adapter_scores": {"token_f1": 0.9}}
ASKED = {"tconst": "tt1", "kind": "setting", "question": "Where?", "gold": "A bus.", "base": "Why", "adapter": "A bus."}
REPLY = {"answer": "The old bus.", "kind": "plot", "grounded": True, "movies": [], "sources": []}
MISSED = {"case": "refine-1.2", "family": "refine", "kind": "unknown", "answer": "Hm.", "wrong": "0 films"}
ANSWERS = [{**ASKED, **SCORES, "chat": REPLY}, {**ASKED, **SCORES, "question": "Who?", "chat": None}]


def lay_out(folder: Path) -> tuple[Path, Path]:
    """A checkout in `folder` as the pipeline leaves it: params.yaml, what evaluate wrote, and the bundle."""
    (folder / "params.yaml").write_text((ROOT / "params.yaml").read_text())
    out, bundle = folder / "data" / "evaluate", folder / "models" / "bundle"
    (out / "plots").mkdir(parents=True)
    (out / "pictures").mkdir()
    (out / "metrics.json").write_text(json.dumps({"answers": {"base": {"token_f1": 0.25}}, "facts": {"films": 3}}))
    (out / "plots" / "train_loss.csv").write_text("step,loss\n5,2.5\n10,2.0\n")
    (out / "pictures" / "answers.png").write_bytes(b"\x89PNG")
    (out / "report.md").write_text("# Evaluation\n")
    (out / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ANSWERS))
    (out / "misses.jsonl").write_text(json.dumps({**MISSED, "said": ["a drama", "shorter"]}) + "\n")
    (folder / "data" / "download").mkdir(parents=True)
    (folder / "data" / "download" / "tables.json").write_text(json.dumps({"title.crew": {"date": "2026-11-26"}}))
    (folder / "data" / "generate_qa").mkdir(parents=True)
    ledger = {"accepted": [True, False, False], "reason": [None, "not in record: Brussels", "not in record: Brussels"]}
    pl.DataFrame(ledger).write_parquet(folder / "data" / "generate_qa" / "ledger.parquet")
    (bundle / "model" / "adapter").mkdir(parents=True)
    (bundle / "model" / "adapter" / "adapter_model.safetensors").write_bytes(b"weights")
    sample = {"step": 0, "question": "Where?", "gold": "A bus.", "answer": "Why"}
    (bundle / "model" / "adapter" / "samples.jsonl").write_text(json.dumps(sample) + "\n")
    (folder / "data" / "cache" / "train").mkdir(parents=True)
    machine = {"step": 10, "tokens_per_second": 400.0, "memory_gb": 1.5, "gpu_percent": 90.0}
    digest = hashlib.sha256(b"weights").hexdigest()
    (folder / "data" / "cache" / "train" / f"{digest}.jsonl").write_text(json.dumps(machine) + "\n")
    movies = {"movies.parquet": {"bytes": 3, "sha256": "ab" * 32}}
    said = {"engine": "llama.cpp", "model": "SmolLM2", "parameters": {"context": 777}, "files": movies}
    (bundle / "bundle.json").write_text(json.dumps(said))
    return out, bundle


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """One checkout and one database for the module: making MLflow's tables takes seconds."""
    folder = tmp_path_factory.mktemp("checkout")
    with pytest.MonkeyPatch.context() as at:
        at.chdir(folder)
        at.delenv("MLFLOW_TRACKING_URI", raising=False)
        command = [sys.executable, "-c", "from moviechat import runs; runs.connect()"]
        both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        told = [process.communicate()[1] for process in both]
        assert [process.returncode for process in both] == [0, 0], f"two may make the database at once: {told}"
        yield lay_out(folder)


@pytest.fixture(scope="module")
def logged(checkout: tuple[Path, Path]) -> tuple[Any, str]:
    """A client, and the id of a run that was logged with its seconds."""
    out, bundle = checkout
    tracking.keep_clock({"search_p50": 0.125}, out)
    run = tracking.log(out, bundle=bundle)
    return runs.connect(), run


def test_a_run_is_finished_and_lies_in_the_repositorys_database(logged: tuple[Any, str]) -> None:
    client, run = logged
    assert client.get_run(run).info.status == "FINISHED"
    assert Path("mlruns/mlflow.db").is_file()
    assert [e.name for e in client.search_experiments() if e.name != "Default"] == [runs.EXPERIMENT]


def test_parameters_are_flat_and_the_bundles_own_win(logged: tuple[Any, str]) -> None:
    client, run = logged
    written = client.get_run(run).data.params
    assert written["bundle.context"] == "777"
    assert {"train.rank", "filter.first_year", "evaluate.seed"} <= set(written)


def test_figures_seconds_and_curves_are_metrics(logged: tuple[Any, str]) -> None:
    client, run = logged
    written = client.get_run(run).data.metrics
    assert (written["answers.base.token_f1"], written["facts.films"]) == (0.25, 3.0)
    assert written["latency.search_p50"] == 0.125
    train = nested(client, run)["train"].info.run_id
    assert [(m.step, m.value) for m in client.get_metric_history(train, "train_loss")] == [(5, 2.5), (10, 2.0)]


def test_tags_name_the_stages_the_prompt_and_the_model(logged: tuple[Any, str]) -> None:
    client, run = logged
    tags = client.get_run(run).data.tags
    assert tags["stages"].split(",")[0] == "download" and "evaluate" in tags["stages"]
    assert (tags["prompt_version"], tags["engine"], tags["model"]) == ("1", "llama.cpp", "SmolLM2")


def nested(client: Any, run: str) -> dict[str, Any]:
    experiment = client.get_experiment_by_name(runs.EXPERIMENT).experiment_id
    found = client.search_runs([experiment], f"tags.`mlflow.parentRunId` = '{run}'")
    return {r.info.run_name: r for r in found}


def artifacts(client: Any, run: str) -> set[str]:
    return {a.path for a in client.list_artifacts(run)}


def test_the_stages_that_measure_have_runs_of_their_own(logged: tuple[Any, str]) -> None:
    client, run = logged
    stages = nested(client, run)
    assert {name: r.info.status for name, r in stages.items()} == dict.fromkeys(
        ("generate_qa", "train", "evaluate"), "FINISHED"
    )
    assert {name.partition(".")[0] for name in stages["train"].data.params} == {"train"}
    assert stages["evaluate"].data.metrics["answers.base.token_f1"] == 0.25


def test_the_machines_figures_and_the_samples_are_on_the_training(logged: tuple[Any, str]) -> None:
    client, run = logged
    train = nested(client, run)["train"].info.run_id
    found = {
        name: [(m.step, m.value) for m in client.get_metric_history(train, name)]
        for name in ("tokens_per_second", "system/memory_gb", "system/gpu_percent")
    }
    assert found == {
        "tokens_per_second": [(10, 400.0)],
        "system/memory_gb": [(10, 1.5)],
        "system/gpu_percent": [(10, 90.0)],
    }
    table = json.loads((Path("mlruns/artifacts") / train / "artifacts" / "samples.json").read_text())
    assert (table["columns"], table["data"]) == (
        ["step", "question", "gold", "answer"],
        [["0", "Where?", "A bus.", "Why"]],
    )


def test_artifacts_are_the_report_the_answers_and_the_adapter(logged: tuple[Any, str]) -> None:
    client, run = logged
    stages = {name: r.info.run_id for name, r in nested(client, run).items()}
    assert artifacts(client, run) == {"bundle.json", "metrics.json", "report.md"}
    assert artifacts(client, stages["evaluate"]) == {
        "answers.json", "answers.jsonl", "metrics.json", "misses.json", "misses.jsonl", "pictures", "report.md",
    }  # fmt: skip
    table = json.loads((Path("mlruns/artifacts") / stages["evaluate"] / "artifacts" / "misses.json").read_text())
    assert dict(zip(table["columns"], table["data"][0], strict=True)) == {**MISSED, "said": "a drama / shorter"}
    kept = Path("mlruns/artifacts") / stages["train"] / "artifacts/adapter/adapter_model.safetensors"
    assert kept.read_bytes() == b"weights"


def test_the_ledger_is_counted_by_reason(logged: tuple[Any, str]) -> None:
    client, run = logged
    found = nested(client, run)["generate_qa"].data.metrics
    assert found == {"ledger.asked": 3, "ledger.accepted": 1, "ledger.rejected.not in record_ Brussels": 2}


def test_data_sets_are_told_by_their_digests(logged: tuple[Any, str]) -> None:
    client, run = logged
    inputs = client.get_run(run).inputs.dataset_inputs
    found = {i.dataset.name: i.dataset for i in inputs}
    assert (set(found), found["movies.parquet"].digest) == ({"imdb", "movies.parquet"}, "ab" * 16)
    assert json.loads(found["imdb"].source)["uri"] == "data/sample/imdb as of 2026-11-26"


def test_a_conversation_can_be_opened_and_read(logged: tuple[Any, str]) -> None:
    client, run = logged
    experiment = client.get_experiment_by_name(runs.EXPERIMENT).experiment_id
    evaluate = nested(client, run)["evaluate"].info.run_id
    (trace,) = client.search_traces(locations=[experiment], run_id=evaluate)
    root, *models = sorted(trace.data.spans, key=lambda s: s.start_time_ns)
    assert (root.name, root.inputs["film"], root.outputs) == ("Where?", "tt1", REPLY)
    assert {s.name: (s.outputs, s.attributes["scores"]["token_f1"]) for s in models} == {
        "base": ("Why", 0.1),
        "adapter": ("A bus.", 0.9),
    }


def test_seconds_of_other_figures_are_not_taken(checkout: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text("{}")
    assert tracking.recall_clock(tmp_path) == {}


def test_what_fails_in_the_middle_is_marked(logged: tuple[Any, str], checkout: tuple[Path, Path]) -> None:
    client, _ = logged
    out, bundle = checkout
    dangling = bundle / "model" / "adapter" / "dangling"
    dangling.symlink_to("nowhere")
    with pytest.raises(OSError):
        tracking.log(out, bundle=bundle)
    dangling.unlink()
    experiment = client.get_experiment_by_name(runs.EXPERIMENT)
    statuses = [r.info.status for r in client.search_runs([experiment.experiment_id])]
    assert sorted(statuses) == ["FAILED"] * 2 + ["FINISHED"] * 5


def test_a_server_that_is_away_costs_one_sentence(
    checkout: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, bundle = checkout
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://alice:secret@127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    assert not tracking.try_log(out, bundle=bundle, gate=OPEN)
    told = capsys.readouterr().err.strip().splitlines()[-1]
    assert told.startswith(f"not logged: MLflow at http://127.0.0.1:9 did not take {out}")
    assert told.endswith("`python -m moviechat.tracking` logs it again") and "secret" not in told


def test_nothing_to_log_is_an_error_that_says_the_way_out(checkout: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"metrics\.json cannot be read .*: `dvc repro` makes it"):
        tracking.log(tmp_path, bundle=checkout[1])
    assert not tracking.try_log(tmp_path, bundle=checkout[1], gate=OPEN)


def test_the_module_logs_again_from_the_command_line(logged: tuple[Any, str], checkout: tuple[Path, Path]) -> None:
    done = subprocess.run([sys.executable, "-m", "moviechat.tracking"], capture_output=True, text=True, check=True)
    run = done.stdout.split()[2]
    assert "champion: not this bundle (answers.gain.token_f1 was not measured" in done.stdout
    assert logged[0].get_run(run).data.metrics["latency.search_p50"] == 0.125


def test_an_experiment_that_takes_no_runs_gives_way_to_the_next_name(logged: tuple[Any, str]) -> None:
    client, _ = logged
    first = runs.experiment(client)
    client.delete_experiment(first)
    client.create_experiment(f"{runs.EXPERIMENT}-2", artifact_location="mlflow-artifacts:/2")  # a server's
    third = runs.experiment(client)
    assert client.get_experiment(third).name == f"{runs.EXPERIMENT}-3" and runs.experiment(client) == third
    with runs.run(client, "sample", {}) as run:
        client.log_text(run, "as it was", "report.md")
    client.restore_experiment(first)
    assert runs.experiment(client) == first


def test_a_run_is_called_by_what_it_is(
    logged: tuple[Any, str], checkout: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, run = logged
    assert client.get_run(run).info.run_name == "pipeline"  # this checkout has no profiles
    monkeypatch.setenv("MOVIECHAT_RUN", "brave-otter-1a2b3c4d")
    named = tracking.log(checkout[0], bundle=checkout[1])
    assert client.get_run(named).info.run_name == "brave-otter-1a2b3c4d"
    assert client.get_run(named).data.tags["pipeline"] == "pipeline"
