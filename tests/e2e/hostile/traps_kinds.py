"""Prompties, flex flows, package tools and modules that flows name."""

from __future__ import annotations

from place import DAG, LLM_DAG, TOOL, files
from traps_text import TEMPLATES, laughs

# Prompty and flex

PROMPTIES: dict[str, str] = {
    "file_outside": "sample: ${file:../../../../etc/passwd}\ninputs: {text: {type: string}}",
    "file_absolute": "sample: ${file:/etc/passwd}",
    "file_zero": "sample: ${file:/dev/zero}",
    "file_itself": "sample: ${file:ask.prompty}",
    "file_environ": "inputs: ${file:/proc/self/environ}",
    "env_secret": "inputs: {text: {type: string, default: '${env:HOME}'}}",
    "python_tag": "x: !!python/object/apply:os.system ['touch {canary}']",
    "bomb": laughs(10, 10).strip(),
    "nested": "x: " + "[" * 3000 + "]" * 3000,
    "connection": "y: ${file:n.py}",
}
for _name, _front in PROMPTIES.items():
    files(f"prompty.{_name}", {"ask.prompty": "---\nname: Ask\nmodel:\n  api: chat\n  configuration: {type: openai, model: gpt-4o, api_key: \"${env:HOME}\"}\n" + _front + "\n---\nuser:\n{{text}}\n", "n.py": "{sing}\n"})
files("prompty.template", {"ask.prompty": "---\nname: Ask\nmodel: {api: chat, configuration: {type: openai, model: gpt-4o}}\n---\nuser:\n" + TEMPLATES["globals"] + TEMPLATES["constant_folding"]})
files("prompty.dashes", {"ask.prompty": "---\n" * 100_000})
files("prompty.no_end", {"ask.prompty": "---\nname: Ask\n" + "x: y\n" * 1})

FLEX = {
    "import": "entry: n:N\n",
    "system": "entry: os:system\nsample: {inputs: {command: \"touch {canary}\"}}\n",
    "expression": "entry: \"__import__('os').system('touch {canary}'):x\"\n",
    "parent": "entry: ../n:N\n",
    "absolute": "entry: /etc/passwd:x\n",
    "shadow": "entry: yaml:load\n",
    "no_colon": "entry: n\n",
    "many_colons": "entry: \"n" + ":n" * 10_000 + "\"\n",
    "long": "entry: " + "n." * 50_000 + "n:N\n",
    "init": "entry: n:N\ninit: {a: {type: string, default: !!python/name:os.system }}\n",
    "not_text": "entry: [n, N]\n",
}  # fmt: skip
for _name, _yaml in FLEX.items():
    files(f"flex.{_name}", {"flow.flex.yaml": _yaml, "n.py": "{sing}\n\n\nclass N:\n    {sing}\n\n    def __init__(self, a={sing}):\n        {sing}\n\n    def __call__(self):\n        {sing}\n", "yaml.py": "{sing}\n"}, runs=_name == "import")
files("flex.both", {"flow.flex.yaml": "entry: n:N\n", "flow.dag.yaml": DAG, "n.py": "{sing}\n"})

# Tools of packages, and what a flow says about modules

MODULES = {
    "llm_module": LLM_DAG + "  module: helper\n",
    "llm_provider": LLM_DAG + "  provider: helper\n",
    "tools_list": DAG + "tools:\n- {name: x, type: python, module: helper, function: system, inputs: {}}\n- {name: y, type: python, code: \"{sing}\", inputs: {}}\n",
    "package_tool": DAG.replace("{type: code, path: n.py}", "{type: package, tool: os.system}"),
    "package_tool_of_folder": DAG.replace("{type: code, path: n.py}", "{type: package, tool: helper.run}"),
    "package_tool_long": DAG.replace("{type: code, path: n.py}", "{type: package, tool: " + "a." * 20_000 + "b}"),
    "custom_llm": DAG.replace("type: python", "type: custom_llm").replace("{type: code, path: n.py}", "{type: package_with_prompt, tool: os.system, path: n.jinja2}"),
    "variants": DAG.replace("  type: python\n  source: {type: code, path: n.py}\n", "  use_variants: true\n") + "node_variants: {n: {default_variant_id: v, variants: {v: {node: {type: python, source: {type: code, path: n.py}}}}}}\n",
    "assistant": DAG.replace('{text: "${inputs.text}"}', "{definition: assistant.yaml}"),
}  # fmt: skip
for _name, _yaml in MODULES.items():
    files(f"module.{_name}", {"flow.dag.yaml": _yaml, "n.py": "{sing}\n" + TOOL, "n.jinja2": "user:\nhi", "helper.py": "{sing}\n", "assistant.yaml": "tools:\n- {type: function, source: {type: code, path: n.py}}\n"})
