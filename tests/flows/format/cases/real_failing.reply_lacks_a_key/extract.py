import json
import re

from promptflow.core import tool


@tool
def extract(raw: str) -> dict:
    text = re.sub(r"^```(json)?|```$", "", raw.strip(), flags=re.MULTILINE).strip()
    return json.loads(text)
