"""``flowloom demo --server``: a service to try flows against, as a process."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

from .conftest import COMMAND, environment


def test_it_serves_what_a_connection_needs_until_it_is_stopped(tmp_path: Path, process):
    server = subprocess.Popen(
        [*COMMAND, "demo", "--server", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(None),
    )
    assert server.stdout is not None
    try:
        lines = [server.stdout.readline() for _ in range(5)]
        assert lines[0].startswith("http://127.0.0.1:")
        (tmp_path / "connections.yaml").write_text("".join(lines[2:]))
        (tmp_path / "flow.dag.yaml").write_text(
            'inputs:\n  q: {type: string}\noutputs:\n  a: {type: string, reference: "${ask.output}"}\nnodes:\n- name: ask\n  type: llm\n'
            '  source: {type: code, path: ask.jinja2}\n  inputs: {model: any, q: "${inputs.q}"}\n'
            "  connection: open_ai_connection\n  api: chat\n"
        )
        (tmp_path / "ask.jinja2").write_text("user:\n{{q}}\n")
        arguments = ("run", tmp_path, "-i", "q=hello", "--connections", tmp_path / "connections.yaml", "--json")
        first, second = (json.loads(process(*arguments).out) for _ in range(2))
        assert first["status"] == "completed"
        assert first["outputs"]["a"]
        assert first["outputs"] == second["outputs"]
        assert first["nodes"]["ask"]["usage"]["total_tokens"] > 0
        server.send_signal(signal.SIGINT)
        assert server.wait(10) == 0
    finally:
        server.kill()
        server.communicate()


def test_a_port_that_is_taken_is_an_error(cli):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = cli("demo", "--server", "--port", taken.getsockname()[1])
    assert done.code == 2
    assert "cannot be used" in done.err
