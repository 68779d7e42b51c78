from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.events import Log, Metric

NODES = {"a": "say x=${inputs.q}", "b": "letters x=${a.output}", "c": "whole x=${b.output}"}
WHOLE = "@tool\ndef whole(x): return ''.join(x) + '!'"
SAY = "@tool\ndef say(x):\n    print('saying', x)\n    log_metric('said', 1)\n    with open('calls', 'a') as file: file.write(x)\n    return x * 2"


def flow_of(write_flow: Any, **keys: Any) -> Any:
    return write_flow(NODES, inputs={"q": "Q"}, outputs={"o": "${c.output}"}, tools={"say": SAY, "whole": WHOLE}, **keys)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "calls"


def cached(result: Any) -> list[str]:
    return [name for name, node in result.nodes.items() if node.cached]


def test_what_did_not_change_is_not_done_again(write_flow: Any, here: Path) -> None:
    folder = flow_of(write_flow)
    first = load_flow(folder).run_result(cache=True)
    second = load_flow(folder).run_result(cache=True)
    assert cached(first) == []
    assert cached(second) == ["a", "b", "c"]
    assert second.outputs == first.outputs == {"o": "QQ!"}
    assert here.read_text() == "Q"


def test_nothing_is_reused_unless_asked(write_flow: Any, here: Path) -> None:
    folder = flow_of(write_flow)
    for _ in range(2):
        assert cached(load_flow(folder).run_result()) == []
    assert here.read_text() == "QQ"
    assert not (folder / ".flowloom").exists()


def test_a_node_may_ask_for_itself(write_flow: Any) -> None:
    folder = write_flow({"a": {"use": "echo x=1", "enable_cache": True}, "b": "echo x=${a.output}"})
    load_flow(folder).run_result()
    assert cached(load_flow(folder).run_result()) == ["a"]


def test_a_change_of_input_or_code_runs_what_it_touches(write_flow: Any) -> None:
    folder = flow_of(write_flow)
    load_flow(folder).run_result(cache=True)
    assert cached(load_flow(folder).run_result({"q": "other"}, cache=True)) == []
    (folder / "whole.py").write_text((folder / "whole.py").read_text().replace("'!'", "'?'"))
    result = load_flow(folder).run_result(cache=True)
    assert result.outputs == {"o": "QQ?"}
    assert cached(result) == ["a", "b"]


def test_a_helper_file_counts_as_code(write_flow: Any) -> None:
    folder = write_flow(
        {"a": "helped"},
        outputs={"o": "${a.output}"},
        tools={"helped": "import helper\n@tool\ndef helped(): return helper.VALUE"},
        files={"helper.py": "VALUE = 1"},
    )
    assert load_flow(folder).run_result(cache=True).outputs == {"o": 1}
    (folder / "helper.py").write_text("VALUE = 2")
    assert load_flow(folder).run_result(cache=True).outputs == {"o": 2}


async def test_logs_and_metrics_happen_again(write_flow: Any) -> None:
    flow = load_flow(flow_of(write_flow))
    notes = []
    for _ in range(2):
        async with flow.stream_run(cache=True, echo=False) as events:
            notes.append([event async for event in events if isinstance(event, Metric) or (isinstance(event, Log) and event.stream == "stdout")])
    assert notes[0] == notes[1] == [Log("a", "saying Q", "info", "stdout"), Metric("a", "said", 1)]


async def test_it_is_said_why_a_node_runs(write_flow: Any) -> None:
    flow = load_flow(flow_of(write_flow))
    flow.run_result(cache=True, echo=False)
    async with flow.stream_run({"q": "R"}, cache=True, echo=False) as events:
        said = [event.text async for event in events if isinstance(event, Log) and event.level == "debug"]
    assert said[0] == "'a' runs: its input 'x' changed."


async def test_it_is_said_what_cannot_be_kept(write_flow: Any) -> None:
    flow = load_flow(write_flow({"a": "thing", "b": "kinds x=${a.output}"}))
    async with flow.stream_run(cache=True) as events:
        said = " ".join([event.text async for event in events if isinstance(event, Log)])
    assert "The output of 'a' was not kept for later runs: it holds a" in said
    assert "'b' cannot be taken from earlier runs: its input 'x' cannot be told from another" in said


def test_a_stream_that_was_not_read_to_its_end_is_not_kept(write_flow: Any) -> None:
    flow = load_flow(write_flow({"a": "forever", "b": "first x=${a.output}"}))
    flow.run_result(cache=True)
    assert cached(flow.run_result(cache=True)) == []


def test_failures_are_not_kept(write_flow: Any) -> None:
    flow = load_flow(write_flow({"a": "fail"}))
    for _ in range(2):
        result = flow.run_result(cache=True)
        assert (result.nodes["a"].status, result.nodes["a"].cached) == ("failed", False)


def test_the_plan_foresees_it(write_flow: Any) -> None:
    flow = load_flow(flow_of(write_flow))
    assert [step.action for step in flow.plan(cache=True).steps] == ["run", "run", "run"]
    assert flow.plan(cache=True).steps[0].why == "it has not run before."
    flow.run_result(cache=True)
    assert [step.action for step in flow.plan(cache=True).steps] == ["reuse", "reuse", "reuse"]
    changed = flow.plan(cache=True, inputs={"q": "R"}).steps
    assert [step.action for step in changed] == ["run", "run", "run"]
    assert changed[1].why == "'a' runs, which it depends on."


def test_one_node_alone_on_what_earlier_runs_gave(write_flow: Any, here: Path) -> None:
    flow = load_flow(flow_of(write_flow))
    flow.run_result(cache=True)
    result = flow.run_result(node="c", only=True, cache=True)
    assert result.nodes["c"].output == "QQ!"
    assert result.nodes["c"].cached is False
    assert here.read_text() == "Q"
