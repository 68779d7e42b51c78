from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.connections import keyring_store
from flowloom.flows.connections.kinds import AzureOpenAIConnection, CustomConnection, OpenAIConnection
from flowloom.flows.connections.store import Connections
from flowloom.flows.errors import ConnectionFault, FlowloomError

FILE = """
open_ai_connection: {type: open_ai, api_key: "${env:OPENAI_API_KEY}", base_url: "http://127.0.0.1:8000/v1"}
azure_open_ai_connection: {type: azure_open_ai, api_key: azure-secret-1, api_base: https://x.openai.azure.com}
my_connection: {type: custom, configs: {url: http://a.example}, secrets: {key: custom-secret-1}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "connections.yaml"
    path.write_text(FILE)
    return path


def test_a_file_of_several(file: Path, no_keyring: None) -> None:
    connections = Connections(file, environ={"OPENAI_API_KEY": "env-secret-1"})
    one = connections.get("open_ai_connection")
    assert isinstance(one, OpenAIConnection)
    assert (one.api_key, one.base_url, one.name) == ("env-secret-1", "http://127.0.0.1:8000/v1", "open_ai_connection")
    assert isinstance(connections.get("azure_open_ai_connection"), AzureOpenAIConnection)
    assert isinstance(connections.get_as("my_connection", CustomConnection), CustomConnection)
    assert connections.get("open_ai_connection") is one


def test_prompt_flow_writes_one_a_file(tmp_path: Path, no_keyring: None) -> None:
    path = tmp_path / "azure.yml"
    path.write_text(
        "$schema: https://azuremlschemas.azureedge.net/promptflow/latest/AzureOpenAIConnection.schema.json\n"
        "name: aoai\ntype: azure_open_ai\napi_key: some-long-key\napi_base: https://x\napi_type: azure\n"
    )
    other = tmp_path / "serp.yml"
    other.write_text("type: serp\napi_key: another-key\n")
    connections = Connections([path, other], environ={})
    assert connections.names() == ["aoai", "serp", "local"]
    assert connections.get("aoai")["api_base"] == "https://x"


def test_the_order_is_file_then_environment_then_keyring_then_built_in(file: Path, file_keyring: Path) -> None:
    keyring_store.write("my_connection", {"type": "open_ai", "api_key": "from-keyring"})
    keyring_store.write("other_connection", {"type": "open_ai", "api_key": "from-keyring"})
    environ = {"OTHER_CONNECTION_API_KEY": "from-environment", "MY_CONNECTION_URL": "http://b.example"}
    connections = Connections(file, environ=environ)
    assert dict(connections.get("my_connection")) == {"url": "http://b.example", "key": "custom-secret-1"}
    assert connections.get("other_connection")["api_key"] == "from-environment"
    assert connections.get("local").kind == "local"
    assert [connections.where(name) for name in ("my_connection", "other_connection", "local")] == [
        "connections.yaml",
        "keyring",
        "built in",
    ]


def test_the_environment_alone_can_define_a_connection(no_keyring: None) -> None:
    environ = {
        "TEAM_CONNECTION_TYPE": "open_ai",
        "TEAM_CONNECTION_API_KEY": "k",
        "OTHER_TYPE": "open_ai",
        "X_CONNECTION_TYPE": "wifi",
    }
    connections = Connections(environ=environ)
    assert connections.get("team_connection")["api_key"] == "k"
    assert connections.names() == ["team_connection", "local"]


def test_an_unknown_name_lists_names_and_places_and_the_command(file: Path, no_keyring: None) -> None:
    with pytest.raises(ConnectionFault) as caught:
        Connections(file, environ={}).get("azure_openai")
    assert caught.value.message == (
        "There is no connection named 'azure_openai'; there are open_ai_connection, azure_open_ai_connection, my_connection, local. "
        "It was looked for in connections.yaml, the environment and the keyring."
    )
    assert caught.value.hint == "Add it: flowloom connection add azure_openai --type azure_open_ai"


def test_the_default_works_where_there_is_no_keyring_and_no_file(no_keyring: None) -> None:
    assert Connections(environ={}).get("local").host is None


def test_secrets_of_a_file_are_masked_before_anybody_asks_for_them(file: Path, no_keyring: None) -> None:
    connections = Connections(file, environ={"OPENAI_API_KEY": "env-secret-1"})
    assert connections.redactor.redact("azure-secret-1 custom-secret-1 env-secret-1") == "*** *** env-secret-1"
    connections.get("open_ai_connection")
    assert connections.redactor.redact("env-secret-1 http://a.example") == "*** http://a.example"


def test_a_connection_made_elsewhere_is_masked_too(no_keyring: None) -> None:
    connections = Connections(environ={})
    connections.adopt(OpenAIConnection(api_key="made-elsewhere"))
    assert connections.redactor.redact("made-elsewhere") == "***"


def test_the_list_holds_no_secret_and_names_what_is_wrong(file: Path, no_keyring: None) -> None:
    entries = Connections(file, environ={}).entries()
    assert "secret" not in repr([entry for entry in entries if entry.name != "open_ai_connection"])
    broken = next(entry for entry in entries if entry.name == "open_ai_connection")
    assert "OPENAI_API_KEY, which is not set" in broken.problem
    assert [(entry.name, entry.kind, entry.where, entry.host) for entry in entries[1:]] == [
        ("azure_open_ai_connection", "azure_open_ai", "connections.yaml", "x.openai.azure.com"),
        ("my_connection", "custom", "connections.yaml", "a.example"),
        ("local", "local", "built in", None),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"- a\n- b\n", "must map names to their keys"),
        (b"a: 1\n", "must map names to their keys"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"a: {type: open_ai\n", "connections.yaml"),
        (b"a: {type: open_ai}\na: {type: serp}\n", "connections.yaml"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "connections.yaml"
    path.write_bytes(content)
    with pytest.raises(FlowloomError) as caught:
        Connections(path, environ={})
    assert words in f"{caught.value.message} {caught.value.where}"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConnectionFault, match=r"nowhere\.yaml cannot be read"):
        Connections(tmp_path / "nowhere.yaml", environ={})


def test_an_empty_file_is_no_connections(tmp_path: Path, no_keyring: None) -> None:
    path = tmp_path / "connections.yaml"
    path.write_text("# nothing yet\n")
    assert Connections(path, environ={}).names() == ["local"]
