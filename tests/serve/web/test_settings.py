from __future__ import annotations

import pytest

from moviechat.errors import ParamsError
from moviechat.serve.web.settings import Settings


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_other_machines_need_a_key(host: str, local: bool) -> None:
    settings = Settings("b", host=host)
    assert settings.local == local
    if local:
        assert settings.checked() == settings
    else:
        with pytest.raises(ParamsError, match="set MOVIECHAT_API_KEY"):
            settings.checked()
    assert Settings("b", host=host, key="k").checked()


def test_workers_get_the_settings_and_the_key_stays_in_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOVIECHAT_SERVE", "")
    monkeypatch.setenv("MOVIECHAT_API_KEY", "secret")
    settings = Settings("b", port=1, workers=2, hosts=("a", "b"), key="secret")
    settings.hand_over()
    import os

    assert "secret" not in os.environ["MOVIECHAT_SERVE"]
    assert Settings.handed() == settings
