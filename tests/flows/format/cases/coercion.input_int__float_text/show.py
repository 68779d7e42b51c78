from promptflow.core import tool


@tool
def show(value) -> str:
    plain = next((kind for kind in (bool, int, float, str, list, dict) if isinstance(value, kind)), type(value))
    return f"{plain.__name__}: {value!r}" if value is not None else "nothing"
