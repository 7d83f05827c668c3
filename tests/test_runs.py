"""MLflow's server away at the start, gone in the middle, gone at the end; a logger that is killed."""

from __future__ import annotations

import http.server
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from moviechat import runs

PATIENCE = 120.0  # seconds until a test gives up on a server


class Server:
    """A real MLflow server on loopback, and a door before it that counts the requests and can have it killed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._process, self.last = folder, None, -1
        self._port = _free_port()
        self._door = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._door.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._door.server_address[1]}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(self._port)]
        store = ["--backend-store-uri", f"sqlite:///{self.folder}/mlflow.db", "--workers", "1"]
        artifacts = ["--artifacts-destination", (self.folder / "artifacts").as_uri()]
        env = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *store, *artifacts], stdout=log, stderr=log, env=env, start_new_session=True
            )
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit and not self._healthy():
            time.sleep(0.2)

    def _healthy(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self._port}/health", timeout=3):
            return True
        return False

    def kill(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, 9)
            self._process.wait()

    def close(self) -> None:
        self._door.shutdown()
        self.kill()

    def kill_after(self, requests: int) -> None:
        """Have the server die once it has answered so many more requests that write."""
        self.last = requests

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        server = self

        class Door(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._pass()

            def do_POST(self) -> None:
                self._pass()
                if "search" not in self.path and server.last > 0:
                    server.last -= 1
                    if server.last == 0:
                        server.kill()

            def do_PUT(self) -> None:
                self._pass()

            def do_PATCH(self) -> None:
                self._pass()

            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                url, headers = f"http://127.0.0.1:{server._port}{self.path}", dict(self.headers.items())
                asked = urllib.request.Request(url, body or None, headers, method=self.command)
                try:
                    with urllib.request.urlopen(asked) as reply:
                        status, kind, said = reply.status, reply.headers.get("Content-Type"), reply.read()
                except urllib.error.HTTPError as error:
                    status, kind, said = error.code, error.headers.get("Content-Type"), error.read()
                except OSError:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: Any) -> None:
                pass

        return Door


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("mlflow"))
    yield running
    running.close()


@pytest.fixture
def away(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, asked from a checkout of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    return server


def log(client: Any) -> str:
    """A run with one of everything; its id."""
    with runs.run(client, "whole", {"kind": "test"}) as run:
        client.log_param(run, "rank", "8")
        client.log_metric(run, "f1", 0.5)
        client.log_text(run, "all of it", "report.md")
    return run


def statuses(client: Any) -> dict[str, str]:
    found = client.search_runs([runs.experiment(client)])
    return {run.info.run_id: run.info.status for run in found}


def test_a_run_goes_to_the_server_whole(away: Server) -> None:
    client = runs.connect()
    run = client.get_run(log(client))
    assert (run.info.status, run.data.params, run.data.metrics) == ("FINISHED", {"rank": "8"}, {"f1": 0.5})
    assert [a.path for a in client.list_artifacts(run.info.run_id)] == ["report.md"]


@pytest.mark.parametrize("requests", [1, 3])  # in the middle; before the artifact and the end
def test_what_a_dying_server_left_half_is_marked_and_sent_anew(away: Server, requests: int) -> None:
    client = runs.connect()
    before = statuses(client)
    away.kill_after(requests)
    with pytest.raises(Exception, match=r"(?i)connection|retries"):
        log(client)
    away.start()
    client = runs.connect()
    (half,) = statuses(client).keys() - before.keys()
    assert statuses(client)[half] == "RUNNING"
    runs.close_unfinished(client)
    assert statuses(client)[half] == "FAILED"
    again = log(client)
    assert statuses(client)[again] == "FINISHED"


def test_what_a_killed_logger_left_is_marked_by_the_next(away: Server) -> None:
    code = (
        "import os\nfrom moviechat import runs\nclient = runs.connect()\n"
        "with runs.run(client, 'half', {}) as run:\n    print(run, flush=True)\n    os.kill(os.getpid(), 9)\n"
    )
    half = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout.strip()
    client = runs.connect()
    assert statuses(client)[half] == "RUNNING"
    runs.close_unfinished(client)
    runs.close_unfinished(client)
    assert statuses(client)[half] == "FAILED"


def test_runs_begun_on_a_server_that_forgot_them_are_let_go(away: Server) -> None:
    client = runs.connect()
    mark = Path("data/cache/tracking/unfinished") / ("0" * 32)
    mark.parent.mkdir(parents=True)
    mark.touch()
    runs.close_unfinished(client)
    assert not mark.exists()
