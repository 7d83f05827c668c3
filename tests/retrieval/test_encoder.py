"""The real encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from moviechat.errors import BundleError
from moviechat.retrieval.encoder import Encoder


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
