from __future__ import annotations

import asyncio
import builtins
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from flowloom.flows.errors import PathError, ToolLoadError
from flowloom.flows.node.folder_code import FolderCode


def test_tool_file_is_pf_main_with_an_absolute_file(code):
    module = code({"tools/t.py": "import helper\nwhere = __file__\n", "helper.py": ""}).load_tool_file("tools/t.py")
    assert module.__name__ == "__pf_main__"
    assert os.path.isabs(module.where)
    assert module.where.endswith("tools/t.py")


def test_every_node_loads_its_file_afresh_while_helpers_are_shared(code):
    folder = code({"t.py": "import helper\nhelper.loads += 1\nown = [1]\n", "helper.py": "loads = 0\n"})
    first, second = folder.load_tool_file("t.py"), folder.load_tool_file("t.py")
    assert first.own is not second.own
    assert first.helper is second.helper
    assert second.helper.loads == 2


@pytest.mark.parametrize(
    "statement",
    [
        "import pkg.sub as m",
        "from pkg import sub as m",
        "import pkg.sub; m = pkg.sub",
        "from pkg.sub import me as m",
        "import importlib; m = importlib.import_module('pkg.sub')",
        "from importlib import import_module; m = import_module('pkg.sub')",
        "m = __import__('pkg.sub', fromlist=['x'])",
        "m = __import__('pkg.sub').sub",
        "exec('import pkg.sub as m')",
        "import sys; from pkg import *; m = sub",
    ],
)
def test_each_way_to_import_finds_the_folders_module_once(code, statement):
    folder = code(
        {
            "t.py": f"{statement}\nimport pkg.sub as plain\n",
            "pkg/__init__.py": "__all__ = ['sub']\n",
            "pkg/sub.py": "import sys\nfrom . import neighbour\nfrom .neighbour import value\nme = sys.modules[__name__]\n",
            "pkg/neighbour.py": "value = 7\n",
        }
    )
    module = folder.load_tool_file("t.py")
    assert module.m is module.plain
    assert module.m.value == 7


def test_two_folders_with_the_same_names_never_meet(code):
    tool = "import helper, importlib\ndef use():\n    import late\n    return helper.name, late.name, importlib.import_module('late').name\n"
    folders = [code({"t.py": tool, "helper.py": f"name = '{name}'", "late.py": f"name = '{name}'"}, name) for name in ("a", "b")]
    tools = [folder.load_tool_file("t.py") for folder in folders]
    assert [tool.use() for tool in tools] == [("a", "a", "a"), ("b", "b", "b")]
    assert "helper" not in sys.modules
    assert "late" not in sys.modules


async def test_folders_stay_apart_in_threads_and_tasks_at_the_same_time(code):
    body = (
        "import asyncio, importlib\n"
        "def in_thread(barrier, n):\n"
        "    barrier.wait()\n"
        "    return importlib.import_module(f'mod{n}').name + __import__(f'mod{n}').name\n"
        "async def in_task(n):\n"
        "    await asyncio.sleep(0)\n"
        "    import shared\n"
        "    return importlib.import_module(f'mod{n}').name + shared.name\n"
    )
    loaded = {}
    for name in ("a", "b"):
        modules = {f"mod{n}.py": f"import shared\nname = '{name}'\n" for n in range(20)}
        folder = code({"t.py": body, "shared.py": f"name = '{name}'\n", **modules}, name)
        loaded[name] = folder.load_tool_file("t.py")
    barrier = threading.Barrier(20)
    with ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(loaded[name].in_thread, barrier, n) for n in range(10) for name in loaded]
        jobs = [asyncio.wrap_future(future) for future in waiting]
        results = await asyncio.gather(*jobs, *[loaded[name].in_task(n) for n in range(20) for name in loaded])
    assert results[0::2] == ["aa"] * 30
    assert results[1::2] == ["bb"] * 30


def test_files_of_the_folder_hide_modules_as_prompt_flow_lets_them(code):
    files = {"json.py": "own = 1", "statistics.py": "own = 1", "yaml/readme.txt": "", "prompts/a.txt": "", "xmlish/__init__.py": "own = 1"}
    tool = "import json, statistics, yaml, prompts, xmlish\n"
    module = code({"t.py": tool, **files}).load_tool_file("t.py")
    assert not hasattr(module.json, "own")  # prompt flow itself has imported it before
    assert module.statistics.own == module.xmlish.own == 1
    assert hasattr(module.yaml, "safe_load")  # a folder without code hides no installed package
    assert module.prompts.__path__


def test_modules_that_are_only_found_by_a_changed_path_stay_within_the_folder(code):
    tool = "import sys, os\nsys.path.append(os.path.join(os.path.dirname(__file__), 'lib'))\nimport deep\n"
    before = list(sys.path)
    folders = [code({"t.py": tool, "lib/deep.py": f"name = '{name}'"}, name) for name in ("a", "b")]
    assert [folder.load_tool_file("t.py").deep.name for folder in folders] == ["a", "b"]
    assert "deep" not in sys.modules
    for folder in folders:
        folder.close()
    assert sys.path == before


