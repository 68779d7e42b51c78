from __future__ import annotations

import pytest

from flowloom.flows.node.code_fingerprint import code_fingerprint

FILES = {
    "t.py": "import a\nfrom pkg import b\ndef f():\n    import late\n",
    "a.py": "import deeper\n",
    "deeper.py": "x = 1\n",
    "late.py": "x = 1\n",
    "other.py": "x = 1\n",
    "pkg/__init__.py": "",
    "pkg/b.py": "from . import c\n",
    "pkg/c.py": "x = 1\n",
    "pkg/unused.py": "x = 1\n",
}


@pytest.mark.parametrize(
    ("changed", "matters"),
    [
        ("t.py", True),
        ("a.py", True),
        ("deeper.py", True),
        ("late.py", True),
        ("pkg/__init__.py", True),
        ("pkg/b.py", True),
        ("pkg/c.py", True),
        ("other.py", False),
        ("pkg/unused.py", False),
    ],
)
def test_what_a_tool_imports_from_the_folder_counts_and_nothing_else(code, changed, matters):
    before = code_fingerprint(code(FILES, "one"), "t.py")
    after = code_fingerprint(code({**FILES, changed: FILES[changed] + "\ny = 2\n"}, "two"), "t.py")
    assert before is not None
    assert (before != after) is matters


def test_the_same_files_in_another_folder_have_the_same_fingerprint(code):
    assert code_fingerprint(code(FILES, "one"), "t.py") == code_fingerprint(code(FILES, "two"), "t.py")
    assert code_fingerprint(code(FILES, "three"), "t.py") != code_fingerprint(code(FILES, "three"), "a.py")


@pytest.mark.parametrize("statement", ["import importlib; importlib.import_module(name)", "__import__(name)", "exec(name)"])
def test_where_a_text_may_name_a_module_every_file_counts(code, statement):
    files = {"t.py": f"def f(name):\n    {statement}\n", "other.py": "x = 1\n"}
    before = code_fingerprint(code(files, "one"), "t.py")
    after = code_fingerprint(code({**files, "other.py": "x = 2\n"}, "two"), "t.py")
    assert before != after


def test_nothing_is_executed_and_broken_neighbours_are_no_obstacle(code):
    folder = code({"t.py": "import broken\n", "broken.py": "raise SystemExit(\n"})
    assert code_fingerprint(folder, "t.py")
    assert folder.sources() == {}


def test_a_folder_too_full_to_look_through_has_no_fingerprint(code):
    folder = code({"t.py": "", **{f"many/m{n}.py": "" for n in range(2001)}})
    assert code_fingerprint(folder, "t.py") is None
    assert code_fingerprint(folder, "t.py") is None


def test_unsaved_text_counts(code):
    before = code_fingerprint(code(FILES, "one"), "t.py")
    assert code_fingerprint(code(FILES, "two", {"deeper.py": "x = 2\n"}), "t.py") != before
