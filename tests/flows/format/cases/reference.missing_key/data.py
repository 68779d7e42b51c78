from promptflow.core import tool


@tool
def data() -> dict:
    return {
        "title": "Flows",
        "odd key": "spaced",
        "with-hyphen": "hyphen",
        "deep": {"list": ["zero", {"name": "one"}, ["two", "three"]]},
        "number": 7,
    }
