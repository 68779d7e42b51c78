"""What other distributions bring, printed by a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from flowloom.flows.node import spec_child


def test_it_prints_one_json_object_whatever_packages_print(tmp_path: Path) -> None:
    package = tmp_path / "site"
    info = package / "noisy-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: noisy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[flowloom.nodes]\nnoisy.add = noisy_nodes:add\nnoisy.broken = noisy_nodes:nothing\n")
    (package / "noisy_nodes.py").write_text(
        "import os, threading, time\nprint('loud')\nos.write(1, b'louder')\n"
        "threading.Thread(target=time.sleep, args=(600,)).start()\n"
        "from flowloom.flows import node\n\n\n"
        "@node(id='noisy.add', title='Add', category='Text')\ndef add(a: int, b: int) -> int:\n    '''Adds.'''\n    return a + b\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", spec_child.__file__, json.dumps([*sys.path, str(package)])],
        env={"PYTHONPATH": str(package)}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["types"]["noisy.add"]["spec"]["title"] == "Add"
    assert "loom.llm.chat" not in found["types"]
    assert any("noisy.broken" in problem for problem in found["problems"])
    assert "loud" in done.stderr
