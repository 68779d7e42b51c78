from promptflow.connections import AzureOpenAIConnection
from promptflow.core import tool


@tool
def grounding(connection: AzureOpenAIConnection, chat_history: list, model_or_deployment_name: str, prompt: str) -> str:
    return model_or_deployment_name
