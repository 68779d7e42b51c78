"""Whether a run came to what a case expects: the pieces that ``test_format.py`` puts together.

A case is a folder of ``cases``: a flow with ``expected.json``, and where it needs them

    inputs.json         the inputs, by name
    connections.yaml    the connections file
    rows.jsonl          rows for ``flowloom batch`` instead of one run
    run.json            how to run it: path, variant, environment, init, process_environment, git, pad, ...
    server.json         rules of the stand-in for a model's service
    edits.json          edits to apply afterwards, [[name, arguments], ...]; ``after`` holds the files they change
    promptflow.json     what Microsoft Prompt flow 1.18.5 makes of it (``record_reference.py``)
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CASES = Path(__file__).resolve().parent / "cases"
BESIDE_THE_FLOW = (
    "expected.json",
    "promptflow.json",
    "inputs.json",
    "run.json",
    "server.json",
    "rows.jsonl",
    "connections.yaml",
)
IMAGE_KEY = re.compile(r"^data:(image/.*);(path|base64)$")
SILENT = {
    "temperature": 1,
    "top_p": 1,
    "n": 1,
    "best_of": 1,
    "presence_penalty": 0,
    "frequency_penalty": 0,
    "stream": False,
    "stream_options": None,
    "echo": False,
    "user": "",
    "encoding_format": None,
}
"""Parameters of a request that say nothing with this value; None: with any value."""


@dataclass(frozen=True)
class Case:
    name: str
    folder: Path
    expected: Mapping[str, Any]
    settings: Mapping[str, Any]
    reference: Mapping[str, Any] | None

    @property
    def rule(self) -> str:
        return self.name.partition("__")[0]

    @property
    def fails(self) -> bool:
        return self.expected["status"] != "completed"

    @property
    def has_rows(self) -> bool:
        return (self.folder / "rows.jsonl").exists()

    @property
    def server_rules(self) -> list[Any] | None:
        script = read_json(self.folder / "server.json")
        return None if script is None else script["rules"]


@dataclass
class Outcome:
    """What a command came to: its exit code, the object it printed, and all it wrote to stderr."""

    exit: int
    object: dict[str, Any]
    stderr: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)


def read_json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def cases() -> list[Case]:
    found = []
    for folder in sorted(CASES.iterdir()):
        if folder.is_dir():
            expected, settings = read_json(folder / "expected.json") or {}, read_json(folder / "run.json") or {}
            found.append(Case(folder.name, folder, expected, settings, read_json(folder / "promptflow.json")))
    return found


def lay_out(case: Case, root: Path) -> Path:
    """Copy a case's flow to ``root/case`` and return that folder. What belongs to the test goes to ``root`` itself."""
    copy = root / "case"
    shutil.copytree(case.folder, copy, symlinks=True)
    for name in BESIDE_THE_FLOW:
        if (copy / name).exists():
            (copy / name).rename(root / name)
    if case.settings.get("git"):
        (copy / ".git").mkdir()
    for name, size in case.settings.get("pad", {}).items():
        file = copy / name
        file.write_bytes(file.read_bytes() + b"# " + b"x" * (size - file.stat().st_size))
    return copy


def arguments(case: Case, root: Path, copy: Path) -> list[str]:
    """The command line of a case, without the program's name."""
    settings = case.settings
    path = settings.get("path", ".")
    command = ["batch" if case.has_rows else "run", path if settings.get("raw_path") else str(copy / path)]
    if case.has_rows:
        command += ["--data", str(root / "rows.jsonl"), "--results", str(root / "results.jsonl")]
        for name, value in settings.get("map", {}).items():
            command += ["--map", f"{name}={value}"]
    elif (root / "inputs.json").exists():
        command += ["--inputs", str(root / "inputs.json")]
    if (root / "connections.yaml").exists():
        command += ["--connections", str(root / "connections.yaml")]
    if "variant" in settings:
        command += ["--variant", settings["variant"]]
    if "init" in settings:
        (root / "init.json").write_text(json.dumps(settings["init"]), encoding="utf-8")
        command += ["--init", str(root / "init.json")]
    for name, value in settings.get("environment", {}).items():
        command += ["-e", f"{name}={value}"]
    return [*command, "--json"]


def environment(case: Case, values: Mapping[str, str]) -> dict[str, str]:
    """Variables of the process for a case; ``${env:NAME}`` is looked up in ``values``, the addresses of the stand-in."""
    given = case.settings.get("process_environment", {})
    return {
        **values,
        **{name: re.sub(r"\$\{env:(\w+)\}", lambda found: values[found[1]], text) for name, text in given.items()},
    }


