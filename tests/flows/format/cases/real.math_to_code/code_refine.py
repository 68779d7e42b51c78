import json

from promptflow.core import tool


@tool
def code_refine(original_code: str) -> str:
    try:
        original_code = json.loads(original_code)["code"]
        fixed_code = None

        if "print" not in original_code:
            lines = original_code.split("\n")
            lines[-1] = f"print({lines[-1]})"
            fixed_code = "\n".join(lines)
        return fixed_code or original_code
    except json.JSONDecodeError:
        return "JSONDecodeError"
    except Exception as e:
        return "Unknown Error:" + str(e)
