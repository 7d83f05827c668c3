"""The encoder fitted to the catalogue's texts: it learns, goes on after a kill, and with no epochs stays as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from moviechat import params
from moviechat.errors import DataError
from moviechat.frames import frame, write_parquet
from moviechat.retrieval import bert
from moviechat.retrieval.encoder import Encoder
from moviechat.schema import Movie, Passage
from moviechat.stages import fit_encoder

ROOT = Path(__file__).parents[2]
RAW: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))["fit_encoder"]
# Words that mean nothing to the encoder until the texts have shown which go together.
PLACES = ["Zorvia", "Quaddle", "Brimthok", "Velluny", "Ostrapi", "Jendrel", "Kaspiron", "Mulvane"]
BEASTS = ["snorkfin", "plimdoor", "wexlet", "grumbaloo", "tarniquay", "fobbinax", "hullowick", "dravvish"]


def texts() -> dict[str, str]:
    pairs = zip(PLACES, BEASTS, strict=True)
    return {
        f"tt{i:02d}": f"In {place} a teacher goes to work. At night the {beast} wakes her up again."
        for i, (place, beast) in enumerate(pairs)
    }


@pytest.fixture
def inputs(tmp_path: Path, models_folder: Path) -> dict[str, Path]:
    movies = [Movie(t, t, t, 2020, 90, ("Drama",), 6.0, 100) for t in texts()]
    passages = [Passage(t, 0, text, None, "test", None, None, None) for t, text in texts().items()]
    write_parquet(frame(Movie, movies), tmp_path / "movies.parquet")
    write_parquet(frame(Passage, passages), tmp_path / "passages.parquet")
    names = {"movies": "movies.parquet", "passages": "passages.parquet", "cache": "cache", "out": "encoder"}
    return {"base": models_folder / "encoder"} | {key: tmp_path / name for key, name in names.items()}


def p(**changes: Any) -> params.FitEncoder:
    return params.FitEncoder.model_validate(RAW | {"batch_size": 8, "max_tokens": 32} | changes)


def found(encoder: Path) -> float:
    """How often a beast lies nearest to its own place."""
    model = Encoder(encoder)
    places = model.encode([f"In {place} a teacher goes to work." for place in PLACES])
    beasts = model.encode([f"At night the {beast} wakes her up again." for beast in BEASTS])
    return float(np.mean((beasts @ places.T).argmax(axis=1) == np.arange(len(PLACES))))


def test_the_fitted_encoder_knows_what_goes_together(inputs: dict[str, Path]) -> None:
    fit_encoder.run(p(epochs=25, learning_rate=3e-4), **inputs)
    assert bert.shape(inputs["out"]) is not None, "it must still run without torch"
    assert found(inputs["base"]) < 0.5
    assert found(inputs["out"]) > 0.8
    assert not inputs["cache"].exists() or not list(inputs["cache"].iterdir())


def test_without_epochs_the_encoder_stays_as_it_was(inputs: dict[str, Path]) -> None:
    fit_encoder.run(p(epochs=0), **inputs)
    files = sorted(f.relative_to(inputs["base"]) for f in inputs["base"].rglob("*") if f.is_file())
    assert files == sorted(f.relative_to(inputs["out"]) for f in inputs["out"].rglob("*") if f.is_file())
    assert all((inputs["base"] / f).read_bytes() == (inputs["out"] / f).read_bytes() for f in files)


def test_fewer_texts_than_a_batch_are_told(inputs: dict[str, Path]) -> None:
    with pytest.raises(DataError, match=r"8 pieces .* lower fit_encoder.batch_size \(now 64\)"):
        fit_encoder.run(p(epochs=1, batch_size=64), **inputs)
    assert not inputs["out"].exists()


def test_a_missing_encoder_says_which_stage_fetches_it(inputs: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="dvc repro fetch_models"):
        fit_encoder.run(p(epochs=1), **(inputs | {"base": tmp_path / "nowhere"}))


def test_a_killed_fit_goes_on_to_the_same_bytes(
    inputs: dict[str, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wanted = p(epochs=14)
    fit_encoder.run(wanted, **(inputs | {"out": tmp_path / "whole", "cache": tmp_path / "other"}))
    paths = {name: str(path) for name, path in inputs.items()}
    code = (
        "from pathlib import Path\nfrom moviechat import params\nfrom moviechat.stages import fit_encoder\n"
        f"p = params.FitEncoder.model_validate({wanted.model_dump()!r})\n"
        f"fit_encoder.run(p, **{{k: Path(v) for k, v in {paths!r}.items()}})\n"
    )
    running = subprocess.Popen([sys.executable, "-c", code], env={**os.environ})
    while not list(inputs["cache"].glob("*/checkpoint-10/whole.json")):
        assert running.poll() is None, "it ended before it was killed"
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not inputs["out"].exists()
    fit_encoder.run(wanted, **inputs)
    assert "resuming from checkpoint-10" in capfd.readouterr().out
    one, other = ((folder / bert.WEIGHTS).read_bytes() for folder in (inputs["out"], tmp_path / "whole"))
    assert one == other
