from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from flowloom.flows.cli import sink
from flowloom.flows.cli.capture import results_alone
from flowloom.flows.connections.redact import Redactor

KEY = "sk-1234567890"


Runner = Callable[[str], tuple[str, str, int]]


@pytest.fixture
def run(tmp_path: Path, clean_env: dict[str, str]) -> Runner:
    """A Python process that runs a piece of code inside ``results_alone() as terminal``: its stdout, stderr and exit code."""
    return lambda body: _run(body, tmp_path, clean_env)


def _run(body: str, tmp_path: Path, env: dict[str, str]) -> tuple[str, str, int]:
    program = (
        "import os, sys, subprocess, ctypes\n"
        "from flowloom.flows.cli import sink\n"
        "from flowloom.flows.cli.capture import results_alone\n"
        "from flowloom.flows.connections.redact import Redactor\n"
        "with results_alone() as terminal:\n" + textwrap.indent(textwrap.dedent(body), "    ") + "\nprint('after')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, cwd=tmp_path, env=env
    )
    return done.stdout, done.stderr, done.returncode


def test_whatever_is_printed_stdout_holds_results_alone(run: Runner) -> None:
    out, err, _ = run(
        """
        print("python")
        sys.stderr.write("python error\\n")
        os.write(1, b"descriptor\\n")
        os.system("echo child; echo child error >&2")
        sys.__stdout__.write("original\\n"); sys.__stdout__.flush()
        libc = ctypes.CDLL(None); libc.puts(b"from C"); libc.fflush(None)
        terminal.results.write("RESULT\\n")
        """,
    )
    assert out == "RESULT\nafter\n"
    assert set(err.splitlines()) == {
        "python",
        "python error",
        "descriptor",
        "child",
        "child error",
        "original",
        "from C",
    }


def test_secrets_are_masked_whoever_prints_them(run: Runner) -> None:
    out, err, _ = run(
        f"""
        sink.use(Redactor({KEY!r}))
        print("python", {KEY!r})
        os.system("echo child {KEY}")
        os.write(1, b"{KEY[:5]}"); os.write(2, b"{KEY[5:]} in two\\n")
        terminal.results.write({KEY!r} + "\\n")
        """,
    )
    assert KEY not in err
    assert sorted(err.splitlines()) == ["*** in two", "child ***", "python ***"]
    assert out.splitlines()[0] == KEY


def test_a_flood_is_no_dead_end(run: Runner) -> None:
    out, err, _ = run("for _ in range(200): os.write(1, b'x' * 99_999 + b'\\n')\nterminal.results.write('RESULT\\n')")
    assert len(err) == 200 * 100_000
    assert out == "RESULT\nafter\n"


def test_text_may_be_cut_anywhere(run: Runner) -> None:
    _, err, _ = run("for byte in 'grün ✓ 流'.encode(): os.write(1, bytes([byte]))\nos.write(1, b' \\xff')")
    assert err == "grün ✓ 流 \ufffd"


def test_a_child_that_lives_on_does_not_hold_up_the_end(run: Runner) -> None:
    out, _, code = run(
        "child = subprocess.Popen([sys.executable, '-c', 'import sys; sys.stdin.read()'], stdin=subprocess.PIPE)\nterminal.results.write('RESULT\\n')",
    )
    assert (out, code) == ("RESULT\nafter\n", 0)


def test_an_error_inside_passes_and_everything_is_put_back(run: Runner) -> None:
    out, err, code = run("print('before')\nraise OSError('inside')")
    assert (out, code) == ("", 1)
    assert err.startswith("before\n")
    assert "OSError: inside" in err


def test_streams_of_a_host_program_are_respected(capsys) -> None:
    sink.use(Redactor(KEY))
    with results_alone() as terminal:
        print("printed", KEY[:4], sep="", end="")
        print(KEY[4:])
        terminal.results.write("RESULT")
    print("after")
    assert capsys.readouterr() == ("RESULTafter\n", "printed***\n")
