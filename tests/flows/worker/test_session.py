"""Runs of a worker, one after another, as a person works: edit, run, look, run on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flowloom.flows.engine.events import Log, NodeDelta, NodeFinished, NodeStarted, RunFinished
from flowloom.flows.errors import InvalidFlow, ToolError, Untrusted
from flowloom.flows.worker.protocol import WorkerState
from flowloom.flows.worker.values import Blob, Shown
from tests.flows.worker.conftest import Watched

WHO = "import os\n@tool\ndef who(x=None): return [os.getpid(), x, os.getcwd()]"


def finished_of(events: list[Any]) -> dict[str, NodeFinished]:
    return {event.node: event for event in events if isinstance(event, NodeFinished)}


def test_a_run_gives_its_events_and_outputs(worker: Watched, write_flow: Callable[..., Path]) -> None:
    root = write_flow({"a": "echo x=${inputs.q}", "b": "letters x=${a.output}"}, inputs={"q": "abc"}, outputs={"o": "${b.output}"})
    finished, events = worker.do(root, inputs={"q": "xyz"}, run_id="mine")
    assert (finished.status, dict(finished.outputs), finished.run_id) == ("completed", {"o": "xyz"}, "mine")
    assert "".join(event.chunk for event in events if isinstance(event, NodeDelta)) == "xyz"
    assert events[-1] is finished


def test_what_runs_is_what_the_screen_shows_and_nothing_is_saved(worker: Watched, write_flow: Callable[..., Path]) -> None:
    root = write_flow({"a": "greet"}, tools={"greet": "@tool\ndef greet(): return 'on disk'"}, outputs={"o": "${a.output}"})
    before = {path: path.read_bytes() for path in root.iterdir()}
    text = (root / "greet.py").read_text()
    assert dict(worker.do(root)[0].outputs) == {"o": "on disk"}
    unsaved = {"greet.py": text.replace("on disk", "on the screen")}
    assert dict(worker.do(root, overlay=unsaved)[0].outputs) == {"o": "on the screen"}
    assert {path: path.read_bytes() for path in root.iterdir() if path.is_file()} == before


def test_code_that_did_not_change_stays_imported_and_changed_code_gets_a_fresh_process(worker: Watched, write_flow: Callable[..., Path]) -> None:
    root = write_flow({"a": "who x=${inputs.q}"}, inputs={"q": "1"}, tools={"who": WHO}, outputs={"o": "${a.output}"})
    first, again, other_input = worker.do(root)[0], worker.do(root)[0], worker.do(root, inputs={"q": "2"})[0]
    pid = first.outputs["o"][0]
    assert (again.outputs["o"][0], other_input.outputs["o"][:2]) == (pid, [pid, "2"])
    assert Path(first.outputs["o"][2]) == root.resolve()
    changed = worker.do(root, overlay={"who.py": (root / "who.py").read_text().replace("x,", "'changed',")})[0]
    assert changed.outputs["o"][0] != pid
    assert changed.outputs["o"][1] == "changed"
    assert worker.states.count(WorkerState.STARTING) == 2
    (root / "notes.txt").write_text("of no interest to code")
    assert worker.do(root, overlay={"who.py": (root / "who.py").read_text().replace("x,", "'changed',")})[0].outputs == changed.outputs


def test_reuse_takes_what_did_not_change(worker: Watched, write_flow: Callable[..., Path]) -> None:
    root = write_flow({"a": "echo x=${inputs.q}", "b": "echo x=${a.output}"}, inputs={"q": "1"}, outputs={"o": "${b.output}"})
    worker.do(root, reuse=True)
    assert [node.cached for node in finished_of(worker.do(root, reuse=True)[1]).values()] == [True, True]
    assert [node.cached for node in finished_of(worker.do(root)[1]).values()] == [False, False]


def test_to_here_and_only_this_and_given_outputs(worker: Watched, write_flow: Callable[..., Path]) -> None:
    root = write_flow({"a": "echo x=1", "b": "echo x=${a.output}", "c": "echo x=${b.output}"}, outputs={"o": "${c.output}"})
    assert set(finished_of(worker.do(root, node="b")[1])) == {"a", "b"}
    only = finished_of(worker.do(root, node="b", only=True, given={"a": (1, b"2")})[1])
    assert only["b"].output == (1, b"2")
    started = [event.node for event in worker.do(root, given={"a": 7})[1] if isinstance(event, NodeStarted)]
    assert started == ["b", "c"]


def test_what_cannot_be_given_again_runs_again_and_says_so(worker: Watched, write_flow: Callable[..., Path]) -> None:
    tools = {"odd": "class Odd:\n    def __repr__(self): return 'odd'\n@tool\ndef odd(): return Odd()", "big": "@tool\ndef big(): return 'x' * 2_000_000"}
    root = write_flow({"a": "odd", "b": "big", "c": "both x=${b.output}"}, tools=tools, outputs={"o": "${b.output}"})
    outputs = {name: event.output for name, event in finished_of(worker.do(root)[1]).items()}
    assert isinstance(outputs["a"], Shown)
    assert isinstance(outputs["b"], Blob)
    finished, events = worker.do(root, given={"a": outputs["a"], "b": outputs["b"]})
    assert finished.status == "completed"
    assert sorted(event.node for event in events if isinstance(event, NodeStarted)) == ["a", "c"]
    assert any(event.node == "a" and "runs again" in event.text for event in events if isinstance(event, Log))
    assert finished.outputs["o"].read() == "x" * 2_000_000


def test_connections_come_with_the_request_and_their_secrets_do_not_come_back(worker: Watched, write_flow: Callable[..., Path]) -> None:
    tools = {
        "key": "from promptflow.connections import CustomConnection\n@tool\ndef key(c: CustomConnection):\n"
        "    print('key', c.secrets['k'])\n    import os\n    os.write(1, c.secrets['k'].encode())\n    return {'k': c.secrets['k'], 'n': c.configs['n']}"
    }
    root = write_flow({"a": "key c=mine", "b": "fail"}, tools=tools, outputs={"o": "${a.output}"})
    connections = {"mine": {"type": "custom", "secrets": {"k": "s3cret-value-1"}, "configs": {"n": "7"}}}
    finished, events = worker.do(root, connections=connections, node="a")
    assert finished.status == "completed"
    shown = finished_of(events)["a"].output
    assert shown.value == {"k": "***", "n": "7"}
    assert "s3cret" not in repr(events)
    assert any("***" in event.text for event in events if isinstance(event, Log))
    assert worker.log == "***"


def test_faults_come_back_as_they_are(worker: Watched, write_flow: Callable[..., Path]) -> None:
    failed, events = worker.do(write_flow({"a": "fail"}, outputs={"o": "${a.output}"}))
    assert isinstance(failed.error, ToolError)
    assert (failed.error.node, failed.error.where) == ("a", "fail.py:4")
    broken = worker.do(write_flow({"a": "echo x=${nobody.output}"}, folder="broken", outputs={"o": "${a.output}"}))[0]
    assert isinstance(broken.error, InvalidFlow)
    missing, events = worker.do(Path("/nowhere/at/all"))
    assert [event.type for event in events] == ["run_started", "run_finished"]
    assert missing.error is not None
    assert worker.states.count(WorkerState.STARTING) == 1, "faults of a flow cost no worker"


def test_environment_variants_and_init_reach_the_run(worker: Watched, write_flow: Callable[..., Path]) -> None:
    tools = {"env": "import os\n@tool\ndef env(): return os.environ.get('FLAVOUR', 'none')"}
    root = write_flow({"a": "env"}, tools=tools, outputs={"o": "${a.output}"})
    assert dict(worker.do(root, environment={"FLAVOUR": "mint"})[0].outputs) == {"o": "mint"}
    assert dict(worker.do(root)[0].outputs) == {"o": "none"}


def test_prints_of_imports_are_heard_as_the_runs_log(worker: Watched, write_flow: Callable[..., Path]) -> None:
    root = write_flow({"a": "loud"}, tools={"loud": "print('imported')\n@tool\ndef loud():\n    print('called')\n    return 1"}, outputs={"o": "${a.output}"})
    logs = [(event.node, event.text) for event in worker.do(root)[1] if isinstance(event, Log)]
    assert logs == [(None, "imported"), ("a", "called")]
    assert "imported" in worker.log


def test_exactly_the_bytes_that_were_trusted_run(worker: Watched, write_flow: Callable[..., Path]) -> None:
    from flowloom.flows.document import read
    from flowloom.flows.document.trust import run_hash

    root = write_flow({"a": "who"}, tools={"who": WHO}, outputs={"o": "${a.output}"})
    trust = run_hash(read(root))
    first = worker.do(root, trust=trust)[0]
    assert worker.do(root, trust=trust)[0].outputs == first.outputs, "the flow stays at hand"
    assert isinstance(worker.do(root, trust="0" * 64)[0].error, Untrusted)
    (root / "who.py").write_text("1 / 0\n")
    assert isinstance(worker.do(root, trust=trust)[0].error, Untrusted)


def test_each_model_call_is_shown_whole(worker: Watched, write_flow: Callable[..., Path], openai_server: Any) -> None:
    keys = {"type": "open_ai", "api_key": "s3cret-value-1", "base_url": openai_server.base_url}
    ask = {"use": "ask.jinja2 q=hello", "type": "llm", "connection": "mine", "api": "chat"}
    root = write_flow({"a": ask}, files={"ask.jinja2": "user:\n{{q}}\n"}, outputs={"o": "${a.output}"})
    text = (root / "flow.dag.yaml").read_text().replace("q: hello", "q: hello\n    model: gpt-4o")
    (root / "flow.dag.yaml").write_text(text)
    finished, events = worker.do(root, connections={"mine": keys})
    assert finished.status == "completed", finished.error
    exchange = next(event for event in events if event.type == "exchange")
    assert exchange.request["messages"] == [{"role": "user", "content": "hello"}]
    assert "s3cret" not in repr(events)
    assert isinstance(events[-1], RunFinished)
