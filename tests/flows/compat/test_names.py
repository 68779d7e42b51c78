from __future__ import annotations

import importlib

import pytest

from flowloom.flows.compat.finder import installed
from flowloom.flows.compat.names import MODULES

NEEDED = {
    "promptflow": "tool log_metric ToolProvider load_flow PFClient",
    "promptflow.core": "tool log_metric ToolProvider Prompty AsyncPrompty Flow AsyncFlow AzureOpenAIModelConfiguration OpenAIModelConfiguration",
    "promptflow.tracing": "trace start_trace",
    "promptflow.connections": "AzureOpenAIConnection OpenAIConnection ServerlessConnection CustomConnection CustomStrongTypeConnection "
    "CognitiveSearchConnection SerpConnection AzureContentSafetyConnection",
    "promptflow.contracts.multimedia": "Image",
    "promptflow.contracts.types": "Secret PromptTemplate FilePath AssistantDefinition",
    "promptflow.tools": "AzureOpenAI OpenAI",
    "promptflow.tools.aoai": "AzureOpenAI chat completion",
    "promptflow.tools.openai": "OpenAI chat completion",
    "promptflow.tools.common": "render_jinja_template parse_chat build_messages handle_openai_error",
    "promptflow.tools.embedding": "embedding",
    "promptflow._core.tool": "tool ToolProvider InputSetting",
    "promptflow._internal": "tool ToolProvider register_apis",
    "promptflow.entities": "InputSetting DynamicList AzureOpenAIConnection",
    "promptflow._sdk.entities": "InputSetting DynamicList CustomConnection",
    "promptflow.client": "load_flow PFClient",
    "promptflow.exceptions": "UserErrorException",
}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_name_of_the_table_leads_somewhere(module):
    with installed():
        found = importlib.import_module(module)
        assert set(dir(found)) >= set(MODULES[module])
        assert all(getattr(found, name) is not None for name in MODULES[module])


@pytest.mark.parametrize("module", sorted(NEEDED))
def test_the_names_that_flows_import_are_there(module):
    with installed():
        found = importlib.import_module(module)
        assert [name for name in NEEDED[module].split() if not hasattr(found, name)] == []


def test_every_module_has_its_packages():
    assert all(name.rpartition(".")[0] in {"", *MODULES} for name in MODULES)
