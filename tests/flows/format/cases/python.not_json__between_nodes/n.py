from promptflow.core import tool


class Thing:
    def __repr__(self):
        return "<a thing>"


@tool
def n():
    return {"set": {1}, "thing": Thing()}
