import os
import threading
from pathlib import Path
from typing import Any

import pytest

from flows import dag
from flows.process import stream
from flows.workspace import Workspace, alone, prepare, receive
from moviechat.errors import DataError, ParamsError

ROOT = Path(__file__).parents[2]


def _repro(workspace: Workspace) -> list[str]:
    lines: list[str] = []
    for stage in dag.read(workspace.folder):
        command = ["dvc", "repro", "--single-item", stage.name]
        assert stream(command, lines.append, cwd=workspace.folder, env=workspace.environment()) == 0, lines
    return lines


def test_a_change_becomes_an_experiment_and_the_checkout_stays_as_it_was(repository: Any) -> None:
    before = (repository.root / "params.yaml").read_bytes()
    workspace = prepare(repository.root)
    workspace.set_params(None, {"train": {"rank": 8, "layers": 4}})
    workspace.fill()
    _repro(workspace)
    assert workspace.save("small-rank") is not None

    assert repository.run("git", "status", "--porcelain") == ""
    assert (repository.root / "params.yaml").read_bytes() == before
    assert "small-rank" in repository.run("dvc", "exp", "show", "--csv")
    repository.run("dvc", "exp", "apply", "small-rank")
    changed = [line for line in repository.run("git", "diff", "-U0", "params.yaml").splitlines() if line[0] in "+-"]
    assert changed[2:] == ["-  rank: 16", "+  rank: 8", "-  layers: 16", "+  layers: 4"]
    assert "up to date" in repository.run("dvc", "repro")
    assert "('rank', 8)" in (repository.root / "models/train/out.json").read_text(encoding="utf-8")


def test_changes_of_the_same_length_are_kept_and_handed_over_each_time(repository: Any, tmp_path: Path) -> None:
    repository.run("dvc", "repro")
    repository.commit()
    elsewhere = repository.clone(tmp_path / "elsewhere")
    for seed in (43, 44):
        workspace = prepare(repository.root)
        workspace.set_params(None, {"train": {"seed": seed}})
        workspace.fill()
        _repro(workspace)
        workspace.save(f"seed-{seed}")
        assert f"seed: {seed}" in repository.run("git", "show", f"{repository.experiment(f'seed-{seed}')}:params.yaml")
        there = receive(elsewhere.root, workspace.base, workspace.difference())
        for name in ("params.yaml", "dvc.lock"):
            assert (there.folder / name).read_bytes() == (workspace.folder / name).read_bytes()


def test_edits_made_before_a_run_are_in_it_and_edits_during_it_are_not(repository: Any) -> None:
    repository.params("rank: 16", "rank: 24")
    workspace = prepare(repository.root)
    repository.params("rank: 24", "rank: 64")
    repository.write("src/stage.py", "raise SystemExit('edited during the run')\n")
    assert workspace.set_params(None, {}).train.rank == 24
    assert "edited" not in (workspace.folder / "src/stage.py").read_text(encoding="utf-8")
    assert (repository.root / "params.yaml").read_text(encoding="utf-8").count("rank: 64") == 1


def test_what_one_side_has_done_the_other_has_too(repository: Any) -> None:
    workspace = prepare(repository.root)
    workspace.fill()
    _repro(workspace)
    assert "Running stage" not in repository.run("dvc", "repro")
    assert _read(repository.root) == _read(workspace.folder)

    workspace = prepare(repository.root)
    workspace.fill()
    assert not any(dag.is_changed(workspace.folder, s.name) for s in dag.read(workspace.folder))
    assert workspace.save("nothing-new") is None


def _read(root: Path) -> bytes:
    return (root / "models/train/out.json").read_bytes()


def test_files_that_git_does_not_hold_are_there_and_renewed(repository: Any) -> None:
    prepare(repository.root).fill()
    (repository.root / "given/films.txt").rename(repository.root / "given/other.txt")
    repository.write("data/cache/replies/1.json", "{}")
    workspace = prepare(repository.root)
    workspace.fill()
    assert [p.name for p in (workspace.folder / "given").iterdir()] == ["other.txt"]
    assert (workspace.folder / "data/cache/replies/1.json").is_file()


