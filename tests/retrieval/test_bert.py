"""The encoder's graph against the library it stands for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer

from moviechat.errors import BundleError
from moviechat.retrieval import bert
from moviechat.retrieval.encoder import Encoder

TEXTS = ["a bus is lost in the jungle", "", "Ünïcödé 🎬 \ud800", "a coach strays " * 60, "war"]
NEAR = 0.999  # bfloat16 where the processor has it


def folder_with(tmp_path: Path, source: Path, name: str, **changes: object) -> Path:
    folder = tmp_path / "encoder"
    shutil.copytree(source, folder)
    path = folder / name
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return folder


def reference(folder: Path, texts: list[str]) -> np.ndarray:
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True).eval()
    model.max_seq_length = 64
    clean = [t.encode(errors="replace").decode() for t in texts]
    return np.asarray(model.encode(clean, normalize_embeddings=True))


@pytest.mark.parametrize("pooling", [{}, {"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}])
def test_it_gives_the_librarys_vectors(models_folder: Path, tmp_path: Path, pooling: dict[str, bool]) -> None:
    folder = folder_with(tmp_path, models_folder / "encoder", "1_Pooling/config.json", **pooling)
    found = Encoder(folder, 2, 64).encode(TEXTS)
    assert bert.shape(folder) is not None
    assert ((found * reference(folder, TEXTS)).sum(1) > NEAR).all()
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-3)


def test_a_texts_vector_hardly_depends_on_its_batch(models_folder: Path) -> None:
    together, alone = Encoder(models_folder / "encoder", 8, 64), Encoder(models_folder / "encoder", 1, 64)
    assert ((together.encode(TEXTS) * alone.encode(TEXTS)).sum(1) > NEAR).all()
    assert np.array_equal(together.encode(TEXTS), together.encode(TEXTS))


def test_half_precision_weights_are_read(models_folder: Path, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, models_folder / "encoder", "config.json")
    weights = load_file(folder / bert.WEIGHTS)
    save_file(
        {name: value.to(torch.float16) if value.is_floating_point() else value for name, value in weights.items()},
        folder / bert.WEIGHTS,
    )
    found, whole = (Encoder(f, 2, 64).encode(TEXTS) for f in (folder, models_folder / "encoder"))
    assert ((found * whole).sum(1) > NEAR).all()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"model_type": "mpnet"}),
        ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}),
    ],
)
def test_what_is_no_plain_bert_is_left_to_the_library(
    models_folder: Path, tmp_path: Path, name: str, changes: dict[str, object]
) -> None:
    assert bert.shape(folder_with(tmp_path, models_folder / "encoder", name, **changes)) is None


def test_the_library_embeds_what_is_left_to_it(models_folder: Path, tmp_path: Path) -> None:
    changes = {"pooling_mode_max_tokens": True, "pooling_mode_mean_tokens": False}
    folder = folder_with(tmp_path, models_folder / "encoder", "1_Pooling/config.json", **changes)
    encoder = Encoder(folder, 2, 64)
    assert encoder.width == 384
    assert np.allclose(encoder.encode(["a bus", "war"]), reference(folder, ["a bus", "war"]), atol=1e-5)


def test_damaged_weights_are_told(models_folder: Path, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, models_folder / "encoder", "config.json")
    whole = (folder / bert.WEIGHTS).read_bytes()
    (folder / bert.WEIGHTS).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BundleError, match=r"cannot be read .*fetch_models"):
        Encoder(folder).encode(["a bus"])


def test_missing_weights_are_told(models_folder: Path, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, models_folder / "encoder", "config.json", num_hidden_layers=7)
    with pytest.raises(BundleError, match=r"layer.6.*fetch_models"):
        Encoder(folder).encode(["a bus"])
