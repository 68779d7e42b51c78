from promptflow.core import tool


@tool
def n() -> dict:
    return {"int": 2**70, "text": "\u4f60\u597d \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "float": 1e300, "tiny": 0.1 + 0.2}
