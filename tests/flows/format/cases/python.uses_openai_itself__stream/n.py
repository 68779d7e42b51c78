from openai import OpenAI
from promptflow.connections import OpenAIConnection
from promptflow.core import tool


@tool
def n(connection: OpenAIConnection, question: str):
    client = OpenAI(**{key: value for key, value in dict(connection).items() if value})
    for chunk in client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": question}], stream=True):
        if chunk.choices and chunk.choices[0].delta.content:
            yield chunk.choices[0].delta.content
