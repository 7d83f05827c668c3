from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.addresses import scrubbed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("not logged: MLflow at http://alice:s3cret@h:5000/x", "not logged: MLflow at http://h:5000/x"),
        ("(postgresql+psycopg://u:p@db/mlflow)", "(postgresql+psycopg://db/mlflow)"),
        ("http://token@h/v1 did not answer", "http://h/v1 did not answer"),
        ("a password with signs: http://a:p@s/s?w#rd@h/v1", "a password with signs: http://h/v1"),
        ("two: http://a:b@h http://c:d@g", "two: http://h http://g"),
        ("https://en.wikipedia.org/wiki/@me, mail me@x.org", "https://en.wikipedia.org/wiki/@me, mail me@x.org"),
        ("sqlite:///mlruns/mlflow.db", "sqlite:///mlruns/mlflow.db"),
        ("nobody@home", "nobody@home"),
    ],
)
def test_user_names_and_passwords_are_not_shown(text: str, shown: str) -> None:
    assert scrubbed(text) == shown


_PART = st.text(st.characters(exclude_characters=":/?#@ ", exclude_categories=("C", "Z")), min_size=1)


@given(before=st.text(), user=_PART, password=_PART, host=_PART)
def test_no_password_stays(before: str, user: str, password: str, host: str) -> None:
    assert f":{password}@" not in scrubbed(f"{before} http://{user}:{password}@{host}/").removeprefix(before)
    assert scrubbed(f"http://{user}:{password}@{host}/") == f"http://{host}/"


@given(st.text())
def test_what_holds_no_address_is_left(text: str) -> None:
    assert scrubbed(text.replace("://", "")) == text.replace("://", "")
