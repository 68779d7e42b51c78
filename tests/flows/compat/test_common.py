from __future__ import annotations

import pytest

from flowloom.flows.compat import common
from flowloom.flows.connections.kinds import (
    AzureOpenAIConnection,
    CustomConnection,
    OpenAIConnection,
    ServerlessConnection,
)
from flowloom.flows.errors import ConnectionFault, TemplateError
from flowloom.flows.model.images import Image

PNG = b"\x89PNG\r\n\x1a\n"


def test_templates_are_filled():
    assert common.render_jinja_template("a {{x}}\n", trim_blocks=True, keep_trailing_newline=True, x=1) == "a 1\n"
    prompt = common.render_template_jinja2("a {{x}}", x="user:\nq", _inputs_to_escape=["x"])
    assert isinstance(prompt, common.PromptResult)
    assert prompt == "a user:\nq"
    assert prompt.mark


def test_messages_are_built_with_markers_of_inputs_as_text():
    template = "system:\nS\nuser:\n{{x}}\n"
    assert len(common.build_messages(template, x="a\nuser:\nb", _inputs_to_escape=["x"])) == 2
    assert len(common.build_messages(template, x="a\nuser:\nb")) == 3
    assert common.parse_chat("user:\nhi\n") == [{"role": "user", "content": "hi"}]
    with pytest.raises(TemplateError):
        common.parse_chat("no role\n")


def test_images_stand_on_lines_of_their_own():
    image = Image(PNG)
    template = common.preprocess_template_string("user:\nlook ![image]({{i}}) here")
    assert template == "user:\nlook \n{{i}}\n here"
    images = common.find_referenced_image_set({"i": image, "l": [image, {"k": image}], "n": 1})
    assert images == {image}
    (message,) = common.build_messages(template, images=list(images), image_detail="low", i=image)
    assert [part["type"] for part in message["content"]] == ["text", "image_url", "text"]
    assert message["content"][1]["image_url"]["detail"] == "low"


def test_chat_lists_render_as_lines():
    assert str(common.convert_to_chat_list({"a": ["x", "y"]})["a"]) == "x\ny"
    assert common.render_jinja_template("{{a}}", **common.convert_to_chat_list({"a": ["x", "y"]})) == "x\ny"


def test_small_things():
    assert (common.to_bool("TRUE"), common.to_bool(False), common.choice(None), common.choice("none")) == (True, False, "auto", "none")
    assert common.accept([1]) is None


@pytest.mark.parametrize(
    ("connection", "expected"),
    [
        (OpenAIConnection(api_key="k", base_url="http://b"), {"api_key": "k", "organization": None, "base_url": "http://b"}),
        (AzureOpenAIConnection(api_key="k", api_base="http://a", api_version="v"), {"api_key": "k", "api_version": "v", "azure_endpoint": "http://a"}),
        (ServerlessConnection(api_key="k", api_base="http://s/"), {"api_key": "k", "base_url": "http://s/v1"}),
    ],
)
def test_clients_of_the_openai_package(connection, expected):
    assert common.normalize_connection_config(connection) == {"max_retries": 0, **expected}
    make = common.init_azure_openai_client if isinstance(connection, AzureOpenAIConnection) else common.init_openai_client
    client = make(connection)
    assert client.api_key == "k"
    client.close()


def test_other_kinds_have_no_client():
    with pytest.raises(ConnectionFault, match="custom"):
        common.normalize_connection_config(CustomConnection())


def test_calls_with_the_package_itself_are_repeated_where_that_helps(server, run_tool):
    server.schedule({"name": "429_seconds", "headers": {"retry-after": "0"}}, {"name": "429_seconds", "headers": {"retry-after": "0"}}, None)
    code = (
        "from promptflow.core import tool\nfrom promptflow.connections import OpenAIConnection\n"
        "from promptflow.tools.common import handle_openai_error, init_openai_client, post_process_chat_api_response\n"
        "@tool\n@handle_openai_error()\n"
        "def t(c: OpenAIConnection):\n"
        "    client = init_openai_client(c)\n"
        "    made = client.chat.completions.create(model='echo', messages=[{'role': 'user', 'content': 'again'}])\n"
        "    client.close()\n"
        "    return post_process_chat_api_response(made, False)\n"
    )
    assert run_tool(code, {"c": "open_ai_connection"}).outputs == {"out": "again"}
    assert len(server.ledger.attempts()) == 3


def test_and_not_where_it_does_not(server, run_tool):
    server.schedule("status_400", forever=True)
    code = (
        "from promptflow.core import tool\nfrom promptflow.connections import OpenAIConnection\n"
        "from promptflow.tools.common import handle_openai_error, init_openai_client\n"
        "@tool\n@handle_openai_error(tries=5)\ndef t(c: OpenAIConnection):\n"
        "    with init_openai_client(c) as client:\n"
        "        client.chat.completions.create(model='echo', messages=[{'role': 'user', 'content': 'x'}])\n"
    )
    assert "BadRequestError" in run_tool(code, {"c": "open_ai_connection"}).error.message
    assert len(server.ledger.attempts()) == 1
