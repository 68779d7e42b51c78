from promptflow.core import tool


from dataclasses import dataclass, field


@dataclass
class Inner:
    word: str = "inside"


@dataclass
class Outer:
    title: str = "outside"
    inner: Inner = field(default_factory=Inner)
    items: tuple = (1, 2)


@tool
def data() -> Outer:
    return Outer()
