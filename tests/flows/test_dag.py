import os
from pathlib import Path
from typing import Any

import pytest

from flows import dag
from moviechat.errors import ParamsError


def test_the_stages_come_in_dvcs_order_with_their_meta(repository: Any) -> None:
    pairs, train, evaluate = dag.read(repository.root)
    assert (pairs.name, pairs.desc, pairs.retries, pairs.timeout) == ("generate_qa", "write the pairs", 1, None)
    assert (train.name, train.retries, train.timeout) == ("train", 0, 3000)
    assert evaluate.deps == ("models/train",)
    assert pairs.outs == ("data/generate_qa",)


def test_independent_stages_keep_the_order_of_dvc_yaml(repository: Any) -> None:
    text = (repository.root / "dvc.yaml").read_text(encoding="utf-8")
    repository.write("dvc.yaml", text + "  aaa:\n    cmd: echo\n    outs: [aaa]\n")
    assert [s.name for s in dag.read(repository.root)] == ["generate_qa", "train", "evaluate", "aaa"]


def test_inputs_are_what_no_stage_writes(repository: Any) -> None:
    assert dag.inputs(dag.read(repository.root)) == ["given", "src/stage.py"]


@pytest.mark.parametrize("value", ["soon", "-1", "true"])
def test_a_wrong_meta_is_named(repository: Any, value: str) -> None:
    text = (repository.root / "dvc.yaml").read_text(encoding="utf-8")
    repository.write("dvc.yaml", text.replace("timeout: 3000", f"timeout: {value}"))
    with pytest.raises(ParamsError, match=r"dvc\.yaml: train\.meta\.timeout"):
        dag.read(repository.root)


def test_a_stage_is_changed_until_dvc_has_run_it_whatever_the_current_folder_is(repository: Any) -> None:
    assert dag.is_changed(repository.root, "generate_qa")
    repository.run("dvc", "repro", "--quiet")
    assert not dag.is_changed(repository.root, "generate_qa")
    repository.params("rank: 16", "rank: 8")
    assert dag.is_changed(repository.root, "train")
    assert not dag.is_changed(Path(os.path.relpath(repository.root)), "generate_qa")
