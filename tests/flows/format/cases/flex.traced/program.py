from promptflow.tracing import trace


@trace
def inner(x):
    return x + "!"


@trace
def answer(question: str) -> str:
    return inner(question)
