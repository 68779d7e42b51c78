"""A flow over many rows, as whole processes, from the command to the results on disk.

``batch.one_row_s``        one row of a prompt and a Python tool; the reference is ``pf run create`` of promptflow 1.18.5
``batch.waits_15x2_s``     15 rows whose tool waits two seconds; the same reference
``batch.rows_10000_s``     10,000 rows of one model call that a server on this computer answers after 50 ms, 200 at a time; the reference
                           ``asyncio`` makes the same calls with the same SDK from 200 tasks, and writes the same results
``batch.growth_mb``        peak memory at 100,000 rows less that at 1,000
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.bench.harness import BUILD, PROMPTFLOW, peer

RUNS: Final = 3
CALLS: Final = 10_000
AT_A_TIME: Final = 200
SECONDS: Final = 0.05

FLOW: Final = """inputs:
  text: {type: string}
outputs:
  out: {type: string, reference: "${shout.output}"}
nodes:
- name: greet
  type: prompt
  source: {type: code, path: greet.jinja2}
  inputs: {text: "${inputs.text}"}
- name: shout
  type: python
  source: {type: code, path: shout.py}
  inputs: {text: "${greet.output}"}
"""
TOOL: Final = "from promptflow.core import tool\n\n\n@tool\ndef shout(text: str) -> str:\n    return text.upper()\n"
WAITING_TOOL: Final = "import time\n" + TOOL.replace("    return", "    time.sleep(2)\n    return")
MODEL_FLOW: Final = """inputs:
  text: {type: string}
outputs:
  out: {type: string, reference: "${ask.output}"}
nodes:
- name: ask
  type: llm
  source: {type: code, path: ask.jinja2}
  inputs: {model: any, temperature: 0, text: "${inputs.text}"}
  connection: open_ai_connection
  api: chat
"""
REFERENCE: Final = """
import asyncio, json, sys, openai

async def main(address, data, results, at_a_time):
    client = openai.AsyncOpenAI(api_key="any", base_url=address, max_retries=0)
    with open(data) as rows, open(results, "w") as out:
        numbered = enumerate(rows)
        async def work():
            for number, line in numbered:
                text = json.loads(line)["text"]
                reply = await client.chat.completions.create(
                    model="any", temperature=0, messages=[{"role": "user", "content": f"Say it again: {text}"}])
                choice = reply.choices[0]
                assert choice.finish_reason == "stop"
                out.write(json.dumps({"line_number": number, "outputs": {"out": choice.message.content},
                                      "usage": reply.usage.model_dump()}) + "\\n")
        await asyncio.gather(*(work() for _ in range(int(at_a_time))))

asyncio.run(main(*sys.argv[1:]))
"""


def measure() -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="batch-") as folder:
        root = Path(folder)
        return {
            "batch.one_row_s": _beside_promptflow(root / "one", TOOL, rows=1, at_a_time=1),
            "batch.waits_15x2_s": _beside_promptflow(root / "waits", WAITING_TOOL, rows=15, at_a_time=15),
            "batch.rows_10000_s": _many_calls(root / "calls"),
            "batch.growth_mb": _growth(root / "growth"),
        }


def _beside_promptflow(root: Path, tool: str, *, rows: int, at_a_time: int) -> dict[str, Any]:
    pf = peer("promptflow", *PROMPTFLOW) / "pf"
    home = BUILD / "bench" / "home"
    home.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "HOME": str(home), "PF_HOME_DIRECTORY": str(home)}
    for setting in ("telemetry.enabled=false", "trace.destination=none"):
        subprocess.run([pf, "config", "set", setting], env=environment, capture_output=True, check=False)
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(RUNS + 1):
        for seconds, name in ((ours, "ours"), (theirs, "theirs")):
            folder = _flow(root / f"{name}-{turn}", {"flow.dag.yaml": FLOW, "greet.jinja2": "Hello {{text}}", "shout.py": tool})
            data = _rows(folder.with_suffix(".jsonl"), rows)
            if name == "ours":
                spent, _ = _ours(folder, data, at_a_time)
            else:
                command = [pf, "run", "create", "--flow", folder, "--data", data, "--column-mapping", "text=${data.text}"]
                spent, _ = _run(command, environment)
            seconds.append(spent)
    return {"value": statistics.median(ours[1:]), "unit": "s", "references": {"promptflow": statistics.median(theirs[1:])}}


def _many_calls(root: Path) -> dict[str, Any]:
    folder = _flow(root, {"flow.dag.yaml": MODEL_FLOW, "ask.jinja2": "user:\nSay it again: {{text}}\n"})
    script = root / "reference.py"
    script.write_text(REFERENCE, encoding="utf-8")
    data, few = _rows(root / "rows.jsonl", CALLS), _rows(root / "few.jsonl", AT_A_TIME)
    ours: list[float] = []
    theirs: list[float] = []
    with _server() as address:
        connections = root / "connections.yaml"
        connections.write_text(f'open_ai_connection: {{type: open_ai, api_key: any, base_url: "{address}/v1"}}\n', encoding="utf-8")

        def reference(rows: Path) -> float:
            return _run([sys.executable, script, f"{address}/v1", rows, root / "out.jsonl", AT_A_TIME], dict(os.environ))[0]

        _ours(folder, few, AT_A_TIME, connections)
        reference(few)
        for _ in range(RUNS):
            ours.append(_ours(folder, data, AT_A_TIME, connections)[0])
            theirs.append(reference(data))
    return {"value": statistics.median(ours), "unit": "s", "references": {"asyncio": statistics.median(theirs)}}


def _growth(root: Path) -> dict[str, Any]:
    folder = _flow(root, {"flow.dag.yaml": FLOW, "greet.jinja2": "Hello {{text}}", "shout.py": TOOL})
    few, many = (_ours(folder, _rows(root / f"{rows}.jsonl", rows), 20)[1] for rows in (1_000, 100_000))
    return {"value": many - few, "unit": "MB", "references": {}}


def _flow(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _rows(path: Path, count: int) -> Path:
    path.write_text("".join(json.dumps({"text": f"row number {number}"}) + "\n" for number in range(count)), encoding="utf-8")
    return path


def _ours(folder: Path, data: Path, at_a_time: int, connections: Path | None = None) -> tuple[float, float]:
    """Seconds and megabytes of ``flowloom batch``, after looking that every row is there."""
    results = folder / "results.jsonl"
    command = [Path(sys.executable).parent / "flowloom", "batch", folder, "--data", data, "--json", "--concurrency", at_a_time]
    command += ["--results", results, *(["--connections", connections] if connections else [])]
    seconds, megabytes = _run(command, dict(os.environ))
    with open(data, encoding="utf-8") as rows, open(results, encoding="utf-8") as lines:
        assert [json.loads(line)["status"] for line in lines] == ["completed" for _ in rows]
    return seconds, megabytes


def _run(command: list[Any], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and peak megabytes of a process that must succeed."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        child = subprocess.Popen([str(part) for part in command], stdout=output, stderr=subprocess.STDOUT, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        assert child.returncode == 0, output.read().decode(errors="replace")[-2000:]
    return seconds, usage.ru_maxrss / 1024


@contextmanager
def _server() -> Iterator[str]:
    """The address of the stand-in for a model's service, in a process of its own."""
    command = [sys.executable, "-m", "flowloom.nodes.services.demo_server", "--first", str(SECONDS), "--default", "echo"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
