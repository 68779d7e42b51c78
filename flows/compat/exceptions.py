"""``promptflow.exceptions`` and those of its tools: for flows that raise or catch them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class ErrorTarget(StrEnum):
    """Which part of prompt flow an error came from."""

    EXECUTOR = "Executor"
    BATCH = "Batch"
    CORE = "Core"
    FLOW_EXECUTOR = "FlowExecutor"
    NODE_EXECUTOR = "NodeExecutor"
    TOOL = "Tool"
    AZURE_RUN_STORAGE = "AzureRunStorage"
    RUNTIME = "Runtime"
    UNKNOWN = "Unknown"
    RUN_TRACKER = "RunTracker"
    RUN_STORAGE = "RunStorage"
    CONTROL_PLANE_SDK = "ControlPlaneSDK"
    SERVING_APP = "ServingApp"
    FLOW_INVOKER = "FlowInvoker"
    FUNCTION_PATH = "FunctionPath"


class PromptflowException(Exception):
    """The root. ``message_format`` with keywords makes the message where no ``message`` is given."""

    def __init__(
        self,
        message: str = "",
        message_format: str = "",
        target: ErrorTarget = ErrorTarget.UNKNOWN,
        module: str | None = None,
        **details: Any,
    ) -> None:
        text = message or (message_format.format(**details) if message_format else "")
        super().__init__(text)
        self.message = text
        self.target = target
        self.module = module
        self.details = details


class UserErrorException(PromptflowException):
    pass


class SystemErrorException(PromptflowException):
    pass


class ValidationException(UserErrorException):
    pass


class ToolValidationError(UserErrorException):
    pass


class LLMError(UserErrorException):
    pass


class WrappedOpenAIError(UserErrorException):
    def __init__(self, ex: Any = "", **details: Any) -> None:
        super().__init__(f"OpenAI API hits {type(ex).__name__}: {ex}", **details)


class ExceedMaxRetryTimes(WrappedOpenAIError):
    pass


class JinjaTemplateError(ToolValidationError):
    pass


class ChatAPIInvalidRole(ToolValidationError):
    pass


class ChatAPIFunctionRoleInvalidFormat(ToolValidationError):
    pass


class ChatAPIToolRoleInvalidFormat(ToolValidationError):
    pass


class ChatAPIInvalidFunctions(ToolValidationError):
    pass


class ChatAPIInvalidTools(ToolValidationError):
    pass


class FunctionCallNotSupportedInStreamMode(ToolValidationError):
    pass


class InvalidConnectionType(ToolValidationError):
    pass


class SerpAPISystemError(SystemErrorException):
    pass


class SerpAPIUserError(UserErrorException):
    pass
