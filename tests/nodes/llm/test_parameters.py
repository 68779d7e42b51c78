from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows.errors import BadRequest
from flowloom.nodes.llm.parameters import Flavour, chat_request, completion_request, parameters_of


def test_each_way_of_asking_has_names_of_its_own() -> None:
    openai, azure = parameters_of("chat", "openai"), parameters_of("chat", "azure")
    assert openai - azure == {"model"}
    assert azure - openai == {"deployment_name", "n"}
    assert "n" in parameters_of("completion", "openai")


def test_defaults() -> None:
    asked = chat_request({}, "openai", Flavour())
    assert (asked.model, dict(asked.parameters)) == ("", {"temperature": 1.0, "top_p": 1.0})
    assert chat_request({}, "azure", Flavour()).parameters["n"] == 1


@pytest.mark.parametrize(
    ("most", "sent"), [("7", 7), (7.9, 7), ("inf", None), ("INF", None), (float("inf"), None), (None, None)]
)
def test_the_longest_reply(most: Any, sent: int | None) -> None:
    assert chat_request({"max_tokens": most}, "openai", Flavour()).parameters.get("max_tokens") == sent


@pytest.mark.parametrize("values", [{"max_tokens": "many"}, {"max_tokens": []}, {"n": "x", "deployment_name": "d"}])
def test_numbers_that_are_none(values: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="whole number"):
        chat_request(values, "azure", Flavour())
    with pytest.raises(BadRequest, match="a number"):
        completion_request({"temperature": "hot"}, "p", "openai", Flavour())


def test_functions_do_not_go_with_a_stream() -> None:
    for functions in ([], [{"name": "f", "parameters": {"type": "object", "properties": {}}}]):
        with pytest.raises(BadRequest, match="in a stream"):
            chat_request({"stream": "true", "functions": functions}, "openai", Flavour())