def faults(case: Case, outcome: Outcome, folder: Path) -> list[str]:
    """How the outcome differs from what the case expects, a line each; nothing where it does not."""
    expected, got = case.expected, outcome.object
    found = list(_differences("exit code", expected["exit"], outcome.exit))
    found += _differences("status", expected["status"], got.get("status"))
    if case.has_rows:
        found += _rows_faults(expected, folder)
    else:
        found += _differences("outputs", expected["outputs"], plain(got.get("outputs"), folder))
    found += _node_faults(expected["nodes"], got.get("nodes", {}), folder)
    found += _differences("metrics", expected["metrics"], got.get("metrics"))
    found += _error_faults("error", expected["error"], got.get("error"))
    for name, error in expected.get("node_errors", {}).items():
        found += _error_faults(
            f"error of {name}", {"node": name, **error}, got.get("nodes", {}).get(name, {}).get("error")
        )
    if expected.get("requests") is not None:
        found += _differences("requests", expected["requests"], outcome.requests)
    if "stderr_lacks" in expected and expected["stderr_lacks"] in outcome.stderr:
        found.append(f"stderr holds {expected['stderr_lacks']!r}")
    found += [f"{name} was left behind" for name in case.settings.get("absent_after", []) if (folder / name).exists()]
    return found


def _rows_faults(expected: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """The lines of the results file, against the rows the case expects."""
    results = folder.parent / "results.jsonl"
    rows = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()] if results.exists() else []
    yield from _differences("number of rows", len(expected["rows"]), len(rows))
    for number, (want, have) in enumerate(zip(expected["rows"], rows, strict=False)):
        yield from _differences(f"status of row {number}", want["status"], have.get("status"))
        yield from _differences(f"outputs of row {number}", want["outputs"], plain(have.get("outputs"), folder))


def _node_faults(expected: Mapping[str, Any], got: Mapping[str, Any], folder: Path) -> Iterator[str]:
    yield from _differences("nodes", sorted(expected), sorted(got))
    for name in expected.keys() & got.keys():
        yield from _differences(f"status of {name}", expected[name]["status"], got[name]["status"])
        yield from _differences(f"output of {name}", expected[name]["output"], plain(got[name]["output"], folder))


def _error_faults(what: str, expected: Mapping[str, Any] | None, got: Mapping[str, Any] | None) -> Iterator[str]:
    if expected is None or got is None:
        yield from _differences(what, expected, got)
        return
    for key in ("kind", "node", "hint"):
        if key in expected:
            yield from _differences(f"{what}: {key}", expected[key], got.get(key))
    if not re.search(expected.get("message", ""), got.get("message", ""), re.DOTALL):
        yield f"{what}: message {got.get('message')!r} does not match {expected['message']!r}"


def _differences(what: str, expected: Any, got: Any) -> Iterator[str]:
    if not same(expected, got):
        yield f"{what}: expected {_short(expected)}, got {_short(got)}"


def same(expected: Any, got: Any) -> bool:
    """Equal as JSON: NaN equals NaN, 1 equals 1.0, True does not equal 1."""
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        return expected.keys() == got.keys() and all(same(value, got[key]) for key, value in expected.items())
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(same(a, b) for a, b in zip(expected, got, strict=True))
    if isinstance(expected, float) and isinstance(got, float) and math.isnan(expected):
        return math.isnan(got)
    return expected == got


def plain(value: Any, folder: Path) -> Any:
    """A value with its images named by their content, as in ``promptflow.json``: each side writes them where it likes. Addresses of
    objects, which differ from run to run, go."""
    if isinstance(value, str):
        return re.sub(r" at 0x[0-9a-f]+", " at 0x", value)
    if isinstance(value, list):
        return [plain(item, folder) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        key, content = next(iter(value.items()))
        found = IMAGE_KEY.match(key)
        if found and isinstance(content, str):
            data = b64decode(content.rpartition(",")[2]) if found[2] == "base64" else (folder / content).read_bytes()
            return {f"data:{found[1]};sha1": hashlib.sha1(data, usedforsecurity=False).hexdigest()}
    return {key: plain(item, folder) for key, item in value.items()}


def said_to_model(body: Any) -> Any:
    """A request without what says nothing: the defaults that one side writes out and the other leaves away."""
    if not isinstance(body, dict):
        return body
    kept = {key: value for key, value in body.items() if value is not None and value not in ({}, [])}
    if isinstance(kept.get("input"), list) and len(kept["input"]) == 1:
        kept["input"] = kept["input"][0]
    return {key: value for key, value in kept.items() if not (key in SILENT and SILENT[key] in (value, None))}


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | str) else repr(value)
    return text if len(text) < 4000 else f"{text[:4000]}..."
