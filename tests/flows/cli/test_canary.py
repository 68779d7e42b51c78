"""Secrets of many shapes are sent through everything that writes; none may be found again but in the outputs of ``--json``."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

LEAK = """
import base64, json, logging, os, subprocess, sys, urllib.parse, warnings
from promptflow.core import tool
from promptflow.connections import CustomConnection

logging.basicConfig(level=logging.INFO)


def spill(secret):
    print("printed", secret)
    print("as a dict", {"key": secret})
    sys.stderr.write(f"written {secret}\\n")
    for at in range(0, len(secret), 3):
        print(secret[at : at + 3], end="")
    print()
    logging.getLogger("tool").info("logged %s", secret)
    warnings.warn(f"warned {secret}")
    print("json", json.dumps({"a": json.dumps(secret)}))
    print("url", "https://x/?k=" + urllib.parse.quote(secret, safe=""))
    print("basic", base64.b64encode(f"user:{secret}".encode()).decode())
    os.write(1, f"descriptor {secret}\\n".encode())
    os.write(2, f"descriptor {secret}\\n".encode())


@tool
def work(c: CustomConnection, how: str):
    for secret in c.secrets.values():
        spill(secret)
    child = "import sys; print(*sys.argv[1:], sep='\\\\n'); print(*sys.argv[1:], file=sys.stderr)"
    subprocess.run([sys.executable, "-c", child, *c.secrets.values()])
    if how == "fail":
        try:
            raise ValueError(" ".join(c.secrets.values()))
        except ValueError as error:
            raise RuntimeError("because of " + json.dumps(dict(c))) from error
    if how == "stream":
        return (secret[at : at + 5] for secret in c.secrets.values() for at in range(0, len(secret), 5))
    if how == "object":
        return {secret: [secret] for secret in c.secrets.values()}
    return " ".join(c.secrets.values())
"""

FLOW = """
inputs: {how: {type: string, default: text}}
outputs: {answer: {type: object, reference: "${work.output}"}}
nodes:
- {name: work, type: python, source: {type: code, path: work.py}, inputs: {c: mine, how: "${inputs.how}"}}
"""


def canaries(rng: random.Random, count: int) -> list[str]:
    """Secrets as services make them, and awkward ones: quotes, backslashes, percent signs, other scripts, long."""
    alphabets = [
        "abcdefghijklmnopqrstuvwxyzABCDEF0123456789",
        "ab0-_.~",
        "a\"b\\c'd%e&f<g>h/i+j=",
        "äöüß流程图é–",
        "0123456789abcdef",
    ]
    made = []
    for number in range(count):
        alphabet = alphabets[number % len(alphabets)]
        made.append(f"Q{number}" + "".join(rng.choice(alphabet) for _ in range(rng.choice([10, 32, 150]))) + "Z")
    return made


def traces(secret: str) -> set[str]:
    """How a secret could be found again."""
    return {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, safe=""),
        base64.b64encode(secret.encode()).decode().rstrip("="),
        base64.b64encode(f"user:{secret}".encode()).decode().rstrip("="),
        repr(secret)[1:-1],
    }


@pytest.fixture
def flow(write_flow: Callable[..., Path]) -> Path:
    return write_flow({"flow.dag.yaml": FLOW, "work.py": LEAK})


@pytest.mark.parametrize("how", ["text", "stream", "object", "fail"])
@pytest.mark.parametrize("form", ["--json", "--events", None])
def test_no_secret_gets_out(
    process: Callable, flow: Path, tmp_path: Path, rng: random.Random, how: str, form: str | None
) -> None:
    secrets = canaries(rng, 5)
    connections = tmp_path / "connections.yaml"
    held = {f"k{number}": secret for number, secret in enumerate(secrets)}
    connections.write_text(
        json.dumps(
            {"mine": {"type": "custom", "secrets": held}, "other": {"type": "open_ai", "api_key": "unused-Q-key"}}
        )
    )
    options = [form] if form else []
    done = process(
        "run", flow, "-i", f"how={how}", "--cache", "--connections", connections, *options, env={"FLOWLOOM_DEBUG": "1"}
    )
    assert done.code == (1 if how == "fail" else 0), done.err
    assert done.err.count("***") >= 10 * len(secrets)
    seen = [done.err]
    if form == "--json":
        answer = json.loads(done.out)
        if how != "fail":
            assert (
                secrets[0] in json.dumps(answer["outputs"], ensure_ascii=False)
                or json.dumps(secrets[0])[1:-1] in done.out
            )
        seen.append(
            json.dumps([answer["error"], answer["nodes"]["work"]["error"], answer["metrics"]], ensure_ascii=False)
        )
    elif form == "--events" or how == "fail":
        seen.append(done.out)
    for name, text in enumerate(seen):
        for secret in secrets:
            for trace in traces(secret):
                assert trace not in text, (name, trace)


def test_what_is_kept_on_disk_holds_none(process: Callable, flow: Path, tmp_path: Path, rng: random.Random) -> None:
    (secret,) = canaries(rng, 1)
    connections = tmp_path / "elsewhere" / "connections.yaml"
    connections.parent.mkdir()
    connections.write_text(json.dumps({"mine": {"type": "custom", "secrets": {"k": secret}}}))
    process("run", flow, "-i", "how=fail", "--connections", connections, env={"HOME": str(tmp_path / "home")})
    found = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and path != connections and secret.encode() in path.read_bytes()
    ]
    assert found == []
