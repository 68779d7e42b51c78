from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flowloom.flows.cli import sink
from flowloom.flows.cli.main import main
from flowloom.flows.connections.redact import Redactor

COMMAND = [sys.executable, "-c", "import sys; from flowloom.flows.cli.main import main; sys.exit(main())"]
KEYRINGS = Path(__file__).parents[1] / "connections" / "keyrings"


@dataclass
class Finished:
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def no_secrets_from_before() -> Iterator[None]:
    """Each test starts as a new process does: nothing to mask, no colours."""
    sink.use(Redactor())
    yield
    sink.use(Redactor())


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Finished]:
    """The command in this process: ``cli("show", path)``."""

    def call(*arguments: object) -> Finished:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Finished(code, captured.out, captured.err)

    return call


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Finished]:
    """The command as a process of its own. ``env`` adds variables, ``cwd`` and ``stdin`` as for subprocess."""

    def call(
        *arguments: object, env: dict[str, str] | None = None, cwd: Path | None = None, stdin: str = ""
    ) -> Finished:
        done = subprocess.run(
            [*COMMAND, *(str(argument) for argument in arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            cwd=cwd or tmp_path,
            env=environment(env),
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    return call


def environment(more: dict[str, str] | None = None) -> dict[str, str]:
    """This environment without what decides how a terminal looks, and without a keyring."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in ("NO_COLOR", "FORCE_COLOR", "FLOWLOOM_DEBUG", "COLUMNS")
    }
    return {
        **kept,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONPATH": str(KEYRINGS),
        **(more or {}),
    }


@pytest.fixture
def command() -> list[str]:
    """How to start the command as a process."""
    return COMMAND


@pytest.fixture
def clean_env() -> dict[str, str]:
    """The environment for such a process."""
    return environment()


@pytest.fixture
def write_flow(tmp_path: Path) -> Callable[..., Path]:
    """A flow folder from its files: ``write_flow({"flow.dag.yaml": ..., "hello.py": ...})``."""

    def write(files: dict[str, str], name: str = "flow") -> Path:
        folder = tmp_path / name
        for path, text in files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        return folder

    return write


HELLO = {
    "flow.dag.yaml": """
inputs:
  name: {type: string, default: World}
outputs:
  greeting: {type: string, reference: "${shout.output}"}
nodes:
- {name: greet, type: prompt, source: {type: code, path: greet.jinja2}, inputs: {name: "${inputs.name}"}}
- {name: shout, type: python, source: {type: code, path: shout.py}, inputs: {text: "${greet.output}"}}
""",
    "greet.jinja2": "Hello {{name}}!",
    "shout.py": "from promptflow.core import tool\n@tool\ndef shout(text: str) -> str:\n    return text.upper()\n",
}


@pytest.fixture
def hello(write_flow: Callable[..., Path]) -> Path:
    """A flow of a prompt and a Python tool: ``name`` in, ``greeting`` out."""
    return write_flow(HELLO)


def tool(body: str, signature: str = "", above: str = "") -> str:
    """A tool file: ``body`` is the function's, indented here."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"from promptflow.core import tool\n{above}\n@tool\ndef work({signature}):\n{lines}\n"


@pytest.fixture
def one_tool(write_flow: Callable[..., Path]) -> Callable[..., Path]:
    """A flow of one Python tool named ``work``, whose output is the flow's ``answer``."""

    def write(body: str, signature: str = "", above: str = "", inputs: str = "{}", node: str = "{}") -> Path:
        yaml = (
            f"inputs: {inputs}\n"
            'outputs: {answer: {type: string, reference: "${work.output}"}}\n'
            f"nodes:\n- {{name: work, type: python, source: {{type: code, path: work.py}}, inputs: {node}}}\n"
        )
        return write_flow({"flow.dag.yaml": yaml, "work.py": tool(body, signature, above)})

    return write
