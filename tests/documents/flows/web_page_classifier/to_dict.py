from promptflow.core import tool


@tool
def to_dict(input_str: str) -> dict:
    import json

    return {'category': json.loads(input_str)['category'], 'evidence': 'text'}
