"""Runs of an open flow in its real worker, as a person starts them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flowloom.flows.model.edits import AddVariant, Group, SetPin, SetText
from flowloom.flows.runs.history import RunHistory
from flowloom.studio.run.run_view import view_of
from flowloom.studio.run.runner import Ask, Runner


def _states(view: Any) -> dict[str, str]:
    return {name: "cached" if node.cached else node.status for name, node in view.nodes.items()}


def test_a_run_gives_outputs_and_says_what_went_into_each_node(open_flow: Callable, letters: Path, run_to_end: Callable) -> None:
    view = run_to_end(open_flow(letters), inputs={"text": "ab"})
    assert (view.status, view.outputs) == ("completed", {"result": "ABAB"})
    assert view.nodes["repeat"].inputs == {"text": "AB", "times": 2}


def test_what_runs_is_what_the_screen_shows_and_nothing_is_saved_by_running(
    open_flow: Callable, letters: Path, run_to_end: Callable
) -> None:
    workspace = open_flow(letters)
    before = (letters / "loud.py").read_text()
    workspace.document.apply(SetText("loud.py", before.replace("upper", "title")))
    assert run_to_end(workspace, inputs={"text": "ab"}).outputs == {"result": "AbAb"}
    assert (letters / "loud.py").read_text() == before


def test_only_what_changed_runs_again_and_the_reasons_are_told(open_flow: Callable, letters: Path, run_to_end: Callable) -> None:
    workspace = open_flow(letters)
    run_to_end(workspace, inputs={"text": "ab", "times": 2})
    view = run_to_end(workspace, inputs={"text": "ab", "times": 3})
    assert _states(view) == {"loud": "cached", "repeat": "completed"}
    assert view.nodes["loud"].why == "nothing upstream changed"
    assert view.nodes["repeat"].why == "the input times changed"
    code = workspace.document.text("loud.py")
    workspace.document.apply(SetText("loud.py", code.replace("upper", "lower")))
    view = run_to_end(workspace, inputs={"text": "ab", "times": 3})
    assert view.nodes["loud"].why == "its text or code changed"
    assert view.outputs == {"result": "ababab"}


def test_running_again_when_nothing_changed_runs_all_afresh(open_flow: Callable, letters: Path, run_to_end: Callable) -> None:
    workspace = open_flow(letters)
    run_to_end(workspace, inputs={"text": "ab"})
    second = run_to_end(workspace, inputs={"text": "ab"})
    assert _states(second) == {"loud": "completed", "repeat": "completed"}
    assert second.nodes["loud"].why == "you ran it again though nothing had changed"
    afresh = run_to_end(workspace, inputs={"text": "ab"}, reuse=False)
    assert afresh.nodes["loud"].why == "you asked to run all afresh"


def test_a_run_to_a_node_leaves_the_rest_alone_and_one_alone_takes_what_is_there(
    open_flow: Callable, letters: Path, run_to_end: Callable
) -> None:
    workspace = open_flow(letters)
    assert _states(run_to_end(workspace, inputs={"text": "ab"}, node="loud")) == {"loud": "completed"}
    view = run_to_end(workspace, inputs={"text": "ab", "times": 1}, node="repeat", only=True)
    assert view.nodes["repeat"].output == "AB"


def test_inputs_that_are_missing_are_asked_for_before_anything_runs(open_flow: Callable, letters: Path) -> None:
    workspace = open_flow(letters)
    runner: Runner = workspace.page.parts["runner"]
    asked: list[list[str]] = []
    runner.inputs_needed.connect(asked.append)
    assert not runner.run(Ask(inputs={}))
    assert (asked, runner.view) == ([["text"]], None)


def test_a_restricted_folder_runs_nothing_and_says_so(open_flow: Callable, letters: Path) -> None:
    workspace = open_flow(letters, trusted=False)
    runner: Runner = workspace.page.parts["runner"]
    refused: list[Any] = []
    runner.refused.connect(refused.append)
    assert not runner.run(Ask(inputs={"text": "ab"}))
    assert "not trusted" in refused[0].message
    assert runner.link.trusted is False


def test_a_failed_run_names_its_node_and_goes_on_from_there_once_it_is_mended(
    open_flow: Callable, letters: Path, run_to_end: Callable, wait: Callable
) -> None:
    workspace = open_flow(letters)
    runner: Runner = workspace.page.parts["runner"]
    code = workspace.document.text("repeat.py")
    counting = "import pathlib\npathlib.Path(__file__).with_name('ran').open('a').write('x')\n"
    loud = workspace.document.text("loud.py").replace("    return", f"    {counting.splitlines()[0]}\n    {counting.splitlines()[1]}\n    return")
    workspace.document.apply(SetText("loud.py", loud))
    workspace.document.apply(SetText("repeat.py", code.replace("return text * times", "raise ValueError('no')")))
    view = run_to_end(workspace, inputs={"text": "ab"}, reuse=False)
    assert (view.status, view.failed.name) == ("failed", "repeat")
    fault = runner.fault_of("repeat")
    assert fault is not None
    assert "ValueError: no" in fault.message
    workspace.document.apply(SetText("repeat.py", code))
    assert runner.continue_failed()
    wait(lambda: not runner.running, 30)
    assert runner.last is not None
    assert runner.last.outputs == {"result": "ABAB"}
    assert (letters / "ran").read_text() == "x"
    assert runner.last.nodes["loud"].why == "from the run that is continued"


def test_stopping_ends_the_run_within_two_seconds_and_the_next_one_works(
    open_flow: Callable, letters: Path, run_to_end: Callable, wait: Callable
) -> None:
    workspace = open_flow(letters)
    runner: Runner = workspace.page.parts["runner"]
    code = workspace.document.text("loud.py")
    endless = code.replace("    return text.upper()", "    while True:\n        pass")
    workspace.document.apply(SetText("loud.py", endless))
    runner.run(Ask(inputs={"text": "ab"}))
    wait(lambda: runner.last is not None and "loud" in runner.last.nodes and runner.last.nodes["loud"].status == "running", 30)
    runner.stop()
    wait(lambda: not runner.running, 2.5)
    assert runner.last is not None
    assert runner.last.status == "cancelled"
    workspace.document.apply(SetText("loud.py", code))
    assert run_to_end(workspace, inputs={"text": "ab"}).status == "completed"


def test_a_pinned_output_stands_in_for_its_node(open_flow: Callable, letters: Path, run_to_end: Callable) -> None:
    workspace = open_flow(letters)
    workspace.document.apply(SetPin("loud", "pinned "))
    view = run_to_end(workspace, inputs={"text": "ab"})
    assert view.outputs == {"result": "pinned pinned "}
    assert view.nodes["loud"].why == "its output is pinned"


def test_every_run_is_kept_and_opens_again_as_it_was(open_flow: Callable, letters: Path, run_to_end: Callable, wait: Callable) -> None:
    workspace = open_flow(letters)
    view = run_to_end(workspace, inputs={"text": "ab"})
    history = RunHistory(letters)
    wait(lambda: history.list() and history.list()[0].status == "completed", 10)
    again = view_of(history.load(view.run_id))
    assert (again.status, again.outputs, again.inputs, again.live) == ("completed", {"result": "ABAB"}, {"text": "ab", "times": 2}, False)
    assert again.nodes["repeat"].inputs == {"text": "AB", "times": 2}
    runner: Runner = workspace.page.parts["runner"]
    runner.show(again)
    assert workspace.page.scene.run is again
    assert runner.rerun(again)
    wait(lambda: not runner.running, 30)
    assert runner.last is not None
    assert runner.last.outputs == {"result": "ABAB"}


def test_the_line_about_what_leaves_follows_the_flow(open_flow: Callable, letters: Path, wait: Callable) -> None:
    workspace = open_flow(letters)
    runner: Runner = workspace.page.parts["runner"]
    told: list[str] = []
    runner.privacy_changed.connect(lambda: told.append(runner.privacy.sentence))
    assert runner.privacy.nothing
    workspace.document.apply(SetText("loud.py", "import requests\n" + workspace.document.text("loud.py")))
    wait(lambda: told, 5)
    assert told[-1] == "loud.py may send data out"


def test_a_flow_that_is_one_program_runs_too(open_flow: Callable, tmp_path: Path, run_to_end: Callable) -> None:
    root = tmp_path / "flex"
    root.mkdir()
    (root / "flow.flex.yaml").write_text("entry: program:shout\n")
    (root / "program.py").write_text("def shout(text: str, times: int = 2) -> dict:\n    return {'loud': text.upper() * times}\n")
    workspace = open_flow(root)
    runner: Runner = workspace.page.parts["runner"]
    assert runner.missing({}) == ["text"]
    view = run_to_end(workspace, inputs={"text": "ab"})
    assert (view.status, view.outputs) == ("completed", {"loud": "ABAB"}), view.error


def test_a_failed_run_out_of_the_records_goes_on_too(open_flow: Callable, letters: Path, run_to_end: Callable, wait: Callable) -> None:
    workspace = open_flow(letters)
    runner: Runner = workspace.page.parts["runner"]
    code = workspace.document.text("repeat.py")
    workspace.document.apply(SetText("repeat.py", code.replace("return text * times", "raise ValueError('no')")))
    failed = run_to_end(workspace, inputs={"text": "ab"})
    wait(lambda: RunHistory(letters).list(status="failed"), 10)
    workspace.document.apply(SetText("repeat.py", code))
    runner.show(view_of(RunHistory(letters).load(failed.run_id)))
    assert runner.continue_failed()
    wait(lambda: not runner.running, 30)
    assert runner.last is not None
    assert runner.last.outputs == {"result": "ABAB"}
    assert runner.last.nodes["loud"].why == "from the run that is continued"
    workspace.document.apply(SetText("loud.py", workspace.document.text("loud.py").replace("upper", "title")))
    runner.show(view_of(RunHistory(letters).load(failed.run_id)))
    assert runner.continue_failed()
    wait(lambda: not runner.running, 30)
    assert runner.last.outputs == {"result": "AbAb"}, "a node that changed since must run again"


def test_the_variant_that_is_looked_at_runs(open_flow: Callable, letters: Path, run_to_end: Callable) -> None:
    workspace = open_flow(letters)
    document = workspace.document
    quiet = SetText("quiet.py", document.text("loud.py").replace("upper", "lower"))
    body = {"type": "python", "source": {"type": "code", "path": "quiet.py"}, "inputs": {"text": "${inputs.text}"}}
    document.apply(Group("Add a variant", (quiet, AddVariant("loud", "quiet", body))))
    assert run_to_end(workspace, inputs={"text": "Ab"}).outputs == {"result": "ABAB"}
    document.choose_variant("loud", "quiet")
    view = run_to_end(workspace, inputs={"text": "Ab"})
    assert view.outputs == {"result": "abab"}
    document.choose_variant("loud", "variant_0")
    assert run_to_end(workspace, inputs={"text": "Ab"}).outputs == {"result": "ABAB"}


def test_values_of_inputs_that_are_gone_and_secrets_are_not_passed_on_or_kept(open_flow: Callable, letters: Path, run_to_end: Callable, wait: Callable) -> None:
    text = (letters / "flow.dag.yaml").read_text().replace("  times:\n    type: int\n    default: 2\n", "  times:\n    type: int\n    default: 2\n  key:\n    type: secret\n    default: none\n")
    (letters / "flow.dag.yaml").write_text(text)
    workspace = open_flow(letters)
    runner: Runner = workspace.page.parts["runner"]
    runner.inputs = {"text": "ab", "gone": 1, "key": "s3cret-value"}
    view = run_to_end(workspace)
    assert (view.status, set(view.inputs)) == ("completed", {"text", "key"}), view.error
    wait(lambda: (letters / ".flowloom" / "inputs.json").is_file())
    assert "s3cret" not in (letters / ".flowloom" / "inputs.json").read_text()
