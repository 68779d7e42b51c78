import json

from promptflow.core import tool


@tool
def grade(answer: str, expected: str) -> dict:
    """Compare the model's label with the right one."""
    label = json.loads(answer)["label"]
    return {"label": label, "correct": label == expected}
