"""Whom it can reach: contact, keys, the language model elsewhere, the champion's registry, the services' ports."""

from __future__ import annotations

import os
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from moviechat import paths, runs
from moviechat.addresses import scrubbed
from moviechat.doctor.check import Check, missing, ok
from moviechat.errors import MoviechatError
from moviechat.params import Params
from moviechat.teacher.providers import access

Environment = Mapping[str, str]

CONTACT = "MOVIECHAT_CONTACT"
# .env.example names them; their values are never told.
KEYS = (
    "OPENAI_API_KEY",
    "GEMINI_API_KEY",
    "COHERE_API_KEY",
    "MOVIECHAT_TEACHER_KEY",
    "MOVIECHAT_LLM_KEY",
    "MOVIECHAT_API_KEY",
    "HF_TOKEN",
)
SERVICES = {
    "prefect": ("MOVIECHAT_PREFECT_PORT", 4200, "/api/health"),
    "mlflow": ("MOVIECHAT_MLFLOW_PORT", 5000, "/health"),
}
PAGE = 8080  # port of `moviechat serve`
_TIMEOUT = 3.0  # seconds for an answer
# Loopback is never behind a proxy, and neither is a server that the environment names.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def contact(p: Params | None, environment: Environment = os.environ) -> Check:
    """Whether Wikimedia can write to somebody, where it is asked."""
    if environment.get(CONTACT, "").strip():
        return ok("contact", f"{CONTACT} is set")
    asked = [] if p is None else [name for name, on in _wikimedia(p).items() if on]
    if asked:
        said = f"{CONTACT} is not set, and {' and '.join(asked)} ask Wikimedia, which wants one"
        return missing("contact", said, f"export {CONTACT}=you@example.org (or put it in .env)")
    return ok("contact", f"{CONTACT} is not set, and these parameters ask nobody who wants it")


def _wikimedia(p: Params) -> dict[str, bool]:
    return {"describe": p.describe.wikipedia, "enrich": p.enrich.source == "wikidata"}


def keys(environment: Environment = os.environ) -> Check:
    """Which keys are set, without showing them."""
    there = [name for name in KEYS if environment.get(name)]
    return ok("keys", f"set: {', '.join(there)}" if there else "none is set")


def teacher(p: Params | None, environment: Environment = os.environ) -> Check | None:
    """Whether who writes question-answer pairs can be asked, if a language model does."""
    if p is None:
        return None
    if p.generate_qa.provider != "api" or p.generate_qa.api is None:
        return ok("teacher", f"pairs come from {p.generate_qa.provider}, no language model is asked")
    try:
        found = access(p.generate_qa.api, environment)
    except MoviechatError as error:
        said, _, mend = str(error).rpartition(": ")
        return missing("teacher", said, mend)
    return ok("teacher", f"{p.generate_qa.api.model} at {found.url}; its key is not tried")


def model(environment: Environment = os.environ) -> Check | None:
    """Whether the server that words answers is there, if the environment names one."""
    url = environment.get("MOVIECHAT_LLM_URL")
    if not url:
        return None
    unset = "unset MOVIECHAT_LLM_URL (the bundle's own model answers then)"
    if not environment.get("MOVIECHAT_LLM_MODEL"):
        return missing(
            "model", f"MOVIECHAT_LLM_URL is {url}, and MOVIECHAT_LLM_MODEL is empty", f"set it, or {unset}", needed=True
        )
    fault = _fault(f"{url.rstrip('/')}/models", environment.get("MOVIECHAT_LLM_KEY"))
    if fault:
        return missing("model", f"{url} does not answer ({fault})", f"start that server, or {unset}", needed=True)
    return ok("model", f"{environment['MOVIECHAT_LLM_MODEL']} at {url}")


def champion() -> Check:
    """Who is champion in the registry, if that can be asked; makes no database where there is none."""
    from moviechat import registry

    if runs.local() and not (paths.MLRUNS / "mlflow.db").is_file():
        return ok("champion", "none yet: nothing was logged in this checkout")
    try:
        now = registry.champion()
    except MoviechatError as error:
        return missing("champion", str(error).rpartition(": ")[0], "make up (or unset MLFLOW_TRACKING_URI)")
    if now is None:
        return ok("champion", "none yet: `dvc repro` makes one if its figures pass evaluate.floors")
    return ok("champion", f"version {now.version} at {scrubbed(runs.address())}")


def service(name: str, environment: Environment = os.environ) -> Check:
    """Whether Prefect or MLflow answers at its port, or another program has it."""
    variable, default, health = SERVICES[name]
    port = environment.get(variable) or str(default)
    if not port.isdigit() or not 0 < int(port) < 1 << 16:
        return missing(name, f"{variable} is {port!r}, which is no port", f"unset {variable}")
    at = f"http://127.0.0.1:{port}"
    if not _is_open(int(port)):
        return missing(name, f"not running at {at}; only retrains and the dashboards need it", "make up")
    if fault := _fault(f"{at}{health}"):
        said = f"another program has port {port} ({fault})"
        return missing(name, said, f"{variable}={int(port) + 1000} make up (or end that program)")
    return ok(name, f"healthy at {at}")


def page(port: int = PAGE) -> Check:
    """Whether `moviechat serve` can have its port, or has it."""
    if not _is_open(port):
        return ok("page", f"port {port} is free for `moviechat serve`")
    if _fault(f"http://127.0.0.1:{port}/healthz"):
        said = f"another program has port {port}, where `moviechat serve` would listen"
        return missing("page", said, f"moviechat serve --port {port + 1}")
    return ok("page", f"served at http://127.0.0.1:{port}")


def workplace(folder: Path = Path()) -> Check:
    """Whether this is a checkout, where things can be built."""
    lacking = [name for name in ("dvc.yaml", "params.yaml", ".git") if not (folder / name).exists()]
    if lacking:
        said = f"{folder.resolve()} is no checkout (it has no {', '.join(lacking)}): chatting needs --bundle"
        return missing("checkout", said, "cd to the clone of moviechat")
    return ok("checkout", str(folder.resolve()))


def _is_open(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT):
            return True
    except OSError:
        return False


def _fault(url: str, key: str | None = None) -> str | None:
    """Why an address does not answer with 200; None if it does."""
    if not url.startswith(("http://", "https://")):
        return "no address: it begins with http:// or https://"
    try:
        request = urllib.request.Request(scrubbed(url), headers={"Authorization": f"Bearer {key}"} if key else {})
        with _DIRECT.open(request, timeout=_TIMEOUT) as reply:
            return None if reply.status == 200 else f"HTTP {reply.status}"
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except (OSError, ValueError) as error:  # http.client's errors are of both
        return str(getattr(error, "reason", error)) or type(error).__name__
    except Exception as error:  # what answers speaks no HTTP
        return type(error).__name__
