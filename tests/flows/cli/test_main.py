from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flowloom.flows.cli import main as main_module
from flowloom.flows.cli.main import COMMANDS, main


def test_help_lists_every_command(cli: Callable) -> None:
    done = cli("--help")
    assert done.code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in done.out
    assert "\n  models " in done.out
    assert cli("help").out == done.out
    assert (cli().out, cli().code) == (done.out, 2)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(cli: Callable, name: str) -> None:
    done = cli(name, "--help")
    assert done.code == 0
    assert done.out.startswith(f"usage: flowloom {name}")
    assert cli("help", name).out == done.out


def test_version(cli: Callable) -> None:
    assert cli("--version").out.startswith("flowloom 0.")


def test_a_slip_is_understood(cli: Callable) -> None:
    done = cli("runn", ".")
    assert done.code == 2
    assert "Did you mean 'flowloom run'?" in done.err


def test_bad_options_are_a_sentence(cli: Callable) -> None:
    done = cli("show", ".", "--format", "png")
    assert done.code == 2
    assert done.err.startswith("Error: Argument --format: invalid choice: 'png'")
    assert "See: flowloom show --help" in done.err


def test_a_package_adds_a_command_that_is_loaded_only_when_asked_for(tmp_path: Path, process: Callable) -> None:
    (tmp_path / "acme_command.py").write_text(
        "print('acme loaded')\n"
        "def register(parser):\n    'Do what Acme does.'\n    parser.add_argument('--loud', action='store_true')\n"
        "    parser.set_defaults(run=lambda arguments: print('LOUD' if arguments.loud else 'quiet') or 3)\n"
    )
    (tmp_path / "acme_broken.py").write_text("raise RuntimeError('out of order')\n")
    info = tmp_path / "acme-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[flowloom.commands]\nacme = acme_command:register\nbroken = acme_broken:register\n"
    )
    env = {"PYTHONPATH": str(tmp_path)}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = process("acme", "--loud", env=env, cwd=elsewhere)
    assert (done.code, done.out) == (3, "acme loaded\nLOUD\n")
    assert "acme loaded" not in process("--version", env=env, cwd=elsewhere).out
    listed = process("--help", env=env, cwd=elsewhere).out
    assert "\n  acme        do what Acme does\n" in listed
    assert "cannot be loaded: RuntimeError: out of order" in listed


@pytest.mark.skipif(os.name == "nt", reason="a shell's pipes")
@pytest.mark.parametrize(
    "arguments", ["run {flow} --json", "run {flow} --events", "run {flow}", "show {flow}", "--help"]
)
def test_a_reader_that_goes_away_is_no_traceback(
    hello: Path, arguments: str, command: list[str], clean_env: dict[str, str]
) -> None:
    line = " ".join([f"'{part}'" for part in command] + [arguments.format(flow=hello)])
    done = subprocess.run(
        ["bash", "-c", f"{line} | true; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        env=clean_env,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert "Broken" not in done.stderr
    assert done.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="a shell's redirections")
@pytest.mark.parametrize(("closed", "code"), [(">&-", 0), ("2>&-", 0), ("<&-", 0), (">&- 2>&- <&-", 0)])
def test_closed_streams_are_no_obstacle(
    hello: Path, closed: str, code: int, command: list[str], clean_env: dict[str, str]
) -> None:
    line = " ".join([f"'{part}'" for part in command] + ["run", str(hello), "--json", closed])
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=clean_env, timeout=60)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    if closed in ("2>&-", "<&-"):
        assert '"HELLO WORLD!"' in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_said(hello: Path, command: list[str], clean_env: dict[str, str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*command, "run", str(hello), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_env,
            timeout=60,
        )
    assert done.returncode == 1
    assert "The answer cannot be written: No space left on device." in done.stderr


def test_little_is_imported_for_a_command_that_needs_little(clean_env: dict[str, str]) -> None:
    program = (
        "import sys\nfrom flowloom.flows.cli.main import main\nmain(['--version'])\n"
        "print(sorted({'rich', 'yaml', 'jinja2', 'asyncio', 'openai', 'keyring', 'networkx', 'importlib.metadata'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=clean_env, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_installed_command_is_main() -> None:
    from flowloom.flows.node.entry_points import entry_points, metadata_folders

    scripts = {
        entry.name: entry.value
        for entry in entry_points(metadata_folders()["flowloom"], "flowloom")
        if entry.group == "console_scripts"
    }
    assert scripts["flowloom"] == "flowloom.flows.cli.main:main"
    assert main_module.main is main
