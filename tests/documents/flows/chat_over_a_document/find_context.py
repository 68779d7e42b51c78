from promptflow.core import tool


@tool
def find_context(question: str, index_path: str) -> dict:
    return {'prompt': question, 'context': index_path}
