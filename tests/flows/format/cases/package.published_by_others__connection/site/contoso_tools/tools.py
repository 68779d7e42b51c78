from enum import Enum

from promptflow.connections import CustomConnection, CustomStrongTypeConnection
from promptflow.contracts.types import FilePath, PromptTemplate, Secret
from promptflow.core import ToolProvider, tool


class Tone(str, Enum):
    WARM = "warm"
    COLD = "cold"


class ContosoConnection(CustomStrongTypeConnection):
    token: Secret
    url: str = "http://default.example"


@tool
def greet(name: str, times: int = 1, tone: Tone = Tone.WARM) -> str:
    return f"{tone} hello {name}! " * times


@tool
def call(connection: ContosoConnection, path: str) -> list:
    return [type(connection).__name__, connection.url + path, len(connection.token)]


@tool
def read(file: FilePath) -> str:
    with open(file, encoding="utf-8") as opened:
        return opened.read()


class Counter(ToolProvider):
    def __init__(self, start: int):
        super().__init__()
        self.start = start

    @tool
    def count(self, by: int) -> int:
        return self.start + by


@tool
def render(prompt: PromptTemplate, shout: bool = False, **variables) -> str:
    from jinja2 import Template

    text = Template(prompt).render(**variables)
    return text.upper() if shout else text


@tool
def fail(name: str) -> str:
    raise RuntimeError("the tool says no to " + name)
