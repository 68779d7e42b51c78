"""What sets a machine up: the tasks, the choice of a Python, and the pinned versions."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


def test_the_tasks_document_themselves() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    tasks = phony[1].split()
    shown = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line.split()[1] for line in shown.splitlines()] == tasks
    assert all(len(line.split()) > 3 for line in shown.splitlines())


@pytest.fixture
def computer(tmp_path: Path) -> Path:
    """The programs of a computer that has no Python."""
    for name in ("bash", "env"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    (tmp_path / "id").write_text("#!/usr/bin/env bash\necho 1000\n")
    (tmp_path / "id").chmod(0o755)
    return tmp_path


def add(computer: Path, name: str, script: str) -> None:
    (computer / name).write_text(f"#!/usr/bin/env bash\n{script}\n")
    (computer / name).chmod(0o755)


def find_python(computer: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / ".ci" / "find-python"], env={"PATH": str(computer)}, capture_output=True, text=True)


WORKS = f'exec "{sys.executable}" "$@"'
OLD = 'case "$*" in *version_info*) exit 1;; *) echo "Python 3.9.2";; esac'


def test_python3_is_taken_where_it_will_do(computer: Path) -> None:
    add(computer, "python3", WORKS)
    add(computer, "python3.13", WORKS)
    assert find_python(computer).stdout == "python3\n"


def test_names_that_do_not_start_are_passed_over(computer: Path) -> None:
    add(computer, "python3", OLD)
    add(computer, "python3.13", "exit 127")
    add(computer, "python3.12", WORKS)
    assert find_python(computer).stdout == "python3.12\n"


def test_an_old_python_is_named(computer: Path) -> None:
    add(computer, "python3", OLD)
    found = find_python(computer)
    assert found.returncode == 1
    assert found.stdout == ""
    assert "needs Python 3.11 or newer; this computer's python3 is Python 3.9.2" in found.stderr


def test_a_python_without_venv_says_what_to_install(computer: Path) -> None:
    add(computer, "python3", f'case "$*" in *ensurepip*) exit 1;; *) {WORKS};; esac')
    found = find_python(computer)
    assert found.returncode == 1
    assert "sudo apt-get install python3-venv" in found.stderr


def test_every_requirement_is_pinned_to_a_version_that_satisfies_it() -> None:
    pinned: dict[str, str] = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, version = line.partition("==")
            assert version, f"{line} pins nothing"
            pinned[canonicalize_name(name)] = version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(text for extra in project["optional-dependencies"].values() for text in extra),
    ]
    for requirement in map(Requirement, wanted):
        assert pinned[canonicalize_name(requirement.name)] in requirement.specifier, requirement
