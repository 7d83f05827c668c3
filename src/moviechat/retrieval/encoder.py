"""The sentence encoder that turns passages and queries into vectors."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from moviechat.errors import BundleError
from moviechat.quiet import quiet
from moviechat.retrieval.arrays import Array

WEIGHTS = "model.safetensors"


class TextEncoder(Protocol):
    """Texts -> normalised vectors of one width."""

    @property
    def name(self) -> str:
        """What tells this encoder's vectors from another's."""

    @property
    def width(self) -> int:
        """Numbers in a vector."""

    def encode(self, texts: Sequence[str]) -> Array:
        """float32 [texts, width]; each row has length 1."""


class Encoder:
    """The sentence-transformers model in `folder` (Reimers and Gurevych, 2019), loaded when first asked.

    Texts are cut to `max_tokens`. Raises BundleError if the folder holds no such model.
    """

    def __init__(self, folder: Path, batch_size: int = 64, max_tokens: int = 256) -> None:
        self._folder, self._batch_size, self._max_tokens = folder, batch_size, max_tokens

    @cached_property
    def name(self) -> str:
        """A digest of the weights and of what else changes the vectors."""
        try:
            with (self._folder / WEIGHTS).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise BundleError(
                f"{self._folder} holds no encoder ({error.strerror}): `dvc repro fetch_models` fetches it"
            ) from None
        return f"{digest[:32]}-{self._max_tokens}"

    @cached_property
    def width(self) -> int:
        """Numbers in a vector."""
        return int(self._model.get_embedding_dimension())

    @cached_property
    def _model(self) -> Any:
        if not (self._folder / "modules.json").is_file():
            raise BundleError(f"{self._folder} holds no encoder: `dvc repro fetch_models` fetches it")
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        quiet()
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        model.max_seq_length = self._max_tokens
        return model.eval()

    def encode(self, texts: Sequence[str]) -> Array:
        """float32 [texts, width]; each row has length 1."""
        if not texts:
            return np.zeros((0, self.width), np.float32)
        return np.asarray(
            self._model.encode(
                list(texts),
                batch_size=self._batch_size,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            ),
            np.float32,
        )
