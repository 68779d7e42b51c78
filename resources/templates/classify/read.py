import json

from promptflow.core import tool


@tool
def read(reply: str) -> dict:
    """Take the answer out of the model's JSON; unhappy customers get a reply."""
    sentiment = json.loads(reply)["sentiment"]
    return {"sentiment": sentiment, "needs_reply": sentiment == "negative"}
