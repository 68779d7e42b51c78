"""The keys of a flow file that mean something, and the words they may hold. Other keys are kept and ignored."""

from __future__ import annotations

from typing import Final

FLOW_KEYS: Final = frozenset(
    [
        "$schema",
        "id",
        "name",
        "version",
        "type",
        "language",
        "display_name",
        "description",
        "path",
        "tags",
        "inputs",
        "outputs",
        "nodes",
        "node_variants",
        "tools",
        "environment",
        "environment_variables",
        "additional_includes",
        "message_format",
    ]
)
FLEX_KEYS: Final = FLOW_KEYS | {"entry", "init", "sample", "code"}
PROMPTY_KEYS: Final = FLOW_KEYS | {"model", "sample", "authors", "api", "format", "template"}
INPUT_KEYS: Final = frozenset(["type", "default", "description", "enum", "is_chat_input", "is_chat_history"])
OUTPUT_KEYS: Final = frozenset(["type", "reference", "description", "evaluation_only", "is_chat_output"])
NODE_KEYS: Final = frozenset(
    [
        "name",
        "type",
        "source",
        "inputs",
        "connection",
        "api",
        "provider",
        "module",
        "activate",
        "aggregation",
        "reduce",
        "use_variants",
        "enable_cache",
        "comment",
        "tool",
        "retry",
        "timeout_seconds",
        "cache",
    ]
)
SOURCE_KEYS: Final = frozenset(["type", "path", "tool"])
ACTIVATE_KEYS: Final = frozenset(["when", "is"])
RETRY_KEYS: Final = frozenset(["attempts", "backoff_seconds"])

FLOW_TYPE_WORDS: Final = ("standard", "evaluation", "chat")
NODE_TYPE_WORDS: Final = ("llm", "python", "prompt", "custom_llm")
SOURCE_TYPE_WORDS: Final = ("code", "package", "package_with_prompt")
MESSAGE_FORMAT_WORDS: Final = ("basic", "openai-vision")
VALUE_TYPE_WORDS: Final = [
    "int",
    "double",
    "bool",
    "string",
    "list",
    "object",
    "image",
    "secret",
    "prompt_template",
    "file_path",
    "assistant_definition",
]
"""The types of flow inputs and outputs."""


def near(word: object, known: frozenset[str] | tuple[str, ...] | list[str]) -> str:
    """The known word that ``word`` is a slip of, or an empty text."""
    import difflib

    if not isinstance(word, str):
        return ""
    for candidate in known:
        if candidate.replace("_", "").lower() == word.replace("_", "").replace("-", "").lower():
            return candidate
    found = difflib.get_close_matches(word, list(known), 1, 0.75)
    return found[0] if found else ""
