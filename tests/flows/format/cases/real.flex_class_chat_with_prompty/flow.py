from pathlib import Path

from promptflow.core import OpenAIModelConfiguration, Prompty
from promptflow.tracing import trace

BASE_DIR = Path(__file__).absolute().parent


class ChatFlow:
    def __init__(self, model_config: OpenAIModelConfiguration, max_total_token: int = 4096):
        self.model_config = model_config
        self.max_total_token = max_total_token

    @trace
    def __call__(self, question: str = "What is ChatGPT?", chat_history: list = None) -> str:
        """Flow entry function."""
        prompty = Prompty.load(source=BASE_DIR / "chat.prompty", model={"configuration": self.model_config})
        chat_history = chat_history or []
        while len(chat_history) > 4:
            chat_history = chat_history[1:]
        output = prompty(question=question, chat_history=chat_history)
        return output
