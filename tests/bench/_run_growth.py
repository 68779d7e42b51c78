"""How much memory the window has gained after 200 runs of a flow of 50 nodes: ``studio.growth_200_runs_mb``.

Measured in a process of its own: resident memory after 200 runs, less that after 20 (what is made once, such as fonts and modules, is
there by then). Every run gives each node another output of 2 KB.

    python -m tests.bench._run_growth     prints {"value": MB, "runs": seconds}
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

RUNS: Final = 200
SETTLED: Final = 20
NODES: Final = 50
TOOL: Final = "from promptflow.core import tool\n\n\n@tool\ndef step(text: str) -> str:\n    return text[:1024] + str(len(text)) * 512\n"


def measure() -> dict[str, dict[str, Any]]:
    done = subprocess.run([sys.executable, "-m", "tests.bench._run_growth"], capture_output=True, text=True, timeout=900, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return {
        "studio.growth_200_runs_mb": {"value": found["value"], "unit": "MB", "references": {"seconds a run": found["seconds"], "at the start": found["start"]}}
    }


def write_flow(root: Path) -> None:
    lines = ["inputs:", "  text: {type: string}", "outputs:", f"  out: {{type: string, reference: '${{n{NODES - 1}.output}}'}}", "nodes:"]
    for number in range(NODES):
        source = "inputs.text" if number == 0 else f"n{number - 1}.output"
        lines.append(f"- {{name: n{number}, type: python, source: {{type: code, path: step.py}}, inputs: {{text: '${{{source}}}'}}}}")
    (root / "flow.dag.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (root / "step.py").write_text(TOOL, encoding="utf-8")


def main() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    from flowloom.studio.application import Studio, close_page, open_path
    from flowloom.studio.run.runner import Ask

    with tempfile.TemporaryDirectory() as place:
        os.environ["FLOWLOOM_STATE"] = f"{place}/state"
        root = Path(place) / "flow"
        root.mkdir()
        write_flow(root)
        application = QApplication(["flowloom"])
        studio = Studio(application)
        studio.window.resize(1440, 900)
        studio.show()
        page = open_path(studio.workspace, root)
        page.parts["trust"].trust()
        runner = page.parts["runner"]
        studio.workspace.parts["bottom"].show_tab("timeline")

        def settle(seconds: float) -> None:
            end = time.monotonic() + seconds
            while time.monotonic() < end or runner.running:
                application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

        settle(1.0)
        gc.collect()
        gc.freeze()  # as the application does once its window stands
        memory: list[float] = []
        began = time.monotonic()
        for number in range(RUNS):
            assert runner.run(Ask(inputs={"text": f"run {number} "}, reuse=False))
            settle(0.05)
            assert runner.last is not None
            assert runner.last.status == "completed", runner.last.error
            memory.append(resident())
        seconds = (time.monotonic() - began) / RUNS
        settle(0.5)
        value = resident() - memory[SETTLED - 1]
        close_page(studio.workspace, page)
        print(json.dumps({"value": value, "seconds": seconds, "start": memory[SETTLED - 1], "each": memory[:: RUNS // 10]}))
        sys.stdout.flush()
        os._exit(0)


def resident() -> float:
    """Megabytes of memory that this process holds."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
