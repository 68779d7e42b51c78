from dataclasses import dataclass, field


@dataclass
class Inner:
    x: int = 1


@dataclass
class Result:
    text: str
    inner: Inner = field(default_factory=Inner)
    items: list = field(default_factory=list)


def answer():
    return Result("hi", items=[Inner(2)])
