"""Opening, checking and drawing a flow executes and touches nothing, whatever is in its folder."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


sys.path.insert(0, str(HERE))
try:
    traps = importlib.import_module("place")
    for more in ("traps_code", "traps_text", "traps_disk", "traps_kinds"):
        importlib.import_module(more)
finally:
    sys.path.remove(str(HERE))

BENIGN = {
    "python": {"flow.dag.yaml": traps.DAG, "n.py": traps.TOOL},
    "prompt": {"flow.dag.yaml": traps.PROMPT_DAG, "n.jinja2": "{{ text }}"},
    "llm": {"flow.dag.yaml": traps.LLM_DAG, "n.jinja2": "user:\n{{ text }}"},
    "broken": {"flow.dag.yaml": "inputs: [", "n.py": "def"},
    "wrong": {"flow.dag.yaml": traps.DAG.replace("inputs.text", "inputs.txet"), "n.py": "def x(:"},
    "wrong_prompt": {"flow.dag.yaml": traps.PROMPT_DAG, "n.jinja2": "{{ text"},
    "package": {"flow.dag.yaml": traps.DAG.replace("{type: code, path: n.py}", "{type: package, tool: x.y}")},
    "flex": {"flow.flex.yaml": "entry: n:n\n", "n.py": "def n(): return 1"},
    "prompty": {"ask.prompty": "---\nname: Ask\nmodel: {api: chat, configuration: {type: openai, model: m}}\n---\nuser:\nhi"},
}
"""Flows of every kind, opened first so that what is imported late is there before the watch begins."""


def target(folder: Path) -> str:
    """What to open: a prompty by its file, anything else by its folder."""
    return str(folder / "ask.prompty") if (folder / "ask.prompty").exists() else str(folder)


def laid(tmp_path: Path, names: list[str]) -> tuple[dict[str, str], Path]:
    """Lay traps below ``tmp_path``. Returns what to open by name, and the folder where canaries would appear."""
    canaries, outside = tmp_path / "canaries", tmp_path / "secrets" / "outside.txt"
    canaries.mkdir()
    outside.parent.mkdir()
    outside.write_text("{{ a secret }}\n")
    (tmp_path / "traps").mkdir()
    (tmp_path / "outside").write_text("another secret\n")
    opened = {}
    for number, name in enumerate(names):
        folder = tmp_path / "traps" / f"{number:03}"
        traps.lay(name, folder, canaries, outside)
        opened[name] = target(folder)
    return opened, canaries


def watched(tmp_path: Path, opened: Mapping[str, str], do: str) -> dict[str, Any]:
    """What the watch saw of each folder. A watch that dies tells by its last words which folder killed it."""
    warm = []
    for name, content in BENIGN.items():
        folder = tmp_path / "warm" / name
        folder.mkdir(parents=True)
        for file, text in content.items():
            (folder / file).write_text(text)
        warm.append(target(folder))
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", str(HERE / "watch.py")],
        input=json.dumps({"do": do, "warm": warm, "traps": list(opened.items())}),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    seen = {line["done"]: line for line in lines if "done" in line}
    missing = [name for name in opened if name not in seen]
    assert not missing, f"the watch died at {missing[0]}: {done.stderr[-1500:]}"
    return seen


def test_there_are_traps_enough() -> None:
    assert len(traps.TRAPS) >= 150
    assert len(traps.SINGS_WHEN_RUN) >= 20


@pytest.mark.parametrize("part", range(4))
def test_opening_a_hostile_folder_executes_and_touches_nothing(part: int, tmp_path: Path) -> None:
    opened, canaries = laid(tmp_path, sorted(traps.TRAPS)[part::4])
    seen = watched(tmp_path, opened, "open")
    assert {name: answer["faults"] for name, answer in seen.items() if answer["faults"]} == {}
    assert list(canaries.iterdir()) == []


def test_running_the_same_folders_is_seen_by_the_watch(tmp_path: Path) -> None:
    """The control: without it, a watch that sees nothing would pass too."""
    names = sorted(traps.SINGS_WHEN_RUN)
    opened, canaries = laid(tmp_path, names)
    seen = watched(tmp_path, opened, "run")
    assert {path.name for path in canaries.iterdir()} == set(names)
    for name in names:
        faults = " ".join(seen[name]["faults"])
        assert "exec of" in faults, name
        assert "open for writing" in faults, name


def test_modules_of_the_folder_never_stand_in_for_ours(tmp_path: Path) -> None:
    """The command itself, started inside a folder full of modules that bear the names of its own."""
    folder, canaries = tmp_path / "flow", tmp_path / "canaries"
    canaries.mkdir()
    place = traps.Place(folder, canaries / "sung", tmp_path / "outside")
    folder.mkdir()
    for name in traps.TRAPS:
        if name.startswith(("shadow.", "startup.")) and not name.endswith(".module"):
            traps.TRAPS[name](place)
    for name in ("yaml", "json", "re", "typing", "networkx", "keyring", "openai", "markupsafe", "sitecustomize"):
        place.write({f"{name}.py": "{sing}\nraise SystemExit\n"})
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)
    command = Path(sys.executable).parent / "flowloom"
    assert command.exists(), "the package is not installed with its command"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    for arguments in (["validate", "."], ["show", "."], ["show", ".", "--format", "svg"], ["validate", str(folder)], ["--help"]):
        done = subprocess.run([command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    assert list(canaries.iterdir()) == []
