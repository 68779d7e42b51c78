from promptflow.connections import CustomConnection
from promptflow.core import ToolProvider, tool


class Shouter(ToolProvider):
    def __init__(self, connection: CustomConnection, suffix: str = "!"):
        super().__init__()
        self._base = connection.api_base
        self._suffix = suffix

    @tool
    def shout(self, text: str) -> str:
        return f"{self._base}: {text.upper()}{self._suffix}"
