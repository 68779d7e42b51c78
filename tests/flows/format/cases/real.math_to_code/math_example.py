from promptflow.core import tool


@tool
def prepare_example():
    return [
        {
            "question": "What is 37593 * 67?",
            "code": "{\n    \"code\": \"print(37593 * 67)\"\n}",
            "answer": "2512641",
        },
    ]
