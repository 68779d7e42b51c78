"""The public names, and that importing them costs nothing before they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import flowloom.flows

PUBLIC = [
    *("Context", "EventStream", "FlowloomError", "LoadedFlow", "NodeResult", "Plan", "Problem", "RunResult"),
    *("errors", "events", "load_flow", "log_metric", "node", "tool"),
]


def test_the_public_names() -> None:
    assert flowloom.flows.__all__ == PUBLIC
    assert set(PUBLIC) <= set(dir(flowloom.flows))


AFTER = "import flowloom.flows.api, flowloom.flows.node.registry"


@pytest.mark.parametrize(("name", "first"), [*((name, "pass") for name in PUBLIC), ("node", AFTER), ("events", AFTER)])
def test_each_name_can_be_imported_by_itself(name: str, first: str) -> None:
    script = (
        f"{first}\nfrom flowloom.flows import {name}\nprint({name}.__name__)\n"
        f"assert callable({name}) or {name!r} in ('errors', 'events')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().rpartition(".")[2] == name


def test_importing_the_package_imports_nothing_else() -> None:
    script = "import sys, flowloom.flows\nprint([name for name in sys.modules if name.startswith('flowloom.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "['flowloom.flows']"


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        flowloom.flows.nothing  # noqa: B018
