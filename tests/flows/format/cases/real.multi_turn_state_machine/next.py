from promptflow.core import tool


@tool
def next_state(state: dict, utterance: str) -> dict:
    if state["step"] == 1 and utterance.startswith("I am "):
        return {"step": 2, "name": utterance[5:], "seen": [utterance]}
    return {**state, "seen": [utterance]}
