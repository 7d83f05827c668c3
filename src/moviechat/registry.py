"""The champion: the bundle with this alias in MLflow's registry, how it gets there, and rolling back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moviechat import files, gate, inert, intact, paths, runs
from moviechat.bundle import MANIFEST
from moviechat.errors import BundleError, RegistryError

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

NAME = "moviechat"
ALIAS = "champion"
BEFORE = "before"  # tag of a version: the champion that it replaced
_DIGEST = "bundle.sha256"
_FOLDER = "bundle"  # the run's artifacts with the bundle
_REMEDY = "it is fetched again"
_NONE = "there is no champion yet: `dvc repro` makes one if its figures reach evaluate.floors"


@dataclass(frozen=True, slots=True)
class Champion:
    """A version in the registry: the run that measured it, the reason for its promotion, and its predecessor."""

    version: str
    run: str
    reason: str
    before: str | None


def consider(
    client: MlflowClient, run: str, bundle: Path, *, floors: Mapping[str, float], guarded: Sequence[str]
) -> gate.Verdict:
    """Judge the run's figures; a bundle that passes is registered and becomes champion, atomically.

    The verdict is recorded on the run either way: the tags `gate` and `gate.reason`, and `comparison.md`.
    """
    now = _version(client)
    before = client.get_run(str(now.run_id)).data.metrics if now else None
    verdict = gate.judge(client.get_run(run).data.metrics, before, floors=floors, guarded=guarded)
    table = gate.markdown(verdict, f"champion {now.version}" if now else "champion")
    client.log_text(run, table, paths.COMPARISON.name)
    paths.COMPARISON.parent.mkdir(parents=True, exist_ok=True)
    files.write_text(table, paths.COMPARISON)
    client.set_tag(run, "gate", "passed" if verdict.passed else "refused")
    client.set_tag(run, "gate.reason", verdict.reason)
    if verdict.passed and not _same(now, bundle):
        _promote(client, run, bundle, verdict.reason, now)
    return verdict


def champion() -> Champion | None:
    """Who is champion, if anybody is; raises RegistryError if MLflow cannot be asked."""
    with runs.telling():
        version = _version(runs.connect())
        return _champion(version) if version else None


def fetch(cache: Path = paths.CACHE) -> Path:
    """The champion's bundle, brought from the registry into `cache` once, and again where that copy was damaged.

    Raises RegistryError if there is no champion, or what the registry holds is not what was promoted.
    """
    with runs.telling():
        version = _version(runs.connect())
        if version is None:
            raise RegistryError(_NONE)
        digest = version.tags.get(_DIGEST)
        if not intact.is_digest(digest):  # it names a folder
            raise RegistryError(
                f"version {version.version} of {NAME} has no sha256 in its tag {_DIGEST} ({str(digest)[:80]!r}): "
                "promote a bundle anew (`dvc repro`), or `moviechat rollback`"
            )
        folder = cache / "champion" / str(digest)[:32]
        if (_fault(folder / _FOLDER, str(digest))) is not None:
            _download(version, str(digest), folder)
    return folder / _FOLDER


def _download(version: ModelVersion, digest: str, folder: Path) -> None:
    from mlflow.artifacts import download_artifacts

    with files.whole(folder) as partial:
        download_artifacts(
            run_id=version.run_id, artifact_path=_FOLDER, dst_path=str(partial), tracking_uri=runs.address()
        )
        if fault := _fault(partial / _FOLDER, digest, every=True):
            raise RegistryError(
                f"version {version.version} of {NAME} is not the bundle that was promoted ({fault}): promote one anew "
                "(`dvc repro`), or `moviechat rollback`"
            )


def _fault(bundle: Path, digest: str, *, every: bool = False) -> str | None:
    """Why the folder is not the bundle whose manifest has the sha256 `digest`; None if it is."""
    manifest = bundle / MANIFEST
    if not manifest.is_file():
        return f"it has no {MANIFEST}"
    if files.sha256(manifest) != digest:
        return f"the sha256 of its {MANIFEST} is another"
    try:
        said = inert.read_json(manifest, manifest, _REMEDY)
        listed = intact.listed(said.get("files") if isinstance(said, dict) else None, manifest, _REMEDY)
        intact.check(bundle, listed, _REMEDY, every=every)
    except BundleError as error:
        return str(error)
    return None


def rollback() -> tuple[Champion, Champion]:
    """Make the champion's predecessor champion again; returns both, the new one first. RegistryError if none."""
    with runs.telling():
        client = runs.connect()
        if (now := _version(client)) is None:
            raise RegistryError(_NONE)
        if not (before := now.tags.get(BEFORE)):
            raise RegistryError(f"version {now.version} was the first champion: there is nothing to go back to")
        client.set_registered_model_alias(NAME, ALIAS, before)
        return _champion(client.get_model_version(NAME, before)), _champion(now)


def _version(client: MlflowClient) -> ModelVersion | None:
    from mlflow.exceptions import MlflowException

    try:
        return client.get_model_version_by_alias(NAME, ALIAS)
    except MlflowException as error:
        if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:  # no such model, no such alias
            return None
        raise


def _champion(version: Any) -> Champion:
    return Champion(version.version, version.run_id, version.description or "", version.tags.get(BEFORE) or None)


def _same(now: ModelVersion | None, bundle: Path) -> bool:
    return now is not None and now.tags.get(_DIGEST) == _digest(bundle)


def _digest(bundle: Path) -> str:
    return files.sha256(bundle / MANIFEST)  # it lists every other file with its sha256


def _promote(client: MlflowClient, run: str, bundle: Path, reason: str, now: ModelVersion | None) -> None:
    from mlflow.exceptions import MlflowException

    try:
        client.create_registered_model(NAME, description="Bundles that the chat loads; `champion` is the one to serve.")
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    client.log_artifacts(run, str(bundle), _FOLDER)
    tags = {_DIGEST: _digest(bundle), BEFORE: now.version if now else ""}
    source = f"{client.get_run(run).info.artifact_uri}/{_FOLDER}"
    made = client.create_model_version(NAME, source, run_id=run, tags=tags, description=reason)
    # The last step, and the only one visible to whoever serves the champion.
    client.set_registered_model_alias(NAME, ALIAS, made.version)
