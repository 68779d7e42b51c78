"""Loading and running a flow from Python."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.api import chosen_variants
from flowloom.flows.errors import InputError, InvalidFlow, ToolError, UsageError

ECHO = {"nodes": {"a": "echo x=${inputs.q}"}, "inputs": {"q": "default"}, "outputs": {"o": "${a.output}"}}
MARK = "open('executed', 'w').close()\n@tool\ndef mark(): return 1"


def test_run_gives_outputs_and_raises_the_runs_error(write_flow: Any) -> None:
    with load_flow(write_flow(**ECHO)) as flow:
        assert flow.run() == {"o": "default"}
        assert flow.run(q="given") == {"o": "given"}
    with load_flow(write_flow({"a": "fail"}, folder="failing")) as flow:
        assert flow.run_result().status == "failed"
        with pytest.raises(ToolError, match="boom") as caught:
            flow.run()
    assert caught.value.node == "a"
    wants = write_flow({"a": "echo x=${inputs.n}"}, inputs={"n": {"type": "int"}}, folder="wants")
    for given in ({}, {"n": "no number"}):
        with load_flow(wants) as flow, pytest.raises(InputError, match="'n'"):
            flow.run(**given)


async def test_everywhere_a_run_may_be_called(write_flow: Any) -> None:
    with load_flow(write_flow(**ECHO)) as flow:
        assert flow.run(q="in a loop") == {"o": "in a loop"}
        assert await flow.arun(q="awaited") == {"o": "awaited"}
        results = await asyncio.gather(*(flow.arun(q=str(number)) for number in range(20)))
        assert results == [{"o": str(number)} for number in range(20)]
        found: list[Any] = []
        threads = [threading.Thread(target=lambda n=n: found.append(flow.run(q=str(n))["o"])) for n in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == list("01234")


def test_opening_checking_and_planning_execute_nothing(write_flow: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    root = write_flow({"a": "mark"}, tools={"mark": MARK})
    with load_flow(root) as flow:
        assert flow.validate() == []
        assert flow.plan().names == ("a",)
        assert "a" in flow.flow.nodes
        assert not (tmp_path / "executed").exists()
        flow.prepare()
        assert (tmp_path / "executed").exists()


def test_unsaved_text_is_what_runs(write_flow: Any) -> None:
    root = write_flow(**ECHO)
    tool = "from promptflow.core import tool\n@tool\ndef echo(x): return 'unsaved ' + x"
    with load_flow(root, overlay={"echo.py": tool}) as flow:
        assert flow.run(q="text") == {"o": "unsaved text"}
    with load_flow(root) as flow:
        assert flow.run(q="text") == {"o": "text"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (None, {}),
        ({"a": "v"}, {"a": "v"}),
        ("${a.v}", {"a": "v"}),
        (" ${ a . v } , ${b.w}", {"a": "v", "b": "w"}),
        ("a.v", None),
        ("${a}", None),
        ("", None),
        ("${a.v} and more", None),
    ],
)
def test_variants_are_chosen_by_mapping_or_text(written: Any, meant: dict[str, str] | None) -> None:
    if meant is None:
        with pytest.raises(UsageError, match="variant"):
            chosen_variants(written)
    else:
        assert dict(chosen_variants(written)) == meant


def test_a_variant_takes_the_nodes_place(write_flow: Any) -> None:
    def body(value: str) -> dict[str, Any]:
        return {"node": {"type": "python", "source": {"type": "code", "path": "echo.py"}, "inputs": {"x": value}}}

    root = write_flow(
        {"a": {"use": "echo", "use_variants": True}},
        outputs={"o": "${a.output}"},
        node_variants={"a": {"default_variant_id": "one", "variants": {"one": body("first"), "two": body("second")}}},
    )
    assert load_flow(root).run() == {"o": "first"}
    assert load_flow(root, variant="${a.two}").run() == {"o": "second"}
    assert load_flow(root, variant={"a": "two"}).run() == {"o": "second"}
    with pytest.raises((InvalidFlow, UsageError), match="three"):
        load_flow(root, variant="${a.three}").run()


def test_a_flow_with_problems_says_them_all_at_once(write_flow: Any, tmp_path: Path) -> None:
    root = write_flow({"a": "echo x=${gone.output}", "b": "echo x=${lost.output}", "c": "echo x=1"}, outputs={"o": "${c.output}"})
    with load_flow(root) as flow:
        with pytest.raises(InvalidFlow, match="gone") as caught:
            flow.run()
        assert {problem.node for problem in caught.value.problems} >= {"a", "b"}
        assert caught.value.line
        assert flow.run_result(node="c").status == "completed"
    with pytest.raises(UsageError, match="nowhere"):
        load_flow(tmp_path / "nowhere")


def test_wishes_that_fit_no_node(write_flow: Any) -> None:
    with load_flow(write_flow(**ECHO)) as flow:
        for options in ({"node": "nosuch"}, {"only": True}, {"given": {"nosuch": 1}}):
            with pytest.raises(UsageError):
                flow.run_result(**options)


def test_pins_are_used_only_where_asked_and_unknown_ones_never(write_flow: Any) -> None:
    root = write_flow({"a": "fail", "b": "echo x=${a.output}"}, outputs={"o": "${b.output}"})
    pins = {"version": 1, "pins": {"a": {"output": "pinned"}, "gone": {"output": 1}}}
    (root / "flow.pins.json").write_text(json.dumps(pins))
    with load_flow(root) as flow:
        assert flow.run_result().status == "failed"
        assert flow.run_result(pins=True).outputs == {"o": "pinned"}


def test_a_connections_file_may_be_named(write_flow: Any, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("mine: {type: custom, configs: {url: there}, secrets: {key: 0123456789}}\n")
    ask = "from promptflow.connections import CustomConnection\n@tool\ndef ask(c: CustomConnection): return c.url"
    root = write_flow({"a": "ask c=mine"}, outputs={"o": "${a.output}"}, tools={"ask": ask})
    assert load_flow(root, connections=tmp_path / "c.yaml").run() == {"o": "there"}
    result = load_flow(root).run_result()
    assert (result.error.kind if result.error else None, result.nodes) == ("connection", {})


def test_a_flow_that_is_forgotten_cleans_up(write_flow: Any) -> None:
    (write_flow({}, folder="beside") / "more.txt").write_text("more")
    flow = load_flow(write_flow(**ECHO, additional_includes=["../beside/more.txt"]))
    flow.run()
    copy = Path(flow.working_folder())
    assert copy.is_dir()
    del flow
    gc.collect()
    assert not copy.exists()


def test_it_runs_again_after_it_was_closed(write_flow: Any) -> None:
    flow = load_flow(write_flow(**ECHO))
    assert flow.run() == {"o": "default"}
    flow.close()
    flow.close()
    assert flow.run() == {"o": "default"}
    flow.close()


def test_a_program_that_ends_with_a_flow_open_says_nothing(write_flow: Any) -> None:
    script = "import sys\nfrom flowloom.flows import load_flow\nflow = load_flow(sys.argv[1])\nprint(flow.run())"
    done = subprocess.run([sys.executable, "-c", script, str(write_flow(**ECHO))], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("{'o': 'default'}\n", "")


async def test_a_keyword_the_flow_has_no_input_for_is_a_slip(write_flow: Any) -> None:
    with load_flow(write_flow(**ECHO)) as flow:
        for call in (lambda: flow.run(k="x"), lambda: flow.stream(k="x")):
            with pytest.raises(InputError, match="no input 'k'"):
                call()
        with pytest.raises(InputError, match="no input 'k'"):
            await flow.arun(k="x")
        assert flow.run_result({"k": "x"}).outputs == {"o": "default"}


def test_a_watcher_sees_every_event_the_moment_it_happens(write_flow: Any) -> None:
    root = write_flow({"a": "echo x=1", "b": "echo x=${a.output}"}, outputs={"out": "${b.output}"})
    seen: list[str] = []
    with load_flow(root) as flow:
        result = flow.run_result(watch=lambda event: seen.append(f"{event.type} {getattr(event, 'node', None)}"))
    assert result.status == "completed"
    assert seen == [
        "run_started None", "node_started a", "node_finished a", "node_started b", "node_finished b", "run_finished None",
    ]  # fmt: skip