def test_a_file_that_was_written_again_as_it_was_is_no_change(repository: Any) -> None:
    for name in ("params.yaml", "dvc.yaml"):
        os.utime(repository.root / name, (0, 0))
    workspace = prepare(repository.root)
    assert workspace.set_params(None, {}).train.rank == 16


def _litter(workspace: Workspace) -> None:
    (workspace.folder / "params.yaml").write_text("half", encoding="utf-8")
    (workspace.folder / "src/left.py").write_text("", encoding="utf-8")


@pytest.mark.parametrize("damaged", [False, True])
def test_leftovers_of_a_killed_run_are_gone_and_the_checkouts_own_files_are_not(repository: Any, damaged: bool) -> None:
    _litter(prepare(repository.root))
    if damaged:  # git, asked in a damaged repository, takes the one above it
        (repository.root / ".services/workspace/.git/HEAD").unlink()
    repository.write("notes.txt", "not committed\n")
    repository.params("rank: 16", "rank: 24")
    workspace = prepare(repository.root)
    assert not (workspace.folder / "src/left.py").exists()
    assert workspace.set_params(None, {}).train.rank == 24
    assert (repository.root / "notes.txt").read_text(encoding="utf-8") == "not committed\n"
    assert repository.run("git", "symbolic-ref", "--short", "HEAD") == "main\n"
    assert repository.run("git", "status", "--porcelain").split() == ["M", "params.yaml", "??", "notes.txt"]


def test_a_profile_takes_the_place_of_params_yaml(repository: Any) -> None:
    workspace = prepare(repository.root)
    assert workspace.set_params("imdb", {"train": {"rank": 8}}).describe.wikipedia is True
    with pytest.raises(ParamsError, match="no profile 'imbd'"):
        workspace.set_params("imbd", {})


@pytest.mark.parametrize("number", [0.00002, 1e-10, 0.1, 0.999])
def test_every_number_of_the_form_arrives_as_it_was(repository: Any, number: float) -> None:
    asked = {"train": {"learning_rate": number, "weight_decay": number}, "filter": {"min_votes": 10**16}}
    p = prepare(repository.root).set_params(None, asked)
    assert (p.train.learning_rate, p.train.weight_decay, p.filter.min_votes) == (number, number, 10**16)


def test_an_experiment_in_a_copy_of_dvcs_own_keeps_what_outlives_it(repository: Any) -> None:
    stage = (repository.root / "src/stage.py").read_text(encoding="utf-8")
    kept = "from moviechat import paths\npaths.MLRUNS.mkdir(exist_ok=True)\n(paths.MLRUNS / name).touch()\n"
    repository.write("src/stage.py", stage + kept)
    repository.run("git", "add", "--force", "given")  # what DVC copies is what git holds
    repository.run("git", "commit", "--quiet", "--all", "--message", "tracked")
    repository.run("dvc", "exp", "run", "--temp", "--set-param", "train.rank=8", env={"PYTHONPATH": str(ROOT / "src")})
    assert {p.name for p in (repository.root / "mlruns").iterdir()} >= {"generate_qa", "train", "evaluate"}


def test_a_change_that_does_not_fit_the_rest_is_refused(repository: Any) -> None:
    with pytest.raises(ParamsError, match="leave nothing to train on"):
        prepare(repository.root).set_params(None, {"split": {"test": 0.9, "validation": 0.5}})


def test_a_repository_without_a_commit_is_told_so(tmp_path: Path, repository: Any) -> None:
    repository.run("git", "init", "--quiet", str(tmp_path / "new"))
    with pytest.raises(DataError, match="commit first"):
        prepare(tmp_path / "new")


def test_the_second_waits_for_the_first(tmp_path: Path) -> None:
    order: list[str] = []
    seen = threading.Event()

    def second() -> None:
        with alone(tmp_path, seen.set):
            order.append("second")

    with alone(tmp_path, lambda: None):
        other = threading.Thread(target=second)
        other.start()
        assert seen.wait(60)
        order.append("first")
    other.join()
    assert order == ["first", "second"]
