from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool
def extract_intent_tool(chat_prompt: str, connection: CustomConnection) -> str:
    return chat_prompt
