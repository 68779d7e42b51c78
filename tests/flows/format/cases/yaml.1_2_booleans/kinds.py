from promptflow.core import tool


PLAIN = (bool, int, float, str, list, dict)


@tool
def kinds(value) -> str:
    plain = next((kind for kind in PLAIN if isinstance(value, kind)), None)
    return f"{plain.__name__}: {plain(value)!r}" if plain else str(value)
