import re

from promptflow.core import tool


@tool
def parse(reply: str) -> dict:
    found = re.search(r"(positive|negative|neutral)\W*([\d.]+)?", reply.lower())
    if not found:
        raise ValueError(f"no label in {reply!r}")
    return {"label": found.group(1), "confidence": float(found.group(2) or 1.0)}
