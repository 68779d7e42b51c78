from __future__ import annotations

import json
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

COMMAND = [sys.executable, "-m", "flowloom.nodes.services.demo_server"]


def test_it_serves_until_it_is_stopped(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps([{"contains": "hello", "reply": "scripted"}]))
    process = subprocess.Popen([*COMMAND, "--rules", str(rules)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        connection = HTTPConnection(address.removeprefix("http://"))
        body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
        connection.request("POST", "/v1/chat/completions", json.dumps(body), {"authorization": "Bearer k"})
        assert json.loads(connection.getresponse().read())["choices"][0]["message"]["content"] == "scripted"
        connection.close()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]


def test_an_address_others_could_reach_is_refused_in_words() -> None:
    done = subprocess.run([*COMMAND, "--host", "0.0.0.0"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "only listens on this computer" in done.stderr
    assert "Traceback" not in done.stderr
