from promptflow.core import tool


@tool
def n(**everything) -> dict:
    kinds = (bool, int, float, str, list, dict)
    return {name: [next(k.__name__ for k in kinds if isinstance(v, k)), v] for name, v in everything.items()}
