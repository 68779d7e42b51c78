import os
from pathlib import Path

from promptflow.core import tool


@tool
def n(files: list) -> dict:
    return {name: Path(name).read_text().strip() if Path(name).is_file() else Path(name).exists() for name in files}
