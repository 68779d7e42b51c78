"""Which of our objects stands behind which name of prompt flow, as data: ``{module: {name: "our.module:attribute"}}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_COMPAT: Final = "flowloom.flows.compat"


def _of(module: str, names: str) -> dict[str, str]:
    """Names that are called the same in one of our modules."""
    return {name: f"{module}:{name}" for name in names.split()}


_TOOL: Final = {
    "tool": "flowloom.flows.node.declare:tool",
    **_of(f"{_COMPAT}.metrics", "log_metric"),
    **_of(f"{_COMPAT}.tool_provider", "ToolProvider"),
}
_METRICS: Final = {"log_metric": f"{_COMPAT}.metrics:log_metric", "log_flow_metric": f"{_COMPAT}.metrics:log_metric"}
_FLOWS: Final = _of(f"{_COMPAT}.flow_loading", "Flow AsyncFlow")
_PROMPTIES: Final = _of(f"{_COMPAT}.prompty", "Prompty AsyncPrompty")
_MODELS: Final = _of(f"{_COMPAT}.model_configuration", "ModelConfiguration AzureOpenAIModelConfiguration OpenAIModelConfiguration")
_CLIENT: Final = _of(f"{_COMPAT}.flow_loading", "PFClient load_flow load_run")
_CONNECTIONS: Final = _of(
    "flowloom.flows.connections.kinds",
    "AzureAIServicesConnection AzureContentSafetyConnection AzureOpenAIConnection CognitiveSearchConnection CustomConnection "
    "CustomStrongTypeConnection FormRecognizerConnection OpenAIConnection QdrantConnection SerpConnection ServerlessConnection "
    "WeaviateConnection",
)
_SETTINGS: Final = _of(
    f"{_COMPAT}.tool_settings",
    "DynamicList GeneratedBy InputSetting ToolType INPUTS_TO_ESCAPE_PARAM_KEY STREAMING_OPTION_PARAMETER_ATTR",
)
_REGISTER: Final = {
    **dict.fromkeys(("register_apis", "register_builtins", "register_connections"), f"{_COMPAT}.tool_settings:register"),
    **_of(f"{_COMPAT}.tool_settings", "enable_cache"),
}
_TRACE: Final = _of(f"{_COMPAT}.tracing", "trace start_trace ThreadPoolExecutorWithContext")
_LOGGERS: Final = _of(f"{_COMPAT}.operation", "logger flow_logger bulk_logger get_logger LoggerFactory")
_CONTEXT: Final = _of(f"{_COMPAT}.operation", "OperationContext")
_ENTITIES: Final = {
    **_CONNECTIONS,
    **_of(f"{_COMPAT}.tool_settings", "DynamicList InputSetting"),
    **_of(f"{_COMPAT}.flow_loading", "FlowContext"),
}
_ERRORS: Final = _of(
    f"{_COMPAT}.exceptions", "ErrorTarget PromptflowException SystemErrorException UserErrorException ValidationException"
)
_TOOL_ERRORS: Final = _of(
    f"{_COMPAT}.exceptions",
    "ChatAPIFunctionRoleInvalidFormat ChatAPIInvalidFunctions ChatAPIInvalidRole ChatAPIInvalidTools ChatAPIToolRoleInvalidFormat "
    "ExceedMaxRetryTimes FunctionCallNotSupportedInStreamMode InvalidConnectionType JinjaTemplateError LLMError SerpAPISystemError "
    "SerpAPIUserError ToolValidationError WrappedOpenAIError",
)
_COMMON: Final = {
    **_of(
        f"{_COMPAT}.common",
        "ChatInputList PromptResult build_messages convert_to_chat_list find_referenced_image_set handle_openai_error "
        "init_azure_openai_client init_openai_client normalize_connection_config parse_chat post_process_chat_api_response "
        "preprocess_template_string render_jinja_template to_bool",
    ),
    **dict.fromkeys(("validate_functions", "validate_role", "validate_tools"), f"{_COMPAT}.common:accept"),
    **dict.fromkeys(("process_function_call", "process_tool_choice"), f"{_COMPAT}.common:choice"),
}
_AZURE: Final = {
    "AzureOpenAI": f"{_COMPAT}.models:AzureOpenAI",
    "chat": f"{_COMPAT}.models:azure_chat",
    "completion": f"{_COMPAT}.models:azure_completion",
}
_OPENAI: Final = {
    "OpenAI": f"{_COMPAT}.models:OpenAI",
    "chat": f"{_COMPAT}.models:openai_chat",
    "completion": f"{_COMPAT}.models:openai_completion",
}
_IMAGES: Final = _of("flowloom.flows.model.images", "Image Text")
_TYPES: Final = _of(f"{_COMPAT}.types", "AssistantDefinition FilePath PromptTemplate Secret")
_VERSION: Final = {"__version__": f"{_COMPAT}.operation:VERSION", "VERSION": f"{_COMPAT}.operation:VERSION"}

MODULES: Final[Mapping[str, Mapping[str, str]]] = {
    "promptflow": {**_TOOL, **_METRICS, **_CLIENT, **_VERSION},
    "promptflow._core": {},
    "promptflow._core.metric_logger": _METRICS,
    "promptflow._core.operation_context": _CONTEXT,
    "promptflow._core.tool": {**_TOOL, **_SETTINGS},
    "promptflow._core.tools_manager": _REGISTER,
    "promptflow._internal": {**_TOOL, **_SETTINGS, **_REGISTER, **_LOGGERS, **_CONTEXT, **_METRICS},
    "promptflow._sdk": {},
    "promptflow._sdk._pf_client": _CLIENT,
    "promptflow._sdk.entities": _ENTITIES,
    "promptflow._sdk.entities._connection": _CONNECTIONS,
    "promptflow._utils": {},
    "promptflow._utils.logger_utils": _LOGGERS,
    "promptflow._version": _VERSION,
    "promptflow.client": _CLIENT,
    "promptflow.connections": _CONNECTIONS,
    "promptflow.contracts": {},
    "promptflow.contracts.multimedia": _IMAGES,
    "promptflow.contracts.tool": _of(f"{_COMPAT}.tool_settings", "ToolType"),
    "promptflow.contracts.types": _TYPES,
    "promptflow.core": {**_TOOL, **_METRICS, **_FLOWS, **_PROMPTIES, **_MODELS, **_VERSION},
    "promptflow.core._connection": _CONNECTIONS,
    "promptflow.core._flow": {**_FLOWS, **_PROMPTIES},
    "promptflow.core._model_configuration": _MODELS,
    "promptflow.entities": _ENTITIES,
    "promptflow.exceptions": _ERRORS,
    "promptflow.tools": {
        **_of(f"{_COMPAT}.models", "AzureOpenAI OpenAI SerpAPI"),
    },
    "promptflow.tools.aoai": _AZURE,
    "promptflow.tools.common": {**_COMMON, **_TOOL_ERRORS},
    "promptflow.tools.embedding": _of(f"{_COMPAT}.models", "EmbeddingModel embedding"),
    "promptflow.tools.exception": _TOOL_ERRORS,
    "promptflow.tools.openai": _OPENAI,
    "promptflow.tools.serpapi": _of(f"{_COMPAT}.models", "SerpAPI"),
    "promptflow.tools.template_rendering": _of(f"{_COMPAT}.common", "render_template_jinja2"),
    "promptflow.tracing": {**_TRACE, **_VERSION},
    "promptflow.tracing._operation_context": _CONTEXT,
    "promptflow.tracing._trace": _TRACE,
}
