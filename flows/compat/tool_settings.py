"""``InputSetting``, ``DynamicList`` and what registers tools: prompt flow's editor reads them, a run does not."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

INPUTS_TO_ESCAPE_PARAM_KEY = "_inputs_to_escape"
STREAMING_OPTION_PARAMETER_ATTR = "_streaming_option_parameter"


class ToolType(StrEnum):
    LLM = "llm"
    PYTHON = "python"
    CSHARP = "csharp"
    PROMPT = "prompt"
    _ACTION = "action"
    CUSTOM_LLM = "custom_llm"


class DynamicList:
    """A function that lists an input's choices."""

    def __init__(self, function: Callable[..., Any] | str, input_mapping: dict[str, str] | None = None) -> None:
        self.function = function
        self.input_mapping = input_mapping or {}


class GeneratedBy:
    """A function that makes an input's value of others."""

    def __init__(
        self,
        function: Callable[..., Any] | str,
        reverse_function: Callable[..., Any] | str,
        input_settings: dict[str, Any] | None = None,
    ) -> None:
        self.function = function
        self.reverse_function = reverse_function
        self.input_settings = input_settings or {}


class InputSetting:
    """How an input is shown: ``is_multi_select``, ``allow_manual_entry``, ``enabled_by``, ``dynamic_list`` and others."""

    def __init__(self, **settings: Any) -> None:
        for name in ("is_multi_select", "allow_manual_entry", "enabled_by", "enabled_by_value", "dynamic_list", "generated_by"):
            setattr(self, name, settings.pop(name, None))
        self._kwargs = settings


def register(*registered: Any, **options: Any) -> Any:
    """Stands in for ``register_apis``, ``register_builtins`` and ``register_connections``: returns what it is given first."""
    return registered[0] if registered else lambda function: function


def enable_cache(*keys: Any, **options: Any) -> Callable[[Any], Any]:
    """Stands in for the decorator of this name: returns the function as it is."""
    return lambda function: function
