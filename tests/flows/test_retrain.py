"""The flow on real servers and a real worker, asked through the API that the Prefect UI itself uses."""

import json
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
import requests

STAGES = ("generate_qa", "train", "evaluate")


@pytest.fixture(autouse=True)
def _behaves(operation: Any) -> Iterator[None]:
    yield
    operation.repository.untell()
    operation.repository.run("git", "checkout", "--quiet", ".")


def test_a_change_from_the_form_becomes_a_run_and_an_experiment(operation: Any) -> None:
    repository = operation.repository
    repository.tell("generate_qa", "flaky")  # its meta: says one retry
    run = operation.start(changes={"generate_qa": {"seed": 8}, "train": {"rank": 8}})
    state = operation.ended(run["id"])
    name = f"{run['name']}-{run['id'][:8]}"
    assert (state["type"], state["message"]) == ("COMPLETED", f"ran generate_qa, train, evaluate; experiment {name}")
    assert operation.tasks(run["id"]) == dict.fromkeys(STAGES, "Completed")

    log = operation.log(run["id"])
    assert (log.count("generate_qa begins"), log.count("train begins")) == (2, 1)
    assert "RuntimeError: the network went away" in log
    artifacts = operation.artifacts(run["id"])
    assert [row["stage"] for row in json.loads(artifacts["stages"]["data"])] == list(STAGES)
    assert "| answers.f1 | 0.5 |" in artifacts["metrics"]["data"]
    assert artifacts["mlflow"]["data"] == "[MLflow run 1a2b](http://127.0.0.1/#/runs/1a2b)"
    assert artifacts["champion"]["data"] == "**Promoted**"

    assert repository.run("git", "status", "--porcelain") == ""
    assert name in repository.run("dvc", "exp", "show", "--csv")
    repository.run("dvc", "exp", "apply", name)
    assert "rank: 8" in repository.run("git", "diff", "-U0", "params.yaml")
    assert "('rank', 8)" in (repository.root / "models/train/out.json").read_text(encoding="utf-8")
    repository.commit()
    again = operation.start()["id"]
    assert operation.ended(again)["message"] == "ran nothing"
    assert operation.tasks(again) == dict.fromkeys(STAGES, "Cached")


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
    operation.repository.tell("generate_qa", "mistake")
    run = operation.start(changes={"generate_qa": {"seed": 7}})["id"]
    state = operation.ended(run)
    said = "generate_qa failed: generate_qa: the rank is odd: give an even one"
    assert (state["type"], state["message"]) == ("FAILED", said)
    assert operation.tasks(run) == {"generate_qa": "Failed"}
    assert operation.log(run).count("generate_qa begins") == 1


def test_cancelling_ends_the_stage_and_lets_the_waiting_run_go_on_from_there(operation: Any) -> None:
    repository, changes = operation.repository, {"train": {"seed": 9}, "evaluate": {"seed": 9}}
    repository.tell("evaluate", "wait")
    first = operation.start(changes=changes)["id"]
    operation.until(repository.waiting, "the first run does not get to its last stage")
    stage = [psutil.Process(pid) for pid in repository.waiting()]
    second = operation.start(changes=changes)["id"]
    operation.until(lambda: operation.state(second)["name"] == "AwaitingConcurrencySlot", "the second does not wait")

    operation.set_state(first, "CANCELLING")
    _, left = psutil.wait_procs(stage, timeout=60)
    assert not left
    assert operation.ended(first)["type"] == "CANCELLED"
    repository.untell()
    assert operation.ended(second)["message"].startswith("ran evaluate; experiment ")
    assert operation.tasks(second) == {"generate_qa": "Cached", "train": "Cached", "evaluate": "Completed"}
    repository.run("dvc", "repro")


def test_evaluate_only_refuses_what_is_out_of_date(operation: Any) -> None:
    operation.repository.params("dropout: 0.0", "dropout: 0.1")
    run = operation.start("evaluate-only/evaluate-only")["id"]
    assert "(train changed): start retrain" in operation.ended(run)["message"]


def test_the_weekly_run_waits_to_be_switched_on(operation: Any) -> None:
    found = requests.get(f"{operation.api}/deployments/name/retrain/retrain", timeout=30).json()
    (schedule,) = found["schedules"]
    assert schedule["active"] is False and schedule["schedule"]["cron"] == "0 3 * * 1"
    assert found["global_concurrency_limit"]["limit"] == 1
