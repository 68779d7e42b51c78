"""Every rule of the format at work: our results against what each case expects, and the cases against prompt flow's own results."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer


def beside(name: str) -> ModuleType:
    """A module of this folder."""
    spec = importlib.util.spec_from_file_location(f"format_{name}", Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


judge = beside("judge")
RULES: dict[str, str] = {
    name: words
    for rules in yaml.safe_load((Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8")).values()
    for name, words in rules.items()
}
CASES: list[Any] = judge.cases()
RUN = "import sys; from flowloom.flows.cli.main import main; sys.exit(main(sys.argv[1:]))"
ONE_RUN = [case for case in CASES if not case.settings.get("real_process")]
OWN_PROCESS = [case for case in CASES if case.settings.get("real_process")]


# The table


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    shown = {case.rule for case in CASES}
    assert sorted(RULES.keys() - shown) == [], "rules without a folder"
    assert sorted(shown - RULES.keys()) == [], "folders without a rule"


def test_every_rule_is_a_sentence() -> None:
    assert [name for name, words in RULES.items() if len(words) < 15 or words[-1] not in ".;"] == []


def test_a_third_of_the_cases_fail_and_say_how() -> None:
    failing = [case for case in CASES if case.fails]
    assert len(failing) >= len(CASES) / 3
    for case in failing:
        assert case.expected["error"].keys() >= {"kind", "node", "hint", "message"}, case.name


# The cases against prompt flow


@pytest.mark.parametrize("case", [case for case in CASES if case.reference], ids=lambda case: case.name)
def test_case_expects_what_prompt_flow_gives(case: Any) -> None:
    """Only a case that says why may expect something else, and then it must."""
    expected, reference = case.expected, case.reference
    agrees = all(
        judge.same(expected[key], plain_reference(reference, key))
        for key in ("status", "outputs", "nodes", "metrics", "requests", "rows")
        if key in expected and (key in reference or key == "rows")
    )
    assert agrees != bool(expected.get("differs")), f"{case.name}: prompt flow gives {reference}"


def plain_reference(reference: dict[str, Any], key: str) -> Any:
    if key == "nodes":
        return {name: {"status": node["status"], "output": node["output"]} for name, node in reference["nodes"].items()}
    if key == "rows":
        return [{"status": row["status"], "outputs": row["outputs"]} for row in reference.get("rows", [])]
    return reference[key]


def test_cases_without_a_reference_are_ours_alone() -> None:
    """A case is either recorded with prompt flow or says that it cannot be."""
    assert [case.name for case in CASES if not case.reference and case.settings.get("reference") is not False] == []


# Our results against the cases


@pytest.fixture
def variables(openai_server: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The stand-in's addresses, in an environment without anybody's keys. Variables that a flow sets go again."""
    for name in [name for name in os.environ if name.startswith(("OPENAI_", "AZURE_OPENAI_"))]:
        monkeypatch.delenv(name)
    before = dict(os.environ)
    yield {"FLOWLOOM_TEST_URL": openai_server.base_url, "FLOWLOOM_TEST_ADDRESS": openai_server.address}
    os.environ.clear()
    os.environ.update(before)


def instruct(server: DemoServer, case: Any) -> None:
    for rule in reversed(case.server_rules or []):
        server.rules.add(rule)
    if "faults" in case.settings:
        server.schedule(*case.settings["faults"])


def requests(server: DemoServer) -> list[dict[str, Any]]:
    return [{"path": attempt.path, "body": judge.said_to_model(attempt.body)} for attempt in server.ledger.attempts()]


@pytest.mark.parametrize("case", ONE_RUN, ids=lambda case: case.name)
def test_case(
    case: Any,
    tmp_path: Path,
    variables: dict[str, str],
    openai_server: DemoServer,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    from flowloom.flows.cli.main import main

    instruct(openai_server, case)
    copy = judge.lay_out(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    os.environ.update(judge.environment(case, variables))
    code = main(judge.arguments(case, tmp_path, copy))
    stdout, stderr = capfd.readouterr()
    outcome = judge.Outcome(code, json.loads(stdout), stderr, requests(openai_server))
    assert judge.faults(case, outcome, copy) == []
    for name, value in case.expected.get("model", {}).items():
        from flowloom.flows import load_flow

        assert getattr(load_flow(copy).flow, name) == value


@pytest.mark.parametrize("case", OWN_PROCESS, ids=lambda case: case.name)
def test_case_in_a_process_of_its_own(
    case: Any, tmp_path: Path, variables: dict[str, str], openai_server: DemoServer
) -> None:
    instruct(openai_server, case)
    copy = judge.lay_out(case, tmp_path)
    extra = {"PYTHONPATH": str(copy.parent / "case" / case.settings["site"])} if "site" in case.settings else {}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *judge.arguments(case, tmp_path, copy)],
        cwd=tmp_path,
        env={**os.environ, **judge.environment(case, variables), **extra},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    outcome = judge.Outcome(done.returncode, json.loads(done.stdout), done.stderr, requests(openai_server))
    assert judge.faults(case, outcome, copy) == []


# What is written back


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_flow_that_is_read_and_saved_keeps_its_bytes(case: Any, tmp_path: Path) -> None:
    from flowloom.flows.document import read
    from flowloom.flows.document.save import save
    from flowloom.flows.errors import DocumentError, UsageError
    from flowloom.flows.model.edits import folder_texts

    copy = judge.lay_out(case, tmp_path)
    try:
        file = read(copy / case.settings.get("path", "."))
    except (DocumentError, UsageError):
        assert case.fails
        return
    texts = folder_texts(file)
    for name, text in texts.items():
        assert (file.root / name).read_bytes() == text.encode()
    assert save(file.root, texts) == ()


@pytest.mark.parametrize("case", [case for case in CASES if (case.folder / "edits.json").exists()], ids=lambda case: case.name)
def test_edits(case: Any, tmp_path: Path) -> None:
    from flowloom.flows.document import read
    from flowloom.flows.errors import UsageError
    from flowloom.flows.model import edits

    before = edits.folder_texts(read(judge.lay_out(case, tmp_path)))
    made = [getattr(edits, name)(**{key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}) for name, given in judge.read_json(case.folder / "edits.json")]
    if case.settings.get("edit_refused"):
        with pytest.raises(UsageError):
            edits.apply(before, made[0])
    files, inverses = before, []
    for edit in made if not case.settings.get("edit_refused") else []:
        files, inverse = edits.apply(files, edit)
        inverses.append(inverse)
    after = {name: (case.folder / "after" / name).read_bytes().decode() for name in os.listdir(case.folder / "after")}
    assert files == {**before, **after}
    for inverse in reversed(inverses):
        files, _ = edits.apply(files, inverse)
    assert files == before