def test_code_is_read_anew_after_an_edit_of_the_same_length_within_a_second(code, write):
    files = {"t.py": "import helper\n", "helper.py": "value = 1\n"}
    folder = code(files)
    assert folder.load_tool_file("t.py").helper.value == 1
    assert not folder.changed()
    root = write("flow", {"helper.py": "value = 2\n"})
    assert folder.changed()
    with FolderCode(root) as fresh:
        assert fresh.load_tool_file("t.py").helper.value == 2
    assert not list(root.rglob("__pycache__"))


def test_unsaved_text_is_what_runs(code):
    overlay = {"helper.py": "value = 'unsaved'\n", "pkg/new.py": "value = 'never saved'\n", "pkg/__init__.py": ""}
    folder = code({"t.py": "import helper\nfrom pkg import new\n", "helper.py": "value = 'saved'\n"}, overlay=overlay)
    module = folder.load_tool_file("t.py")
    assert (module.helper.value, module.new.value) == ("unsaved", "never saved")


def test_what_is_added_to_builtins_reaches_the_folders_code(code):
    folder = code({"t.py": "import helper\nvalue = added_name\n", "helper.py": "import builtins\nbuiltins.added_name = 3\n"})
    try:
        assert folder.load_tool_file("t.py").value == 3
    finally:
        del builtins.added_name  # type: ignore[attr-defined]


def test_errors_while_loading_show_the_line(code):
    folder = code(
        {
            "syntax.py": "x = 1\ndef f(:\n",
            "raises.py": "import helper\n",
            "helper.py": "x = 1\n1 / 0\n",
            "leaves.py": "import sys\nsys.exit(3)\n",
            "null.py": "x = '\x00'\n",
            "tool.txt": "",
        }
    )
    expected = {
        "syntax.py": ("In syntax.py, line 2: invalid syntax.", "syntax.py", 2),
        "raises.py": ("In helper.py, line 2: ZeroDivisionError: division by zero", "helper.py", 2),
        "leaves.py": ("In leaves.py, line 2: the code ended itself with sys.exit(3)", "leaves.py", 2),
        "null.py": ("In null.py: source code string cannot contain null bytes.", "null.py", None),
        "missing.py": ("The file missing.py does not exist.", None, None),
        "tool.txt": ("tool.txt is not a Python file.", "tool.txt", None),
    }
    for path, (message, file, line) in expected.items():
        with pytest.raises(ToolLoadError) as raised:
            folder.load_tool_file(path)
        assert (raised.value.message, raised.value.file, raised.value.line) == (message, file, line)
        assert raised.value.hint


def test_a_missing_import_names_the_package_and_the_requirements(code):
    folder = code(
        {
            "t.py": "import os\nimport nosuchpackage.part\n",
            "requirements.txt": "nosuchpackage\n",
            "near.py": "import only_below\n",
            "lib/only_below.py": "",
            "inner.py": "import pkg.nothing\n",
            "pkg/__init__.py": "",
            "pf.py": "import promptflow.azure\n",
        }
    )
    words = {
        "t.py": ("In t.py, line 2: the package 'nosuchpackage' is not installed here.", "pip install -r requirements.txt"),
        "near.py": ("In near.py, line 1: there is no module 'only_below'.", "The folder has lib/only_below.py: import it as lib.only_below."),
        "inner.py": ("In inner.py, line 1: 'pkg' has no module 'nothing'.", "Correct the name"),
        "pf.py": ("In pf.py, line 1: 'promptflow.azure' is not installed here.", "pip install promptflow"),
    }
    for path, (message, hint) in words.items():
        with pytest.raises(ToolLoadError) as raised:
            folder.load_tool_file(path)
        assert raised.value.message == message
        assert hint in raised.value.hint


def test_a_failed_import_inside_the_code_bears_the_names_that_were_written(code):
    tool = "try:\n    import pkg.nothing\nexcept ModuleNotFoundError as error:\n    caught = error.name, str(error)\n"
    module = code({"t.py": tool, "pkg/__init__.py": ""}).load_tool_file("t.py")
    assert module.caught == ("pkg.nothing", "No module named 'pkg.nothing'")


@pytest.mark.parametrize("path", ["../outside.py", "/etc/passwd", "link.py"])
def test_a_tool_file_outside_the_folder_is_refused(tmp_path, path):
    folder = tmp_path / "flow"
    folder.mkdir()
    (tmp_path / "outside.py").write_text("raise SystemExit('it ran')\n")
    (folder / "link.py").symlink_to(tmp_path / "outside.py")
    with FolderCode(str(folder)) as opened, pytest.raises(PathError):
        opened.load_tool_file(path)
