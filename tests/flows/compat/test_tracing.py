from __future__ import annotations

from contextvars import ContextVar

from flowloom.flows.compat.tracing import ThreadPoolExecutorWithContext, start_trace, trace

variable: ContextVar[int] = ContextVar("variable", default=0)


def test_a_traced_function_is_itself():
    def function():
        return 1

    assert trace(function) is function
    assert trace(name="x")(function) is function
    assert start_trace(collection="c", resource_attributes={}) is None


def test_threads_know_the_run_they_work_for():
    variable.set(5)
    with ThreadPoolExecutorWithContext(2) as pool:
        assert list(pool.map(lambda n: variable.get() + n, range(3))) == [5, 6, 7]
