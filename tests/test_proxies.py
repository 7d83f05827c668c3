from __future__ import annotations

import httpx2
import pytest
import requests
from requests.utils import get_environ_proxies

from moviechat.proxies import spare_loopback

PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_loopback_is_spared_and_what_was_spared_stays(name: str) -> None:
    environment = {name: PROXY, "NO_PROXY": "intranet, 10.0.0.1"}
    spare_loopback(environment)
    assert environment["NO_PROXY"] == environment["no_proxy"] == "intranet,10.0.0.1,127.0.0.1,localhost,::1"
    before = dict(environment)
    spare_loopback(environment)
    assert environment == before


def test_without_a_proxy_nothing_is_set() -> None:
    environment: dict[str, str] = {}
    spare_loopback(environment)
    assert environment == {}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_the_libraries_understand_it(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", PROXY)
    spare_loopback()
    mounts = httpx2.Client()._mounts
    assert next(t for p, t in mounts.items() if p.matches(httpx2.URL(f"http://{host}:80/"))) is None
    assert any(p.matches(httpx2.URL("http://elsewhere.example/")) and t for p, t in mounts.items())
    if host != "[::1]":  # requests knows names and IPv4 alone
        assert get_environ_proxies(f"http://{host}:80/") == {}
    assert requests.utils.get_environ_proxies("http://elsewhere.example/")["http"] == PROXY
