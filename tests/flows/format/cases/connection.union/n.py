from typing import Union

from promptflow.connections import AzureOpenAIConnection, OpenAIConnection
from promptflow.core import tool


@tool
def n(service: Union[AzureOpenAIConnection, OpenAIConnection]) -> str:
    return type(service).__name__
