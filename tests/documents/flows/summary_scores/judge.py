from promptflow.connections import AzureOpenAIConnection
from promptflow.core import tool


@tool
def judge(connection: AzureOpenAIConnection, prompt_with_text: str, max_score: int, deployment_name: str) -> str:
    return prompt_with_text
