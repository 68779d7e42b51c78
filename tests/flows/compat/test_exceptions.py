from __future__ import annotations

from flowloom.flows.compat.exceptions import ErrorTarget, PromptflowException, UserErrorException, WrappedOpenAIError


def test_messages_are_given_or_made():
    assert str(UserErrorException("plain")) == "plain"
    error = PromptflowException(message_format="{a} of {b}", a=1, b="two", target=ErrorTarget.TOOL)
    assert (str(error), error.message, error.target) == ("1 of two", "1 of two", ErrorTarget.TOOL)
    assert str(WrappedOpenAIError(ValueError("x"))) == "OpenAI API hits ValueError: x"


def test_a_flow_can_raise_and_catch_them(run_tool):
    code = (
        "from promptflow.core import tool\nfrom promptflow.exceptions import PromptflowException, UserErrorException\n"
        "@tool\ndef t(raises: bool):\n    try:\n        raise UserErrorException('nope')\n"
        "    except PromptflowException as error:\n        if raises: raise\n        return error.message\n"
    )
    assert run_tool(code, {"raises": False}).outputs == {"out": "nope"}
    assert run_tool(code, {"raises": True}).error.message == "In t.py, line 6: UserErrorException: nope"
