from promptflow.connections import OpenAIConnection
from promptflow.core import tool
from promptflow.tools.openai import chat


@tool
def map_pieces(pieces: list, connection: OpenAIConnection, model: str) -> list:
    prompt = "system:\nSummarize.\nuser:\n{{piece}}\n"
    return [chat(connection=connection, prompt=prompt, model=model, temperature=0, piece=piece) for piece in pieces]
