from utils.scoring import overlap

from promptflow.core import tool


@tool
def find(question: str, documents: list, top_k: int = 3) -> dict:
    ranked = sorted(documents, key=lambda d: (-overlap(question, d["text"]), d["source"]))[:top_k]
    return {"texts": [d["text"] for d in ranked], "sources": [d["source"] for d in ranked]}
