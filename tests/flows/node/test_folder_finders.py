from __future__ import annotations

import importlib
import importlib.util
import pickle
import sys

import pytest

from flowloom.flows.node.folder_finders import asking_folder


def test_closing_leaves_nothing_behind(code):
    before = {name for name in sys.modules if name.startswith(("flowloom_folder", "promptflow", "__pf_main__"))}
    finders, original = list(sys.meta_path), importlib.import_module
    folder = code({"t.py": "import helper\nfrom promptflow.core import tool\n", "helper.py": ""})
    module = folder.load_tool_file("t.py")
    assert importlib.import_module is not original
    folder.close()
    folder.close()
    after = {name for name in sys.modules if name.startswith(("flowloom_folder", "promptflow", "__pf_main__"))}
    assert after == before
    assert sys.meta_path == finders
    assert importlib.import_module is original
    assert module.helper  # code that still runs keeps what it has


def test_libraries_find_the_folders_modules_on_behalf_of_its_code(code):
    tool = (
        "import importlib.util, pkgutil, logging.config\n"
        "def ask():\n"
        "    logging.config.dictConfig({'version': 1, 'handlers': {'h': {'class': 'helper.Quiet'}}, 'disable_existing_loggers': False})\n"
        "    return importlib.util.find_spec('helper') is not None, importlib.util.find_spec('nohelper'), pkgutil.resolve_name('helper:value')\n"
    )
    helper = "import logging\nvalue = 4\nclass Quiet(logging.Handler):\n    def emit(self, record): pass\n"
    folder = code({"t.py": tool, "helper.py": helper})
    assert folder.load_tool_file("t.py").ask() == (True, None, 4)
    folder.close()
    assert importlib.util.find_spec("helper") is None


def test_lookups_by_module_name_work_for_classes_of_tools_and_helpers(code):
    folder = code(
        {
            "t.py": (
                "from __future__ import annotations\n"
                "import inspect, pickle, sys, typing\n"
                "from dataclasses import dataclass, KW_ONLY\n"
                "from typing import ClassVar, NamedTuple\n"
                "from enum import Enum\n"
                "import helper\n"
                "@dataclass\n"
                "class Own:\n"
                "    a: int\n"
                "    _: KW_ONLY\n"
                "    b: ClassVar[int] = 3\n"
                "class Colour(Enum):\n"
                "    RED = 1\n"
                "class Pair(NamedTuple):\n"
                "    x: int\n"
                "def check():\n"
                "    for value in (Own(1), Colour.RED, Pair(2), helper.Theirs(3), helper.make):\n"
                "        assert pickle.loads(pickle.dumps(value)) == value\n"
                "    assert typing.get_type_hints(Own)['a'] is int\n"
                "    assert typing.get_type_hints(helper.Theirs)['a'] is int\n"
                "    assert 'a: int' in inspect.getsource(Own)\n"
                "    assert 'a: int' in inspect.getsource(helper.Theirs)\n"
                "    assert inspect.getmodule(helper.Theirs) is helper\n"
                "    assert sys.modules[Own.__module__].Own is Own\n"
                "    sys.modules[__name__].added = 5\n"
                "    return added\n"
            ),
            "helper.py": "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass Theirs:\n    a: int\ndef make(): ...\n",
        }
    )
    first, second = folder.load_tool_file("t.py"), folder.load_tool_file("t.py")
    assert first.check() == second.check() == 5
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(type("Elsewhere", (), {"__module__": "__pf_main__"}))


UNPICKLE = """
import io, pickle
def by_c(data):
    return pickle.loads(data)
def by_python(data):
    return pickle._Unpickler(io.BytesIO(data)).load()
"""


@pytest.mark.parametrize("way", ["by_c", "by_python"])
def test_what_was_pickled_elsewhere_finds_its_classes_by_plain_name(code, way):
    helper = "class Model:\n    def __init__(self, weight):\n        self.weight = weight\n"
    folder = code({"t.py": UNPICKLE + "import helper, pkg.sub\n", "helper.py": helper, "pkg/__init__.py": "", "pkg/sub.py": helper})
    module = folder.load_tool_file("t.py")
    for name, own in (("helper", module.helper), ("pkg.sub", module.pkg.sub)):
        data = b"\x80\x04" + b"\x8c" + bytes([len(name)]) + name.encode() + b"\x8c\x05Model\x93\x94)\x81}\x8c\x06weightK\x07sb."
        made = getattr(module, way)(data)
        assert type(made) is own.Model
        assert made.weight == 7
    assert own.__spec__.loader.path.endswith("sub.py")
    folder.close()
    assert not {"helper", "pkg", "pkg.sub"} & set(sys.modules)


def test_plain_names_never_lead_to_another_folder(code):
    name = b"\x80\x04\x8c\x06helper\x8c\x05value\x93."
    files = {"t.py": UNPICKLE}
    first = code({**files, "helper.py": "value = 'first'\n"}, "a").load_tool_file("t.py")
    assert first.by_c(name) == first.by_python(name) == "first"
    second = code({**files, "helper.py": "value = 'second'\n"}, "b").load_tool_file("t.py")
    assert [first.by_c(name), second.by_c(name), first.by_c(name)] == ["first", "second", "first"]


def test_a_plain_name_that_something_else_has_is_left_alone(code, monkeypatch):
    host = type(sys)("helper")
    monkeypatch.setitem(sys.modules, "helper", host)
    folder = code({"t.py": UNPICKLE + "import helper\n", "helper.py": "value = 1\n"})
    module = folder.load_tool_file("t.py")
    assert module.helper.value == 1
    with pytest.raises(AttributeError):
        module.by_c(b"\x80\x04\x8c\x06helper\x8c\x05value\x93.")
    folder.close()
    assert sys.modules["helper"] is host


def test_the_asking_folder_is_the_nearest_one_whose_code_called(code):
    tool = "def call(function):\n    return function()\n"
    outer, inner = code({"t.py": tool}, "a"), code({"t.py": tool}, "b")
    call_outer, call_inner = outer.load_tool_file("t.py").call, inner.load_tool_file("t.py").call
    assert asking_folder() is None
    assert call_outer(asking_folder) is outer
    assert call_outer(lambda: call_inner(asking_folder)) is inner


def test_a_library_bound_early_to_import_module_finds_the_module_once(code):
    import_module = importlib.import_module
    folder = code({"t.py": "import helper\ndef call(function):\n    return function('helper')\n", "helper.py": "loads = []\nloads.append(1)\n"})
    module = folder.load_tool_file("t.py")
    assert module.call(import_module) is module.helper
    assert module.helper.loads == [1]
    assert module.helper.__spec__.loader.path.endswith("helper.py")
    folder.close()
    with pytest.raises(ModuleNotFoundError):
        import_module("helper")
