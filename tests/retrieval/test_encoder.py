"""The real encoder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from moviechat.errors import BundleError
from moviechat.retrieval.encoder import Encoder, Portable


@pytest.fixture(scope="module")
def encoder(models_folder: Path) -> Encoder:
    return Encoder(models_folder / "encoder", 2, 64)


def test_vectors_have_length_one_and_near_meanings_are_near(encoder: Encoder) -> None:
    bus, coach, war = encoder.encode(
        ["a bus is lost in the jungle", "a coach strays in a rain forest", "a war in winter"]
    )
    assert bus.shape == (encoder.width,) == (384,) and bus.dtype == np.float32
    assert np.linalg.norm(bus) == pytest.approx(1, abs=1e-5)
    assert bus @ coach > bus @ war


def test_any_text_has_a_vector(encoder: Encoder) -> None:
    texts = ["", "\0", "🎬", "word " * 20_000]
    assert np.isfinite(encoder.encode(texts)).all()
    assert encoder.encode([]).shape == (0, 384)


def test_the_name_tells_what_changes_vectors(encoder: Encoder, models_folder: Path) -> None:
    assert encoder.name == Encoder(models_folder / "encoder", 64, 64).name
    assert encoder.name != Encoder(models_folder / "encoder", 2, 32).name


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="has no encoder"):
        Encoder(tmp_path).encode(["a bus"])
    with pytest.raises(BundleError, match="has no encoder"):
        _ = Encoder(tmp_path).name


_ELSEWHERE = """
import hashlib, sys
from pathlib import Path
from moviechat.retrieval.encoder import Portable
vectors = Portable(Path(sys.argv[1])).encode(["a bus lost in the jungle", "who directed Parasite?", "x " * 300])
print(hashlib.sha256(vectors.tobytes()).hexdigest())
"""


def test_portable_vectors_are_the_same_on_processors_that_know_less(models_folder: Path) -> None:
    def made(**settings: str) -> str:
        command = [sys.executable, "-c", _ELSEWHERE, str(models_folder / "encoder")]
        done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=True)
        return done.stdout

    here = made(OMP_NUM_THREADS="1")
    old = {"ATEN_CPU_CAPABILITY": "default", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2", "ONEDNN_MAX_CPU_ISA": "SSE41"}
    assert made(OMP_NUM_THREADS="2", **old) == here


def test_portable_vectors_are_those_of_queries(models_folder: Path) -> None:
    texts = ["a bus lost in the jungle", "who directed Parasite?"]
    portable, usual = Portable(models_folder / "encoder"), Encoder(models_folder / "encoder")
    found = portable.encode(texts)
    assert found.dtype == np.float32 and portable.width == usual.width and portable.name.startswith(usual.name)
    assert np.array_equal(found, found.astype(np.float16))
    assert np.abs(found - usual.encode(texts)).max() < 0.02
    assert portable.encode([]).shape == (0, usual.width)
