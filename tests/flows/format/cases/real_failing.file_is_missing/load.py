import os

from promptflow.core import tool


@tool
def load(folder: str) -> list:
    found = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            found.append({"source": name, "text": file.read().strip()})
    return found
