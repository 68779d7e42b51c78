from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from flowloom.flows.compat.finder import install, installed


def test_the_names_are_there_only_while_somebody_needs_them():
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("promptflow.core")
    first, second = install(), install()
    assert importlib.import_module("promptflow.core").tool
    first()
    first()
    assert importlib.import_module("promptflow.core").tool
    second()
    assert not [name for name in sys.modules if name.partition(".")[0] == "promptflow"]
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("promptflow.core")


def test_every_way_to_import_works():
    with installed():
        namespace: dict[str, object] = {}
        code = "import promptflow.tools.aoai as a\nfrom promptflow import core\nfrom promptflow.core import *\nimport promptflow"
        exec(code, namespace)  # noqa: S102 - each way of importing as a flow writes it
        assert namespace["tool"] is namespace["core"].tool  # type: ignore[attr-defined]
        assert namespace["promptflow"].core is namespace["core"]  # type: ignore[attr-defined]


def test_a_name_that_is_not_there_is_an_import_error_that_says_why():
    with installed(), pytest.raises(ImportError, match=r"cannot import name 'nothing' from 'promptflow\.core'"):
        from promptflow.core import nothing  # pyright: ignore # noqa: F401
    with installed(), pytest.raises(AttributeError, match="part of prompt flow itself"):
        importlib.import_module("promptflow").nothing  # noqa: B018


def test_an_installed_prompt_flow_comes_first(tmp_path):
    package = tmp_path / "promptflow"
    package.mkdir()
    (package / "__init__.py").write_text("real = True\n")
    (package / "core.py").write_text("tool = 'the real one'\n")
    program = (
        "from flowloom.flows.compat.finder import install\ninstall()\n"
        "import promptflow, promptflow.core, promptflow.tracing\n"
        "print(promptflow.real, promptflow.core.tool, promptflow.tracing.trace.__module__)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(tmp_path)})
    assert done.stdout.split() == ["True", "the", "real", "one", "flowloom.flows.compat.tracing"]


def test_importing_the_decorator_costs_only_what_it_needs():
    program = (
        "import sys\nfrom flowloom.flows.compat.finder import install\ninstall()\n"
        "from promptflow.core import tool\n"
        "print([name for name in ('openai', 'pydantic', 'asyncio', 'jinja2', 'importlib.metadata') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
