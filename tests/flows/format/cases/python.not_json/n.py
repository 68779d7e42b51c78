from promptflow.core import tool


class Thing:
    def __repr__(self):
        return "<a thing>"


@tool
def n(x: int):
    return Thing()
