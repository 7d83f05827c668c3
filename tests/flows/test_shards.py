import json
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import yaml
from prefect.task_runners import ThreadPoolTaskRunner

from flows.shards import runner
from moviechat.frames import frame, write_parquet
from moviechat.schema import Movie, Passage

ROOT = Path(__file__).parents[2]
FILMS = 9


class Teacher:
    """Answers each film with a pair for every slot, and counts the requests."""

    def __init__(self) -> None:
        self.asked, self._lock = Counter[str](), threading.Lock()

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        text = body["messages"][-1]["content"]
        film = re.findall(r"^Title: (.*)$", text, re.MULTILINE)[-1]
        with self._lock:
            self.asked[film] += 1
        slots = re.findall(r"^\d+\. (\w+): ", text, re.MULTILINE)
        pairs = {s: {"question": f"What is the {s} of {film}?", "answer": "A bus in the jungle."} for s in slots}
        data = json.dumps({"choices": [{"message": {"content": json.dumps(pairs)}}]}).encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)


@pytest.fixture
def repository(tmp_path: Path, models_folder: Path) -> Path:
    """A folder with the films, the parameters and the models that the stage reads."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "fetch_models").symlink_to(models_folder.resolve())
    p = yaml.safe_load((ROOT / "profiles" / "imdb.yaml").read_text(encoding="utf-8"))
    p["generate_qa"]["provider"] = "api"
    p["generate_qa"]["api"] |= {"endpoint": "other", "model": "films", "input_price": 1.0, "output_price": 2.0}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(p), encoding="utf-8")
    movies = [Movie(f"tt{n}", f"Bus {n}", f"Bus {n}", 2019, 80, ("Horror",), 5.0, 134) for n in range(FILMS)]
    passages = [Passage(m.tconst, 0, "A bus is lost.", None, "people", None, None, None) for m in movies]
    for folder in ("filter", "describe"):
        (tmp_path / "data" / folder).mkdir(parents=True)
    write_parquet(frame(Movie, movies), tmp_path / "data" / "filter" / "movies.parquet")
    write_parquet(frame(Passage, passages), tmp_path / "data" / "describe" / "passages.parquet")
    return tmp_path


def test_shards_ask_for_every_film_once_and_write_no_pairs(loopback: Callable[..., str], repository: Path) -> None:
    teacher = Teacher()
    done = subprocess.run(
        [sys.executable, "-m", "flows.shards", "--shards", "3", "--workers", "3"],
        cwd=repository,
        env=os.environ
        | {
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
            "MOVIECHAT_TEACHER_URL": f"{loopback(teacher)}/v1",
            "PREFECT_HOME": str(repository / "prefect"),
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        },
        capture_output=True,
        text=True,
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    assert teacher.asked == {f"Bus {n}": 1 for n in range(FILMS)}
    assert [f"shard {n}/3: 3 films" in told for n in (1, 2, 3)] == [True] * 3
    assert not (repository / "data" / "generate_qa").exists()


def test_a_runner_is_had_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(runner("threads", 2), ThreadPoolTaskRunner)
    for name in ("dask", "ray"):
        monkeypatch.setitem(sys.modules, f"prefect_{name}", None)  # as where it is not installed
        with pytest.raises(SystemExit, match=f"pip install .*prefect-{name}"):
            runner(name, 2)
