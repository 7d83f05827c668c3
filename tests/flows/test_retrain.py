"""Real servers, a real worker, and the API that the Prefect UI itself uses."""

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
import requests


@pytest.fixture(autouse=True)
def _behaves(operation: Any) -> Iterator[None]:
    yield
    for file in (operation.repository.root / "told").glob("*"):
        file.unlink()


def test_a_change_from_the_form_becomes_a_run_and_an_experiment(operation: Any) -> None:
    run = operation.start(changes={"train": {"rank": 8}})
    state = operation.ended(run["id"])
    assert state["type"] == "COMPLETED", operation.log(run["id"])
    name = f"{run['name']}-{run['id'][:8]}"
    assert state["message"] == f"ran split, train, evaluate; experiment {name}"
    assert operation.tasks(run["id"]) == {"split": "Completed", "train": "Completed", "evaluate": "Completed"}

    assert "train begins" in operation.log(run["id"])
    artifacts = operation.artifacts(run["id"])
    assert [row["stage"] for row in json.loads(artifacts["stages"]["data"])] == ["split", "train", "evaluate"]
    assert "| answers.f1 | 0.5 |" in artifacts["metrics"]["data"]

    repository = operation.repository
    assert repository.run("git", "status", "--porcelain") == ""
    assert name in repository.run("dvc", "exp", "list", "--name-only")


def test_what_the_checkout_has_done_shows_as_cached(operation: Any) -> None:
    operation.repository.run("dvc", "repro", "--quiet")
    operation.repository.commit()
    run = operation.start()["id"]
    assert operation.ended(run)["message"] == "ran nothing"
    assert operation.tasks(run) == {"split": "Cached", "train": "Cached", "evaluate": "Cached"}


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"changes": {"train": {"rank": 0}}}, "changes.train.rank"),
        ({"changes": {"train": {"ranks": 8}}}, "ranks"),
        ({"profile": "imbd"}, "profile"),
        ({"chances": {}}, "chances"),
    ],
)
def test_a_wrong_value_is_refused_before_there_is_a_run(operation: Any, parameters: Any, told: str) -> None:
    reply = operation.ask(**parameters)
    assert reply.status_code == 409
    assert told in reply.json()["detail"]


def test_a_failure_is_named_in_the_runs_state_and_a_mistake_is_not_tried_again(operation: Any) -> None:
    operation.repository.write("told/split", "mistake")
    run = operation.start(changes={"split": {"seed": 7}})["id"]
    state = operation.ended(run)
    assert state["type"] == "FAILED"
    assert state["message"] == "split failed: split: the rank is odd: give an even one"
    assert operation.tasks(run) == {"split": "Failed"}
    assert operation.log(run).count("split begins") == 1


def test_an_error_is_tried_again_and_a_hanging_stage_runs_out_of_its_time(operation: Any) -> None:
    operation.repository.write("told/split", "flaky")
    operation.repository.write("told/train", "hang")
    run = operation.start(changes={"split": {"seed": 8}})["id"]
    state = operation.ended(run)
    assert operation.log(run).count("split begins") == 2
    assert operation.tasks(run) == {"split": "Completed", "train": "TimedOut"}
    assert state["message"].startswith("train failed: ") and "15" in state["message"]
    assert not operation.repository.hanging()


def test_cancelling_ends_the_stage_and_lets_the_second_run_go_on_from_there(operation: Any) -> None:
    repository = operation.repository
    repository.write("told/evaluate", "hang")
    first = operation.start(changes={"train": {"seed": 9}, "evaluate": {"seed": 9}})["id"]
    operation.until(repository.hanging, "the first run does not get to its last stage")
    second = operation.start(changes={"train": {"seed": 9}, "evaluate": {"seed": 9}})["id"]
    operation.until(lambda: operation.state(second)["name"] == "AwaitingConcurrencySlot", "the second does not wait")

    (repository.root / "told/evaluate").unlink()
    operation.set_state(first, "CANCELLING")
    assert operation.ended(first)["type"] == "CANCELLED"
    assert not repository.hanging()
    assert operation.ended(second)["message"].startswith("ran evaluate; experiment ")
    assert operation.tasks(second) == {"split": "Cached", "train": "Cached", "evaluate": "Completed"}


def test_a_killed_worker_takes_its_stage_along_and_nothing_that_was_finished(operation: Any) -> None:
    repository = operation.repository
    repository.write("told/evaluate", "hang")
    run = operation.start(changes={"train": {"seed": 10}, "evaluate": {"seed": 10}})["id"]
    operation.until(repository.hanging, "the run does not get to its last stage")
    worker = json.loads((repository.root / ".services/worker.json").read_text(encoding="utf-8"))["pid"]
    os.kill(worker, signal.SIGKILL)
    operation.until(lambda: not repository.hanging(), "the stage outlives its worker")
    assert "the worker that started this run is gone" in operation.ended(run)["message"]

    (repository.root / "told/evaluate").unlink()
    said = operation.services("up")
    assert [line.split()[:2] for line in said.splitlines()[:3]] == [
        ["prefect", "runs"],
        ["mlflow", "runs"],
        ["worker", "started"],
    ]
    again = operation.start(changes={"train": {"seed": 10}, "evaluate": {"seed": 10}})["id"]
    operation.ended(again)
    assert operation.tasks(again) == {"split": "Cached", "train": "Cached", "evaluate": "Completed"}


def test_evaluate_only_refuses_what_is_out_of_date(operation: Any) -> None:
    operation.repository.params("dropout: 0.0", "dropout: 0.1")
    run = operation.start("evaluate-only/evaluate-only")["id"]
    assert "(train changed): start retrain" in operation.ended(run)["message"]
    operation.repository.run("git", "checkout", "params.yaml")


def test_the_weekly_run_waits_to_be_switched_on(operation: Any) -> None:
    found = requests.get(f"{operation.api}/deployments/name/retrain/retrain", timeout=30).json()
    (schedule,) = found["schedules"]
    assert schedule["active"] is False and schedule["schedule"]["cron"] == "0 3 * * 1"
    assert found["global_concurrency_limit"]["limit"] == 1
