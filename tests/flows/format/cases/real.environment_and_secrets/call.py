from promptflow.core import tool


import json
import os

BASE = os.environ["API_BASE"]


@tool
def call(path: str) -> dict:
    return {"url": BASE + path, "key": len(os.environ["API_KEY"]), "limit": json.loads(os.environ["LIMITS"])["per_minute"]}
