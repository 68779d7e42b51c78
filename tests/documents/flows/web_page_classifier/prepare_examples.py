from promptflow.core import tool


@tool
def prepare_examples() -> list:
    return [{'url': 'https://example.com', 'category': 'other'}]
