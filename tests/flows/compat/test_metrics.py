from __future__ import annotations

import sys
from types import ModuleType

from flowloom.flows.compat.metrics import listen_to_prompt_flow, log_metric
from flowloom.flows.node.context import running


class Recorder:
    def __init__(self):
        self.metrics = []

    def metric(self, key, value, variant_id=None):
        self.metrics.append((key, value, variant_id))


def test_a_metric_goes_to_the_node_that_runs():
    recorder = Recorder()
    token = running.set(recorder)  # type: ignore[arg-type]
    try:
        log_metric("a", 1.5)
        log_metric("b", 2, variant_id="v")
    finally:
        running.reset(token)
    log_metric("nobody listens", 0)
    assert recorder.metrics == [("a", 1.5, None), ("b", 2, "v")]


def test_metrics_of_an_installed_prompt_flow_are_heard(monkeypatch):
    heard = []
    real = ModuleType("promptflow._core.metric_logger")
    real.add_metric_logger = heard.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, real.__name__, real)
    listen_to_prompt_flow()
    assert heard == [log_metric]
    monkeypatch.delitem(sys.modules, real.__name__)
    listen_to_prompt_flow()
