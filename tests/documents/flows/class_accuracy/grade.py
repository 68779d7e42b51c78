from promptflow.core import tool


@tool
def grade(groundtruth: str, prediction: str) -> bool:
    return 'Correct' if groundtruth == prediction else 'Incorrect'
