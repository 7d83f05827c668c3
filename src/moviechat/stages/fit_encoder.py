"""Fit the encoder to the catalogue's own texts, so that a remembered piece of a story is near the whole."""

from __future__ import annotations

import hashlib
import shutil
from importlib.metadata import version
from pathlib import Path

from moviechat import files, params, paths, threads
from moviechat.catalogue import load_movies, load_passages
from moviechat.errors import DataError
from moviechat.fitting.pieces import pairs
from moviechat.launch import launch


def run(
    p: params.FitEncoder,
    *,
    movies: Path = paths.MOVIES,
    passages: Path = paths.PASSAGES,
    base: Path = paths.BASE_ENCODER,
    cache: Path = paths.CACHE / "fit_encoder",
    out: Path = paths.ENCODER,
) -> None:
    """Write the encoder to `out`, a sentence-transformers folder: fitted for `p.epochs`, or with 0 as fetched.

    Raises DataError for a missing input, or for fewer texts than one batch.
    """
    if not (base / "modules.json").is_file():
        raise DataError(f"{base} has no encoder: run `dvc repro fetch_models`")
    with files.whole(out) as partial:
        if not p.epochs:
            files.copy(base, partial)
            print("fit_encoder.epochs is 0: the encoder stays as it was fetched")
            return
        told = list(pairs(load_movies(movies), load_passages(passages), p.epochs, p.seed))
        if len(told) < p.batch_size:
            raise DataError(
                f"{len(told)} pieces of texts are fewer than one batch: lower fit_encoder.batch_size "
                f"(now {p.batch_size}), or set fit_encoder.epochs to 0"
            )
        from moviechat.fitting.fit import fit

        checkpoints = cache / _key(p, [movies, passages, *sorted(base.rglob("*.safetensors"))])
        loss = fit(base, told, p, checkpoints, partial)
        print(f"{len(told):,} pairs of {p.epochs} epochs; mean loss {loss:.3f}")
    shutil.rmtree(checkpoints, ignore_errors=True)


def _key(p: params.FitEncoder, inputs: list[Path]) -> str:
    """What decides the encoder's bytes, as one string: checkpoints of anything else are not resumed."""
    libraries = [version(name) for name in ("torch", "transformers", "sentence-transformers")]
    parts = [p.model_dump_json(), *libraries, *map(files.sha256, inputs)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


if __name__ == "__main__":
    launch("fit_encoder", run, threads.PATIENT)
