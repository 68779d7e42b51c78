from typing import Any, Dict, List, Tuple, Union

from promptflow.core import tool


@tool
def n(a: Dict[str, int], b: List[Dict[str, Any]], c: Tuple[int, int], d: Union[str, List[str]], e: Any = None, f: "list" = None) -> Dict[str, Any]:
    """Take all kinds.

    :param a: a mapping
    """
    return {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f}
