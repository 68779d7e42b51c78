from promptflow.core import tool


@tool
def generate_goal_functions() -> list:
    return [{'name': 'search', 'parameters': {'type': 'object', 'properties': {}}}]
