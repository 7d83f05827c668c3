import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil
import requests
from mlflow import MlflowClient


def _started(operation: Any) -> list[psutil.Process]:
    records = sorted((operation.repository.root / ".services").glob("*.json"))
    return [psutil.Process(json.loads(r.read_text(encoding="utf-8"))["pid"]) for r in records]


def test_up_a_second_time_finds_them_running(operation: Any) -> None:
    before = _started(operation)
    said = operation.services("up")
    assert [line.split()[1] for line in said.splitlines()[:3]] == ["runs", "runs", "runs"]
    assert _started(operation) == before and len(before) == 3


def test_they_listen_on_loopback_only(operation: Any) -> None:
    family = [q for p in _started(operation) for q in [p, *p.children(recursive=True)]]
    listening = {c.laddr.ip for p in family for c in p.net_connections("inet") if c.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def test_state_stands_in_ignored_folders(operation: Any) -> None:
    assert operation.repository.run("git", "status", "--porcelain") == ""
    assert (operation.repository.root / ".services/prefect/prefect.db").is_file()
    assert (operation.repository.root / "mlruns/mlflow.db").is_file()


def test_what_is_logged_to_the_server_does_not_need_it(operation: Any, tmp_path: Path) -> None:
    root = operation.repository.root
    with_server = MlflowClient(operation.mlflow, operation.mlflow)
    experiment = with_server.create_experiment("new")
    run = with_server.create_run(experiment).info.run_id
    (tmp_path / "report.md").write_text("as it was", encoding="utf-8")
    with_server.log_artifact(run, str(tmp_path / "report.md"))
    without = MlflowClient(f"sqlite:///{(root / 'mlruns/mlflow.db').resolve()}")
    assert without.get_run(run).info.artifact_uri.startswith((root / "mlruns/artifacts").resolve().as_uri())
    assert [a.path for a in without.list_artifacts(run)] == ["report.md"]
    without.log_artifact(run, str(Path(__file__)), "more")
    shown = requests.get(f"{operation.mlflow}/get-artifact?path=report.md&run_uuid={run}", timeout=30)
    assert shown.text == "as it was"


def test_down_ends_exactly_what_up_started(operation: Any) -> None:
    family = [q for p in _started(operation) for q in [p, *p.children(recursive=True)]]
    assert operation.services("down").split()[1::2] == ["stopped", "stopped", "stopped"]
    assert not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family)
    assert "was not running" in operation.services("down")


def test_a_port_that_something_else_has_is_named(operation: Any) -> None:
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", int(operation.env["MOVIECHAT_PREFECT_PORT"])), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [sys.executable, "-m", "flows.services", "up"]
        done = subprocess.run(
            command,
            cwd=operation.repository.root,
            env={**os.environ, **operation.env},
            capture_output=True,
            text=True,
            check=False,
        )
        server.shutdown()
    assert done.returncode == 2
    assert "something else answers for prefect" in done.stderr and "Traceback" not in done.stderr
