from promptflow.connections import AzureOpenAIConnection
from promptflow.core import tool


@tool
def agent_node(connection: AzureOpenAIConnection, deployment_name: str, functions: str, goals: str, name: str, role: str, system_prompt: str, triggering_prompt: str, user_prompt: str) -> str:
    return deployment_name
