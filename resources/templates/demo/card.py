from promptflow.core import tool


@tool
def card(review: str, triage: dict, reply: str) -> str:
    """Put everything on one card that a person can read."""
    return "\n".join(
        [
            f"Review     {review}",
            f"Sentiment  {triage['sentiment']}",
            f"Topic      {triage['topic']}",
            f"For        {triage['team']}, within {triage['answer_within_hours']} hours",
            f"Reply      {reply.strip()}",
        ]
    )
