from __future__ import annotations

import asyncio
import inspect
from importlib import import_module
from types import SimpleNamespace

import pytest

from flowloom.flows.errors import UsageError
from flowloom.flows.node import prompt_flow_table
from flowloom.flows.node.context import Context
from flowloom.flows.node.entry_points import entry_points, metadata_folders
from flowloom.flows.node.prompt_flow_table import LoneContext, package_tools

PROMPT_FLOWS_TYPES = {"int", "double", "bool", "string", "list", "object", "image", "secret", "prompt_template", "file_path"}


def test_our_node_types_are_published_for_prompt_flow():
    (entry,) = [entry for entry in entry_points(metadata_folders()["flowloom"], "flowloom") if entry.group == "package_tools"]
    table = entry.load()()
    assert {"loom.text.join", "loom.logic.switch", "loom.flow.map"} <= set(table)
    assert not any(id.startswith(("loom.llm.", "loom.python.", "loom.prompt.", "promptflow.")) for id in table)
    for id, tool in table.items():
        assert tool["name"]
        assert tool["description"]
        function = getattr(import_module(tool["module"]), tool["function"])
        assert inspect.isfunction(function), id
        for told in tool["inputs"].values():
            assert all(kind in PROMPT_FLOWS_TYPES or kind.endswith("Connection") for kind in told["type"])


def test_the_functions_can_be_called_by_name():
    assert prompt_flow_table.loom_text_join(separator="-", a="x", b=["y", "z"]) == "x-y-z"
    with pytest.raises(AttributeError):
        prompt_flow_table.loom_text_nothing  # noqa: B018


def test_async_node_types_are_coroutine_functions():
    request = prompt_flow_table.loom_data_http_request
    assert inspect.iscoroutinefunction(request)
    connection = type("CustomConnection", (), {"__module__": "promptflow.core._connection"})()
    connection.__dict__.update(name="c", configs={"base_url": "http://127.0.0.1:9"}, secrets={})
    with pytest.raises(Exception, match=r"127\.0\.0\.1"):
        asyncio.run(request(url="x", connection=connection))


def test_nodes_that_call_others_say_that_they_need_our_engine():
    with pytest.raises(UsageError, match="prompt flow cannot do") as raised:
        asyncio.run(prompt_flow_table.loom_flow_call(flow="sub"))
    assert "flowloom run" in raised.value.hint


def test_a_value_that_is_no_connection_stays():
    value = SimpleNamespace()
    assert prompt_flow_table._own_connection(value) is value
    assert package_tools()["loom.data.http_request"]["inputs"]["connection"]["type"] == ["CustomConnection"]


def test_the_context_outside_of_runs_offers_all_that_a_node_may_ask_for() -> None:
    asked = {name for name in dir(Context) if not name.startswith("_")} | set(Context.__annotations__)
    assert not [name for name in sorted(asked) if not hasattr(LoneContext("node"), name)]
