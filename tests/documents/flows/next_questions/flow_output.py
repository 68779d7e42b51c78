from promptflow.core import tool


@tool
def flow_output(questions: str, stop_or_continue: str) -> str:
    return questions
