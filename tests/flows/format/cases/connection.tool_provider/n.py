from promptflow.connections import CustomConnection
from promptflow.core import ToolProvider, tool


class Client(ToolProvider):
    def __init__(self, service: CustomConnection):
        super().__init__()
        self.url = service.url

    @tool
    def ask(self, path: str) -> str:
        return self.url + path
