from promptflow.core import tool


@tool
def pick() -> dict:
    return {"one": 1, "true": True, "half": 0.5, "text": "1", "none": None, "list": [1, 2], "nested": {"deep": "x"}}
