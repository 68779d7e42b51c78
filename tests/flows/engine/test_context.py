"""What a node may ask of its run."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.context import MOST_LOG_TEXT
from flowloom.flows.engine.events import Exchange, Log, Metric, NodeDelta, NodeFinished, Usage

HEAD = "from flowloom.flows import Context, tool\nfrom flowloom.flows.engine.events import Usage\nimport asyncio, threading\n@tool\n"
ALL = """def all_of(ctx: Context):
    ctx.log('a line', 'warning')
    ctx.metric('score', 0.5, 'variant_0')
    for word in ('a', 'b'):
        ctx.stream(word)
    ctx.stream('hm', 'thinking')
    ctx.usage(Usage(1, 2, 3, 1, 0.25, 'm'))
    ctx.usage(Usage(1, 1, 2, 1, 0.25, 'm'))
    ctx.outcome('length')
    return [ctx.node, ctx.flow, ctx.run_id, ctx.root, ctx.wants_stream, ctx.message_format, ctx.cancelled, ctx.connection('local').kind]
"""


async def events_of(flow: Any, **options: Any) -> tuple[list[Any], Any]:
    async with flow.stream_run(**options) as events:
        found = [event async for event in events]
        return found, await events.result()


@pytest.mark.parametrize("kind", ["", "async "])
async def test_what_a_node_says_and_asks(write_flow: Any, kind: str) -> None:
    folder = write_flow({"a": "all_of"}, files={"all_of.py": HEAD + kind + ALL})
    found, result = await events_of(load_flow(folder), run_id="r")
    assert Log("a", "a line", "warning", "log") in found
    assert Metric("a", "score", 0.5, "variant_0") in found
    assert [(event.chunk, event.channel) for event in found if isinstance(event, NodeDelta)] == [("a", "output"), ("b", "output"), ("hm", "thinking")]
    (finished,) = [event for event in found if isinstance(event, NodeFinished)]
    assert finished.usage == Usage(2, 3, 5, 2, 0.5, "m")
    assert finished.outcome == "length"
    assert finished.output == ["a", "flow", "r", str(folder), True, "basic", False, "local"]
    assert result.nodes["a"].usage == finished.usage


def test_nobody_watches_pieces_of_an_ordinary_run(write_flow: Any) -> None:
    folder = write_flow({"a": "all_of"}, files={"all_of.py": HEAD + ALL})
    assert load_flow(folder).run_result().nodes["a"].output[4] is False


async def test_approval(write_flow: Any) -> None:
    ask = "async def ask(ctx: Context):\n    return await ctx.approve('Delete it?', {'file': 'a'})\n"
    folder = write_flow({"a": "ask"}, outputs={"o": "${a.output}"}, files={"ask.py": HEAD + ask})
    asked = []

    async def approver(question: str, arguments: dict[str, Any]) -> bool:
        asked.append((question, arguments))
        return True

    assert load_flow(folder).run() == {"o": False}
    assert (await load_flow(folder).arun_result(approver=approver)).outputs == {"o": True}
    assert asked == [("Delete it?", {"file": "a"})]


async def test_a_node_that_logs_without_end_is_cut_short(write_flow: Any) -> None:
    flood = "def flood():\n    for _ in range(40): print('x' * 50_000)\n"
    found, _ = await events_of(load_flow(write_flow({"a": "flood"}, files={"flood.py": HEAD + flood})), echo=False)
    logs = [event for event in found if isinstance(event, Log)]
    assert sum(len(log.text) for log in logs) <= MOST_LOG_TEXT + 200
    assert logs[-1].text.startswith("This node wrote more than 1 MiB")


async def test_secrets_are_masked_in_what_is_said_not_in_what_is_given(write_flow: Any, tmp_path: Any) -> None:
    (tmp_path / "c.yaml").write_text("mine: {type: custom, secrets: {key: very-secret-value}}")
    tell = (
        "def tell(ctx: Context, fail: bool):\n    key = ctx.connection('mine')['key']\n    print('key', key)\n    ctx.log(key)\n"
        "    if fail: raise ValueError(key)\n    return key\n"
    )
    nodes = {"a": "tell fail=false", "b": "tell fail=true"}
    folder = write_flow(nodes, outputs={"o": "${a.output}"}, files={"tell.py": HEAD + tell})
    found, result = await events_of(load_flow(folder, connections=tmp_path / "c.yaml"), on_failure="finish")
    texts = [event.text for event in found if isinstance(event, Log)]
    assert texts.count("key ***") == 2
    assert "very-secret-value" not in "".join(texts) + str(result.error) + result.error.detail + result.error.hint
    assert "***" in result.error.message
    assert result.nodes["a"].output == "very-secret-value"


async def test_a_call_is_shown_to_who_asked_with_secrets_masked(write_flow: Any, tmp_path: Any) -> None:
    secret = "sk-very-secret-0123456789"
    (tmp_path / "c.yaml").write_text(f"mine: {{type: custom, configs: {{a: b}}, secrets: {{key: {secret}}}}}\n")
    call = "def call(ctx: Context):\n    key = ctx.connection('mine').key\n"
    call += "    if ctx.wants_exchanges: ctx.exchange({'messages': [key]}, {'text': key}, 0.5, key)\n    return 1\n"
    flow = load_flow(write_flow({"a": "call"}, files={"call.py": HEAD + call}), connections=tmp_path / "c.yaml")
    found, _ = await events_of(flow, exchanges=True)
    assert [event for event in found if isinstance(event, Exchange)] == [Exchange("a", {"messages": ["***"]}, {"text": "***"}, 0.5, "***")]
    assert not [event for event in (await events_of(flow))[0] if isinstance(event, Exchange)]
