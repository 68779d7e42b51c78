import json

from promptflow.core import tool

TEAMS = {
    "quality": "Product team",
    "delivery": "Shipping team",
    "service": "Customer care",
    "price": "Sales team",
}


@tool
def triage(sentiment: str, topic: str) -> dict:
    """Decide who looks after a review, and how soon.

    Both inputs are the JSON texts that the model gave, such as {"topic": "price"}.
    """
    feeling = json.loads(sentiment)["sentiment"]
    subject = json.loads(topic)["topic"]
    return {
        "sentiment": feeling,
        "topic": subject,
        "team": TEAMS[subject],
        "answer_within_hours": 4 if feeling == "negative" else 48,
    }
