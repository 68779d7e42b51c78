from promptflow.core import tool


@tool
def math_example() -> list:
    return [{'question': 'What is 2 and 3?', 'code': 'print(2 + 3)'}]
