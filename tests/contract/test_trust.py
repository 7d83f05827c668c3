"""Nothing that is loaded may bring a program with it: each call that could run one says that it must not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

# What can ask for code of its own, and the argument that forbids it.
LOADERS = {
    "from_pretrained": ("trust_remote_code", False),
    "SentenceTransformer": ("trust_remote_code", False),
    "torch.load": ("weights_only", True),
    "np.load": ("allow_pickle", False),
}
# These know no such argument: peft's own adapters, and a tokenizer that is made of a GGUF.
PLAIN = {"PeftModel.from_pretrained", "PreTrainedTokenizerFast.from_pretrained"}
FORBIDDEN = {"pickle.load", "pickle.loads", "eval", "exec", "yaml.load", "joblib.load", "dill.load"}


def _calls(project: Any) -> Iterator[tuple[str, str, ast.Call]]:
    for module, path in project.modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield module, ast.unparse(node.func), node


def test_every_loader_is_told_to_run_nothing(project: Any) -> None:
    seen, wrong = set(), []
    for module, name, call in _calls(project):
        for loader, (argument, value) in LOADERS.items():
            if (name == loader or name.endswith(f".{loader}")) and name not in PLAIN:
                seen.add(loader)
                said = {k.arg: k.value for k in call.keywords}.get(argument)
                if not isinstance(said, ast.Constant) or said.value is not value:
                    wrong.append(f"{module}: {name}")
    assert wrong == []
    assert seen == set(LOADERS)


def test_nothing_unpickles_or_runs_text(project: Any) -> None:
    assert [f"{module}: {name}" for module, name, _ in _calls(project) if name in FORBIDDEN] == []
