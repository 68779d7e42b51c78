from __future__ import annotations

import copy

import pytest

from flowloom.flows.connections import kinds
from flowloom.flows.errors import ConnectionFault


def test_azure_openai_has_the_keys_that_tools_of_prompt_flow_read() -> None:
    connection = kinds.AzureOpenAIConnection(api_key="k" * 10, api_base="https://x.openai.azure.com/", name="aoai")
    assert dict(connection) == {
        "api_base": "https://x.openai.azure.com/",
        "api_type": "azure",
        "api_version": "2024-02-01",
        "auth_mode": "key",
        "resource_id": None,
        "api_key": "k" * 10,
    }
    assert (connection.type, connection.class_name, connection.kind) == (
        "AzureOpenAI",
        "AzureOpenAIConnection",
        "azure_open_ai",
    )
    assert connection.host == "x.openai.azure.com"


def test_azure_openai_by_position_takes_base_then_key() -> None:
    connection = kinds.AzureOpenAIConnection("https://x", "the-key", "azure", "2023-07-01-preview")
    assert (connection.api_base, connection.api_key, connection.api_version) == (
        "https://x",
        "the-key",
        "2023-07-01-preview",
    )


def test_a_token_sign_in_needs_no_key() -> None:
    class Provider:
        def get_token(self) -> str:
            return "token"

    connection = kinds.AzureOpenAIConnection(api_base="https://x", auth_mode="meid_token", token_provider=Provider())
    assert connection.missing() == ()
    assert "api_key" not in dict(connection)
    assert connection.get_token() == "token"


def test_openai_defaults() -> None:
    connection = kinds.OpenAIConnection(api_key="k")
    assert dict(connection) == {"organization": None, "base_url": None, "api_key": "k"}
    assert connection.host == "api.openai.com"
    assert kinds.OpenAIConnection("k", base_url="_").base_url is None


def test_openai_needs_a_key_but_a_server_of_ones_own_does_not() -> None:
    assert kinds.OpenAIConnection().missing() == ("api_key",)
    assert kinds.OpenAIConnection(base_url="http://127.0.0.1:8000/v1").missing() == ()


def test_custom_merges_configs_and_secrets() -> None:
    connection = kinds.CustomConnection(configs={"url": "http://a.example/x"}, secrets={"key": "v"}, name="c")
    assert dict(connection) == {"url": "http://a.example/x", "key": "v"}
    assert (connection.url, connection.key, connection.is_secret("key"), connection.is_secret("url")) == (
        "http://a.example/x",
        "v",
        True,
        False,
    )
    assert connection.host == "a.example"
    assert not hasattr(connection, "nothing")
    assert dict(copy.deepcopy(connection)) == dict(connection)


def test_own_connection_class_reads_what_the_connection_brings_before_its_defaults() -> None:
    class Search(kinds.CustomStrongTypeConnection):
        api_key: str
        url: str = "https://default.example"
        size: str = "10"

    search = Search(secrets={"api_key": "v"}, configs={"url": "https://given.example"})
    assert (search.api_key, search.url, search.size, search["url"]) == (
        "v",
        "https://given.example",
        "10",
        "https://given.example",
    )
    assert dict(search) == {"url": "https://given.example", "api_key": "v"}


def test_own_connection_class_keeps_what_is_set_on_it_in_the_right_store() -> None:
    class Secret(str):
        pass

    class Search(kinds.CustomStrongTypeConnection):
        api_key: Secret
        url: str

    search = Search(secrets={"api_key": "v"}, configs={"url": "u"})
    search.api_key = "w"
    search.url = "x"
    assert (search.secrets, search.configs) == ({"api_key": "w"}, {"url": "x"})


def test_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://e")
    monkeypatch.delenv("AZURE_OPENAI_API_KEY", raising=False)
    with pytest.raises(ConnectionFault, match="AZURE_OPENAI_API_KEY is not set"):
        kinds.AzureOpenAIConnection.from_env()
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "k")
    assert dict(kinds.AzureOpenAIConnection.from_env("x"))["api_base"] == "https://e"
    monkeypatch.setenv("OPENAI_API_KEY", "o")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://b/v1")
    assert kinds.OpenAIConnection.from_env().base_url == "http://b/v1"


def test_nothing_leaves_the_computer_with_the_local_kind() -> None:
    assert kinds.LocalConnection().host is None
    assert kinds.LocalConnection().secret_values() == ()
