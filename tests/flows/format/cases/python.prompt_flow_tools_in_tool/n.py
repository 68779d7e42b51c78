from promptflow.connections import AzureOpenAIConnection
from promptflow.core import tool
from promptflow.tools.aoai import AzureOpenAI, chat
from promptflow.tools.common import parse_chat, render_jinja_template
from promptflow.tools.embedding import embedding


@tool
def n(question: str, connection: AzureOpenAIConnection) -> list:
    template = "system:\nShort.\nuser:\n{{question}}\n"
    text = chat(connection=connection, prompt=template, deployment_name="gpt-4o", temperature=0, question=question)
    other = AzureOpenAI(connection).chat(prompt=template, deployment_name="gpt-4o", max_tokens=20, question=question)
    vector = embedding(connection, question, deployment_name="text-embedding-ada-002")
    return [text, other, len(vector) > 0, parse_chat("user:\nhi"), render_jinja_template("{{a}}", a=1)]
