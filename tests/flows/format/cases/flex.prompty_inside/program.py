from pathlib import Path

from promptflow.core import OpenAIModelConfiguration, Prompty
from promptflow.tracing import trace


class Chat:
    def __init__(self, model_config: OpenAIModelConfiguration):
        self.model_config = model_config

    @trace
    def __call__(self, question: str = "What is a flow?", chat_history: list = None) -> str:
        prompty = Prompty.load(source=Path(__file__).parent / "chat.prompty", model={"configuration": self.model_config})
        return prompty(question=question, chat_history=chat_history or [])
