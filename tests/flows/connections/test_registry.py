from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flowloom.flows.connections import kinds, registry
from flowloom.flows.errors import ConnectionFault


def make(name: str, values: dict, **environ: str):
    return registry.make(name, values, where="connections.yaml", environ=environ)


@pytest.mark.parametrize(
    ("written", "cls"),
    [
        ("open_ai", kinds.OpenAIConnection),
        ("OpenAI", kinds.OpenAIConnection),
        ("OpenAIConnection", kinds.OpenAIConnection),
        ("azure_open_ai", kinds.AzureOpenAIConnection),
        ("AzureOpenAI", kinds.AzureOpenAIConnection),
        ("cognitive_search", kinds.CognitiveSearchConnection),
        ("azure_ai_search", kinds.CognitiveSearchConnection),
        ("serverless", kinds.ServerlessConnection),
        ("Custom", kinds.CustomConnection),
        ("serp", kinds.SerpConnection),
        ("azure_content_safety", kinds.AzureContentSafetyConnection),
        ("form_recognizer", kinds.FormRecognizerConnection),
        ("local", kinds.LocalConnection),
        ("qdrant", kinds.QdrantConnection),
        ("weaviate", kinds.WeaviateConnection),
    ],
)
def test_every_spelling_of_a_kind(written: str, cls: type) -> None:
    assert registry.kind_class(written) is cls


def test_every_built_in_kind_is_found_by_its_own_name() -> None:
    for cls in registry.BUILT_IN:
        assert registry.kind_class(cls.kind) is cls
        assert cls.title


def test_an_unknown_kind_lists_those_there_are() -> None:
    with pytest.raises(ConnectionFault, match="no connection kind 'opnai'") as caught:
        registry.kind_class("opnai")
    assert "open_ai, azure_open_ai, local" in caught.value.hint


def test_values_from_the_environment() -> None:
    connection = make("my", {"type": "open_ai", "api_key": "${env:KEY}"}, KEY="from-env")
    assert connection["api_key"] == "from-env"


def test_an_unset_variable_is_named() -> None:
    with pytest.raises(
        ConnectionFault, match="reads 'api_key' from the environment variable KEY, which is not set"
    ) as caught:
        make("my", {"type": "open_ai", "api_key": "${env:KEY}"})
    assert caught.value.hint == "Set it: export KEY=..."


def test_the_environment_overrides_keys_even_unset_ones() -> None:
    values = {"type": "open_ai", "api_key": "${env:UNSET}"}
    connection = make("my service", values, MY_SERVICE_API_KEY="k", MY_SERVICE_BASE_URL="http://b/v1")
    assert (connection["api_key"], connection["base_url"]) == ("k", "http://b/v1")


def test_the_environment_overrides_custom_keys_also_under_a_name_with_a_dash() -> None:
    values = {"type": "custom", "configs": {"url": "a"}, "secrets": {"key": "b"}}
    connection = make("my-service", values, MY_SERVICE_KEY="k")
    assert dict(connection) == {"url": "a", "key": "k"}
    assert connection.secret_values() == ("k",)


def test_a_missing_key_says_where_to_put_it() -> None:
    with pytest.raises(ConnectionFault, match=r"'aoai' in connections.yaml has no api_key") as caught:
        make("aoai", {"type": "azure_open_ai", "api_base": "https://x"})
    assert caught.value.hint == "Add 'api_key' there, or set AOAI_API_KEY in the environment."


def test_no_type_lists_the_kinds() -> None:
    with pytest.raises(ConnectionFault, match="does not say its type"):
        make("x", {"api_key": "k"})


def test_the_form_that_prompt_flow_exports() -> None:
    values = {
        "type": "AzureOpenAIConnection",
        "module": "promptflow.connections",
        "value": {"api_key": "k", "api_base": "https://b"},
    }
    assert dict(make("x", values))["api_base"] == "https://b"
    custom = {"type": "CustomConnection", "value": {"a": "1", "b": "2"}, "secret_keys": ["b"]}
    assert make("c", custom).secrets == {"b": "2"}


def test_custom_keys_beside_the_stores_are_secret_by_name() -> None:
    connection = make("c", {"type": "custom", "api_key": "k", "endpoint": "https://e"})
    assert (connection.secrets, connection.configs) == ({"api_key": "k"}, {"endpoint": "https://e"})


def test_a_custom_connection_becomes_the_class_a_tool_asks_for() -> None:
    class Search(kinds.CustomStrongTypeConnection):
        url: str

    built = registry.as_class(make("c", {"type": "custom", "configs": {"url": "u"}}), Search)
    assert isinstance(built, Search)
    assert (built.url, built.name) == ("u", "c")


def test_a_foreign_class_of_the_same_name_is_built_from_the_keys() -> None:
    class Foreign:
        def __init__(self, api_key: str, base_url: str | None = None, name: str | None = None) -> None:
            self.api_key, self.base_url, self.name = api_key, base_url, name

    Foreign.__name__ = "OpenAIConnection"
    built = registry.as_class(make("o", {"type": "open_ai", "api_key": "k"}), Foreign)
    assert (type(built), built.api_key, built.base_url, built.name) == (Foreign, "k", None, "o")


def test_the_wrong_kind_names_both() -> None:
    with pytest.raises(ConnectionFault, match="'o' is of kind open_ai, and azure_open_ai is needed here"):
        registry.as_class(make("o", {"type": "open_ai", "api_key": "k"}), kinds.AzureOpenAIConnection)


def test_any_connection_will_do_where_the_base_is_asked_for() -> None:
    connection = make("o", {"type": "open_ai", "api_key": "k"})
    assert registry.as_class(connection, registry.Connection) is connection
    assert registry.as_class(connection, None) is connection


def test_a_package_adds_a_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme_mail.py").write_text(
        "from flowloom.flows.connections.connection import Connection, Secret\n"
        "class MailConnection(Connection):\n    kind = 'acme_mail'\n    password = Secret(required=True)\n"
    )
    info = tmp_path / "acme_mail-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-mail\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[flowloom.connections]\nacme_mail = acme_mail:MailConnection\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(sys.modules, "acme_mail", None)
    monkeypatch.delitem(sys.modules, "acme_mail")
    connection = make("post", {"type": "acme_mail", "password": "long-password"})
    assert connection.secret_values() == ("long-password",)
    assert "acme_mail" in registry.kind_names()
