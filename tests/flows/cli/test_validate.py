from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path


def test_a_sound_flow(cli: Callable, hello: Path) -> None:
    done = cli("validate", hello)
    assert (done.code, done.out) == (0, "Nothing is wrong with this flow.\n")


def test_errors_name_place_and_next_step(cli: Callable, write_flow: Callable[..., Path]) -> None:
    flow = write_flow(
        {
            "flow.dag.yaml": "outputs:\n  a: {type: string, reference: '${nowhere.output}'}\n"
            "nodes:\n- {name: one, type: python, source: {type: code, path: one.py}}\n",
            "one.py": "from promptflow.core import tool\n@tool\ndef one(): pass\n",
        }
    )
    done = cli("validate", flow)
    assert done.code == 2
    assert "error    flow.dag.yaml:2:" in done.out
    assert "nowhere" in done.out
    assert done.out.rstrip().splitlines()[-1] == "1 error."


def test_json_is_one_object(cli: Callable, write_flow: Callable[..., Path]) -> None:
    flow = write_flow({"flow.dag.yaml": "nodes:\n- {name: one, type: python, source: {type: code, path: one.py}}\n"})
    done = cli("validate", flow, "--json")
    answer = json.loads(done.out)
    assert (done.code, answer["valid"]) == (2, False)
    assert {problem["node"] for problem in answer["problems"]} == {"one"}
    assert json.loads(cli("validate", flow.parent / "nowhere", "--json").out)["error"]["kind"] == "usage"


def test_a_file_that_cannot_be_read_is_a_problem_too(cli: Callable, write_flow: Callable[..., Path]) -> None:
    flow = write_flow({"flow.dag.yaml": "nodes:\n- {name: one\n"})
    assert "error    flow.dag.yaml:" in cli("validate", flow).out
    (problem,) = json.loads(cli("validate", flow, "--json").out)["problems"]
    assert (problem["code"], problem["file"]) == ("yaml", "flow.dag.yaml")


def test_warnings_do_not_fail_unless_asked(cli: Callable, write_flow: Callable[..., Path]) -> None:
    flow = write_flow(
        {
            "flow.dag.yaml": "type: chat\ninputs: {q: {type: string}}\nnodes:\n- {name: one, type: prompt, source: {type: code, path: one.jinja2}}\n",
            "one.jinja2": "x",
        }
    )
    done = cli("validate", flow)
    assert done.code == 0
    assert "warning" in done.out
    assert done.out.rstrip().endswith("The flow can run.")
    assert cli("validate", flow, "--strict").code == 2


def test_nothing_of_the_flow_runs(process: Callable, write_flow: Callable[..., Path], tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w')\nfrom promptflow.core import tool\n@tool\ndef one(): pass\n"
    flow = write_flow(
        {
            "flow.dag.yaml": "nodes:\n- {name: one, type: python, source: {type: code, path: one.py}}\n",
            "one.py": trap,
            "sitecustomize.py": trap,
            "promptflow/__init__.py": trap,
        }
    )
    assert process("validate", flow, cwd=flow).code == 0
    assert process("show", flow, cwd=flow).code == 0
    assert not (tmp_path / "sprung").exists()
