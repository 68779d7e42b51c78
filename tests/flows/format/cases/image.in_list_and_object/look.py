from promptflow.core import tool


@tool
def look(things: list, literal: list) -> list:
    return [things[0], type(things[1]).__name__, type(things[2]["deep"]).__name__, type(literal[0]).__name__, str(things[1])]
