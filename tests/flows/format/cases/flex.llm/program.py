import os

from openai import OpenAI
from promptflow.tracing import trace


@trace
def answer(question: str) -> str:
    client = OpenAI(api_key="test-key", base_url=os.environ["MODEL_URL"])
    reply = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": question}])
    return reply.choices[0].message.content
