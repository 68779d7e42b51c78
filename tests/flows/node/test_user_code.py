from __future__ import annotations

import os

import pytest

from flowloom.flows.errors import TemplateError, ToolError, UsageError
from flowloom.flows.node.user_code import load_error, tool_error, user_line


def raised(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def test_the_last_line_of_the_users_own_code_is_shown(code):
    folder = code(
        {
            "hello.py": "import json\nimport helper\ndef own():\n    return helper.divide(0)\ndef library():\n    return json.loads('{')\n",
            "helper.py": "def divide(n):\n    return 1 / n\n",
        }
    )
    module = folder.load_tool_file("hello.py")
    error = tool_error(raised(module.own), root=folder.root, node="n")
    assert isinstance(error, ToolError)
    assert error.message == "In helper.py, line 2: ZeroDivisionError: division by zero"
    assert (error.node, error.file, error.line, error.hint) == ("n", "helper.py", 2, "Look at line 2 of helper.py.")
    assert "return helper.divide(0)" in error.detail
    within = tool_error(raised(module.library), root=folder.root)
    assert within.message.startswith("In hello.py, line 6: JSONDecodeError: Expecting property name")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"a": 1, "zz": 2}, "The tool has no input named 'zz'."),
        ({"a": 1}, "The tool needs a value for its input 'b' and 'c'."),
    ],
)
def test_a_call_that_does_not_fit_names_the_input(code, arguments, message):
    folder = code({"t.py": "def f(a, b=0, *, c=0): ...\n" if "zz" in arguments else "def f(a, b, c): ...\n"})
    error = tool_error(raised(folder.load_tool_file("t.py").f, **arguments), root=folder.root)
    assert error.message == message
    assert error.hint


def test_a_type_error_of_the_tools_own_is_shown_as_it_is(code):
    folder = code({"t.py": "def g(): ...\ndef f():\n    g(zz=1)\n"})
    error = tool_error(raised(folder.load_tool_file("t.py").f), root=folder.root)
    assert error.message == "In t.py, line 3: TypeError: g() got an unexpected keyword argument 'zz'"


def test_our_own_errors_pass_and_learn_their_node():
    error = TemplateError("broken")
    assert tool_error(error, root="/", node="n") is error
    assert error.node == "n"


def test_private_names_never_show(code):
    folder = code({"t.py": "def f():\n    from helper import nothing\n", "helper.py": ""})
    error = tool_error(raised(folder.load_tool_file("t.py").f), root=folder.root)
    assert error.message == f"In t.py, line 2: ImportError: cannot import name 'nothing' from 'helper' ({folder.root}{os.sep}helper.py)"
    assert "flowloom_folder" not in error.detail


def test_errors_of_loading_keep_the_words_of_ours(tmp_path):
    error = load_error(UsageError("words", hint="next"), root=str(tmp_path), file="t.py")
    assert (error.kind, error.message, error.hint) == ("tool_load", "words", "next")


def test_no_line_of_the_user_is_none():
    assert user_line(raised(int, "x").__traceback__, "/nowhere") == (None, None)


def test_an_error_that_cannot_be_shown_is_named():
    class Odd(BaseException):
        def __str__(self):
            raise Odd

    assert tool_error(Odd(), root="/nowhere").message == "Odd, which cannot be shown"
