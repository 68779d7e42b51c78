from __future__ import annotations

import sys

from flowloom.flows.node.prompt_flow_modules import LOADED_FIRST


def test_what_prompt_flow_imports_itself_cannot_be_hidden_and_the_rest_can():
    assert {"json", "os", "openai", "requests", "yaml"} - LOADED_FIRST == {"yaml"}
    hidden = {"statistics", "code", "cmd", "trace", "unittest"}
    assert hidden <= sys.stdlib_module_names
    assert not hidden & LOADED_FIRST
