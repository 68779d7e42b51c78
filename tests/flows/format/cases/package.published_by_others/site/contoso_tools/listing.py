def list_package_tools():
    module = "contoso_tools.tools"
    text, number = {"type": ["string"]}, {"type": ["int"]}
    return {
        "contoso_tools.tools.greet": {"name": "Greet", "type": "python", "module": module, "function": "greet", "inputs": {"name": text, "times": {"type": ["int"], "default": 1}, "tone": {"type": ["string"], "enum": ["warm", "cold"]}}},
        "contoso_tools.tools.call": {"name": "Call", "type": "python", "module": module, "function": "call", "inputs": {"connection": {"type": ["CustomConnection"], "custom_type": ["ContosoConnection"]}, "path": text}},
        "contoso_tools.tools.read": {"name": "Read", "type": "python", "module": module, "function": "read", "inputs": {"file": {"type": ["file_path"]}}},
        "contoso_tools.tools.Counter.count": {"name": "Count", "type": "python", "module": module, "class_name": "Counter", "function": "count", "inputs": {"start": number, "by": number}},
        "contoso_tools.tools.render": {"name": "Render", "type": "custom_llm", "module": module, "function": "render", "inputs": {"shout": {"type": ["bool"]}}},
        "contoso_tools.tools.fail": {"name": "Fail", "type": "python", "module": module, "function": "fail", "inputs": {"name": text}},
        "contoso_tools.tools.new_name": {"name": "New", "type": "python", "module": module, "function": "greet", "inputs": {"name": text}, "deprecated_tools": ["contoso_tools.tools.old_name"]},
    }
