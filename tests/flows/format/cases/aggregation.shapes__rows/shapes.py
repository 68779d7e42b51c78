from promptflow.core import tool


@tool
def shapes(nodes=None, inputs=None, literal=None, other=None, words="default") -> dict:
    return {"nodes": nodes, "inputs": inputs, "literal": literal, "other": other, "words": words}
