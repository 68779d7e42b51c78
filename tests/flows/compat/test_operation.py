from __future__ import annotations

import logging

from flowloom.flows.compat.operation import LoggerFactory, OperationContext, get_logger


def test_the_context_knows_the_run(run_tool):
    code = (
        "from promptflow.core import tool\nfrom promptflow._core.operation_context import OperationContext\n"
        "@tool\ndef t():\n    c = OperationContext.get_instance()\n    return [c['flow-id'], 'root-run-id' in c, c.run_mode]\n"
    )
    assert run_tool(code).outputs == {"out": ["flow", True, "Test"]}


def test_outside_of_a_run_it_is_empty():
    context = OperationContext.get_instance()
    assert context == {}
    context.key = 1
    assert context["key"] == context.key == 1
    assert not hasattr(context, "other")


def test_loggers_are_pythons():
    assert get_logger("x") is logging.getLogger("x")
    assert LoggerFactory.get_logger("x") is logging.getLogger("x")
