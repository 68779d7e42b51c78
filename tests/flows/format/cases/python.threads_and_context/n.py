from concurrent.futures import ThreadPoolExecutor

from promptflow.core import tool
from promptflow.tracing import ThreadPoolExecutorWithContext, trace


@trace
def square(x):
    return x * x


@tool
def n(numbers: list) -> list:
    with ThreadPoolExecutor(2) as pool:
        plain = list(pool.map(square, numbers))
    with ThreadPoolExecutorWithContext(2) as pool:
        return [plain, list(pool.map(square, numbers))]
