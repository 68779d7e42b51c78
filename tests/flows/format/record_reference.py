"""Record what Microsoft Prompt flow makes of each case, as ``promptflow.json`` beside it.

Run with the interpreter of an environment that holds promptflow 1.18.5 and promptflow-tools; the stand-in for a model's service is
started with the interpreter of ours, so that both see the same replies::

    PYTHON_OF_PROMPTFLOW tests/flows/format/record_reference.py --ours PYTHON_OF_FLOWLOOM [CASE ...]

Without names every case is recorded. Each runs in a process of its own on a copy of its folder, through the same code as
``pf flow test`` (``pf run create`` for cases with rows), with connections in a store made for the occasion. A case whose
``run.json`` says ``"reference": false`` has no counterpart there and is skipped.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
import urllib.request
from pathlib import Path
from typing import Any

from judge import said_to_model
from reference_forms import said, settle

HERE = Path(__file__).resolve().parent
CASES = HERE / "cases"
CONNECTION_CLASSES = {
    "open_ai": "OpenAIConnection",
    "azure_open_ai": "AzureOpenAIConnection",
    "serverless": "ServerlessConnection",
    "custom": "CustomConnection",
    "qdrant": "QdrantConnection",
    "cognitive_search": "CognitiveSearchConnection",
    "weaviate": "WeaviateConnection",
    "serp": "SerpConnection",
    "azure_content_safety": "AzureContentSafetyConnection",
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("cases", nargs="*")
    options.add_argument(
        "--ours", default="python3", help="the interpreter that starts the stand-in for a model's service"
    )
    options.add_argument("--verbose", action="store_true")
    given = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="promptflow-home-"))
    prepare_home(home)
    command = [given.ours, "-m", "flowloom.nodes.services.demo_server", "--control"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        os.environ["FLOWLOOM_TEST_ADDRESS"] = address = server.stdout.readline().strip()
        os.environ["FLOWLOOM_TEST_URL"] = f"{address}/v1"
        return record_all(given.cases, given.verbose)
    finally:
        server.terminate()
        shutil.rmtree(home, ignore_errors=True)


def record_all(names: list[str], verbose: bool) -> int:
    import keyring
    import promptflow.executor.flow_executor
    import promptflow.tools.aoai
    import promptflow.tools.openai  # noqa: F401  imported once, before forking
    from filelock import BaseFileLock
    from promptflow.client import PFClient  # noqa: F401

    keyring.set_keyring(memory_keyring())
    # Its locks refuse to be taken in a forked child; here only one child lives at a time.
    BaseFileLock._raise_if_inherited = lambda self: None  # type: ignore[attr-defined,method-assign]
    failed = 0
    for folder in sorted(CASES.iterdir()):
        if not folder.is_dir() or (names and not any(folder.name == n or folder.name.startswith(n) for n in names)):
            continue
        settings = load_json(folder / "run.json", {})
        if settings.get("reference") is False:
            (folder / "promptflow.json").unlink(missing_ok=True)
            continue
        for database in Path(os.environ["PF_HOME_DIRECTORY"]).glob("*.sqlite*"):
            database.unlink()  # no connection of the case before
        script = load_json(folder / "server.json", {})
        ask_server("reset", {})
        ask_server("rules", script.get("rules", []))
        if "faults" in settings:
            ask_server("schedule", {"faults": settings["faults"]})
        result = in_own_process(folder, settings, verbose)
        if result and script:
            result["requests"] = [
                {"path": attempt["path"], "body": said_to_model(attempt["body"])}
                for attempt in ask_server("ledger")["attempts"]
            ]
        if result is None:
            failed += 1
            print(f"{folder.name}: the recorder itself failed")
            continue
        text = json.dumps(result, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        (folder / "promptflow.json").write_text(text, encoding="utf-8")
        print(f"{folder.name}: {result['status']}" + (f" {result['error']['type']}" if result["error"] else ""))
    return 1 if failed else 0


def ask_server(name: str, content: Any = None) -> Any:
    data = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(f"{os.environ['FLOWLOOM_TEST_ADDRESS']}/_demo/{name}", data=data)
    with urllib.request.urlopen(request) as reply:
        return json.loads(reply.read())


def prepare_home(home: Path) -> None:
    """A home for prompt flow with tracing and telemetry off; set before anything of it is imported."""
    os.environ["PF_HOME_DIRECTORY"] = str(home)
    os.environ["PF_DISABLE_TRACING"] = "true"
    # The example of every environment: a variable that is set before the flow, and the keys a shell may hold are not ours.
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT"):
        os.environ.pop(name, None)
    (home / "pf.yaml").write_text("trace:\n  destination: none\ntelemetry:\n  enabled: false\n", encoding="utf-8")


def memory_keyring() -> Any:
    import keyring.backend

    class Memory(keyring.backend.KeyringBackend):
        priority = 1  # type: ignore[assignment]

        def __init__(self) -> None:
            super().__init__()
            self.kept: dict[tuple[str, str], str] = {}

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[(service, username)] = password

        def delete_password(self, service: str, username: str) -> None:
            self.kept.pop((service, username), None)

    return Memory()


def in_own_process(folder: Path, settings: dict[str, Any], verbose: bool) -> dict[str, Any] | None:
    """Fork, run the case on a copy, and read its result back."""
    scratch = Path(tempfile.mkdtemp(prefix="promptflow-case-"))
    answer = scratch / "answer.json"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if not verbose:
                quiet = os.open(os.devnull, os.O_WRONLY)
                os.dup2(quiet, 1)
                os.dup2(quiet, 2)
            answer.write_text(json.dumps(record(folder, settings, scratch)), encoding="utf-8")
            code = 0
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    os.waitpid(child, 0)
    try:
        return json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def record(folder: Path, settings: dict[str, Any], scratch: Path) -> dict[str, Any]:
    copy = scratch / "case"
    shutil.copytree(folder, copy, symlinks=True)
    for name in ("promptflow.json", "expected.json", "edits.json"):
        (copy / name).unlink(missing_ok=True)
    if settings.get("git"):
        (copy / ".git").mkdir()
    for name, value in settings.get("process_environment", {}).items():
        os.environ[name] = str(with_environment(value))
    make_connections(copy / "connections.yaml")
    if "site" in settings:
        sys.path.append(str(copy / settings["site"]))
    path = (copy / settings.get("path", ".")).resolve()
    flow_file = path if path.is_file() else flow_in(path)
    os.chdir(scratch)
    try:
        if (copy / "rows.jsonl").exists():
            return record_rows(flow_file, copy, settings, scratch)
        return record_once(path, copy, settings, scratch)
    except Exception as error:
        return {
            "status": "failed",
            "stage": "load",
            "outputs": {},
            "nodes": {},
            "metrics": {},
            "error": said(error, scratch),
        }


def flow_in(path: Path) -> Path:
    for name in ("flow.dag.yaml", "flow.dag.yml", "flow.flex.yaml", "flow.flex.yml"):
        if (path / name).is_file():
            return path / name
    return path


def record_once(path: Path, copy: Path, settings: dict[str, Any], scratch: Path) -> dict[str, Any]:
    """What ``pf flow test --inputs`` does, and its answer before it is printed."""
    from promptflow.client import PFClient

    line = PFClient().flows._test(
        flow=path,
        inputs=load_json(copy / "inputs.json", {}),
        variant=settings.get("variant"),
        environment_variables=settings.get("environment"),
        init=settings.get("init"),
        stream_log=False,
        stream_output=False,
        allow_generator_output=False,
    )
    failed = line.run_info.status.value != "Completed"
    output = line.output if isinstance(line.output, dict) else plain_output(line.output)
    return {
        "status": line.run_info.status.value.lower(),
        "stage": "run",
        "outputs": {} if failed else settle(output, scratch, copy),
        "nodes": {name: node_of(run, scratch, copy) for name, run in line.node_run_infos.items()},
        "metrics": line.run_info.metrics or {},
        "error": said(line.run_info.error, scratch) if failed else None,
    }


def record_rows(flow_file: Path, copy: Path, settings: dict[str, Any], scratch: Path) -> dict[str, Any]:
    """What ``pf run create`` does: every row, then the aggregation nodes over those that completed."""
    from promptflow._sdk._orchestrator.utils import SubmitterHelper
    from promptflow._sdk.entities._flows import Flow as LocalFlow
    from promptflow.client import load_flow
    from promptflow.executor import FlowExecutor

    flow = load_flow(flow_file)
    assert isinstance(flow, LocalFlow) or flow
    connections = SubmitterHelper.resolve_connections(flow)
    executor = FlowExecutor.create(flow_file, connections, flow_file.parent, raise_ex=False)
    os.chdir(flow_file.parent)
    rows = [json.loads(row) for row in (copy / "rows.jsonl").read_text(encoding="utf-8").splitlines() if row.strip()]
    taken = {
        name for name, spec in executor.get_inputs_definition().items() if settings.get("flex") or spec.default is None
    }
    mapping = settings.get("map") or {name: f"${{data.{name}}}" for name in rows[0] if name in taken}
    lines, given = [], []
    for index, row in enumerate(rows):
        inputs = {name: mapped(value, row) for name, value in mapping.items()}
        lines.append(executor.exec_line(inputs, index=index, run_id="run"))
        given.append(inputs)
    good = [position for position, line in enumerate(lines) if line.run_info.status.value == "Completed"]
    nodes: dict[str, Any] = {}
    metrics: dict[str, Any] = {}
    if executor.has_aggregation_node and good:
        gathered = executor.exec_aggregation(
            {name: [given[position][name] for position in good] for name in given[0]} if given else {},
            {key: [lines[position].aggregation_inputs[key] for position in good] for key in lines[0].aggregation_inputs}
            if not settings.get("flex")
            else [lines[position].output for position in good],
            run_id="run",
        )
        nodes = {name: node_of(run, scratch, copy) for name, run in gathered.node_run_infos.items()}
        metrics = gathered.metrics
    rows_said = []
    for line in lines:
        failed = line.run_info.status.value != "Completed"
        output = dict(line.output) if isinstance(line.output, dict) else plain_output(line.output)
        output.pop("line_number", None)
        rows_said.append(
            {
                "status": line.run_info.status.value.lower(),
                "outputs": {} if failed else settle(output, scratch, copy),
                "nodes": {name: node_of(run, scratch, copy) for name, run in line.node_run_infos.items()},
                "error": said(line.run_info.error, scratch) if failed else None,
            }
        )
    return {
        "status": "completed",
        "stage": "run",
        "outputs": {},
        "nodes": nodes,
        "metrics": metrics,
        "rows": rows_said,
        "error": None,
    }


def mapped(value: Any, row: dict[str, Any]) -> Any:
    found = re.fullmatch(r"\$\{data\.(.+)\}", value) if isinstance(value, str) else None
    return row[found.group(1)] if found else value


def plain_output(output: Any) -> dict[str, Any]:
    """A flex flow's result as prompt flow writes it to the run's record."""
    from promptflow._utils.dataclass_serializer import convert_eager_flow_output_to_dict

    return convert_eager_flow_output_to_dict(output)


def node_of(run: Any, scratch: Path, copy: Path) -> dict[str, Any]:
    return {
        "status": run.status.value.lower(),
        "output": settle(run.output, scratch, copy),
        "error": said(run.error, scratch) if run.error else None,
    }


def make_connections(file: Path) -> None:
    """Store every connection of ``connections.yaml``, with ``${env:NAME}`` resolved."""
    if not file.exists():
        return
    from promptflow import connections as kinds
    from promptflow._utils.yaml_utils import load_yaml
    from promptflow.client import PFClient

    client = PFClient()
    for name, values in load_yaml(file).items():
        resolved = {key: with_environment(value) for key, value in values.items()}
        kind = resolved.pop("type")
        resolved.pop("module", None)
        if kind == "local":
            continue
        client.connections.create_or_update(entity_class(CONNECTION_CLASSES[kind], kinds)(name=name, **resolved))


def entity_class(name: str, kinds: Any) -> Any:
    from promptflow import entities

    return getattr(entities, name, None) or getattr(kinds, name)


def with_environment(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: with_environment(item) for key, item in value.items()}
    if not isinstance(value, str):
        return value
    return re.sub(r"\$\{env:(\w+)\}", lambda found: os.environ.get(found.group(1), found.group(0)), value)


def load_json(file: Path, otherwise: Any) -> Any:
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else otherwise


if __name__ == "__main__":
    sys.exit(main())
