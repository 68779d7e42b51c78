from __future__ import annotations

import pytest

from flowloom.flows.compat.model_configuration import (
    AzureOpenAIModelConfiguration,
    ModelConfiguration,
    OpenAIModelConfiguration,
)
from flowloom.flows.connections.kinds import AzureOpenAIConnection, OpenAIConnection
from flowloom.flows.errors import ConnectionFault


def test_they_are_made_of_connections():
    azure = AzureOpenAIConnection(api_key="k", api_base="http://a", api_version="v")
    made = AzureOpenAIModelConfiguration.from_connection(azure, azure_deployment="d")
    assert (made.azure_deployment, made.azure_endpoint, made.api_version, made.api_key, made.connection) == ("d", "http://a", "v", "k", None)
    plain = OpenAIConnection(api_key="k", base_url="http://b", organization="o")
    assert OpenAIModelConfiguration.from_connection(plain, model="m") == OpenAIModelConfiguration("m", "http://b", "k", "o")
    assert isinstance(made, ModelConfiguration)


@pytest.mark.parametrize("cls", [AzureOpenAIModelConfiguration, OpenAIModelConfiguration])
def test_a_connection_and_a_key_exclude_each_other(cls):
    assert cls("m", connection="c").connection == "c"
    with pytest.raises(ConnectionFault, match="names a connection and also"):
        cls("m", api_key="k", connection="c")
