from __future__ import annotations


def test_a_flow_as_a_node_takes_inputs_and_defaults(outer):
    assert outer("loom.flow.call", flow="inner", n=2).run() == {"result": {"n": 6, "text": "it is 6"}}
    assert outer("loom.flow.call", flow="inner", n="4", by=10).run()["result"]["n"] == 40


def test_what_fails_inside_names_the_node_that_called(outer):
    result = outer("loom.flow.call", flow="inner", n=-1).run_result()
    assert (result.status, result.nodes["node"].status) == ("failed", "failed")
    assert "-1 is negative" in result.error.message


def test_a_flow_that_is_not_there_or_lies_outside(outer):
    assert "gone" in outer("loom.flow.call", flow="gone").run_result().error.message
    outside = outer("loom.flow.call", flow="../..").run_result()
    assert outside.status == "failed"
    assert outside.error.hint


def test_a_missing_input_of_the_called_flow(outer):
    assert "'n'" in outer("loom.flow.call", flow="inner").run_result().error.message


def test_a_flow_that_calls_itself_ends(outer):
    result = outer("loom.flow.call", flow=".").run_result()
    assert result.status == "failed"
    assert result.error.kind == "limit"
