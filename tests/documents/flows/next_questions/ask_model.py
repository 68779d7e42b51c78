from promptflow.connections import AzureOpenAIConnection
from promptflow.core import tool


@tool
def ask_model(connection: AzureOpenAIConnection, model: str, prompt: str, question_count: str, stop: list) -> str:
    return model
