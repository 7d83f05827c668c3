from typing import Any, get_args

import pytest

from moviechat.errors import FetchError, ParamsError
from moviechat.sections import Api
from moviechat.teacher.providers import ENDPOINTS, RETIRED, access, endpoint, limits


def test_every_endpoint_can_be_chosen() -> None:
    assert set(get_args(Api.model_fields["endpoint"].annotation)) == set(ENDPOINTS)


@pytest.mark.parametrize("model", [*RETIRED, "models/text-bison-001"])
def test_the_published_models_say_what_took_their_place(make_api: Any, model: str) -> None:
    with pytest.raises(ParamsError, match=rf"{model} was shut down on 20\d\d-\d\d-\d\d: .*endpoint: \w+, style: chat"):
        endpoint(make_api(model=model))


@pytest.mark.parametrize("name", ["openai", "gemini", "cohere"])
def test_a_hosted_endpoint_wants_its_key(make_api: Any, name: str) -> None:
    p = make_api(endpoint=name)
    variable = ENDPOINTS[name].key
    assert variable
    with pytest.raises(FetchError, match=f"{variable} is not set"):
        access(p, {})
    found = access(p, {variable: "secret"})
    assert (found.url, found.key) == (ENDPOINTS[name].url, "secret")
    assert "secret" not in repr(found)


def test_an_address_of_ones_own_wants_no_key_of_the_endpoint(make_api: Any) -> None:
    assert access(make_api(endpoint="openai"), {"MOVIECHAT_TEACHER_URL": "http://127.0.0.1:1/v1"}).key == "none"


def test_any_other_server_wants_an_address(make_api: Any) -> None:
    p = make_api(endpoint="other")
    with pytest.raises(FetchError, match="MOVIECHAT_TEACHER_URL is not set"):
        access(p, {})
    with pytest.raises(FetchError, match="is no address"):
        access(p, {"MOVIECHAT_TEACHER_URL": "127.0.0.1:8000"})
    assert access(p, {"MOVIECHAT_TEACHER_URL": "http://127.0.0.1:1/v1", "MOVIECHAT_TEACHER_KEY": "k"}).key == "k"


@pytest.mark.parametrize("changes", [{"style": "instruct"}, {"endpoint": "cohere", "batch": True}])
def test_what_an_endpoint_cannot_do_is_said_before_it_is_asked(make_api: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(ParamsError, match=r"generate_qa\.api\.\w+ is .*: set it to"):
        endpoint(make_api(**{"endpoint": "openai"} | changes))


def test_each_names_its_token_limit(make_api: Any) -> None:
    assert limits(make_api(endpoint="openai", temperature=None)) == {"max_completion_tokens": 400}
    assert limits(make_api(endpoint="vllm", temperature=0.5, options={"top_k": 1})) == {
        "max_tokens": 400,
        "temperature": 0.5,
        "top_k": 1,
    }
