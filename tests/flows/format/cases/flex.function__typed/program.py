from typing import Optional


def answer(items: list, config: dict, flag: bool, ratio: float = 0.5, size: Optional[int] = None, plain="x"):
    return [items, config, flag, ratio, size, plain]
