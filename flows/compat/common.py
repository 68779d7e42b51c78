"""``promptflow.tools.common`` and ``.template_rendering``: what tools for models share, on our own renderer and parser."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flowloom.flows.connections.kinds import AzureOpenAIConnection, OpenAIConnection, ServerlessConnection
from flowloom.flows.engine import prompt as prompts
from flowloom.flows.engine.render import render
from flowloom.flows.errors import ConnectionFault, FlowloomError
from flowloom.flows.model import messages
from flowloom.flows.model.messages import PromptText

ChatInputList = prompts.LineList
PromptResult = PromptText
_ESCAPED = "_inputs_to_escape"


def render_jinja_template(
    template_content: str, trim_blocks: bool = True, keep_trailing_newline: bool = True, escape_dict: Any = None, **variables: Any
) -> str:
    """The filled template, in our sandbox. Raises TemplateError or LimitExceeded."""
    return render(template_content, variables)


def render_template_jinja2(template: str, **variables: Any) -> PromptText:
    """What a prompt node gives for this template."""
    guarded = variables.pop(_ESCAPED, None) or ()
    return prompts.render_prompt(template, variables, guarded)


def build_messages(prompt: str, images: Iterable[Any] | None = None, image_detail: str = "auto", **variables: Any) -> list[dict[str, Any]]:
    """The messages of a chat prompt. Raises TemplateError."""
    guarded = variables.pop(_ESCAPED, None) or ()
    return prompts.build_messages(prompt, variables, guarded, vision=bool(images), image_detail=image_detail)


def parse_chat(
    chat_str: str, images: Iterable[Any] | None = None, valid_roles: Any = None, image_detail: str = "auto", escape_dict: Any = None
) -> list[dict[str, Any]]:
    """The messages of a filled chat prompt. Raises TemplateError."""
    return messages.parse_chat(chat_str, images=images or (), image_detail=image_detail)


def preprocess_template_string(template_string: str) -> str:
    """The template with each ``![image]({{x}})`` as a line of its own."""
    return prompts.image_lines(template_string)


def convert_to_chat_list(obj: Any) -> Any:
    """The value with lists that render as their items, one a line."""
    return prompts.joined(obj)


def find_referenced_image_set(kwargs: dict[str, Any]) -> set[Any]:
    """Every image among the values."""
    return set(prompts.images_in(kwargs))


def to_bool(value: Any) -> bool:
    return str(value).lower() == "true"


def accept(*values: Any) -> None:
    """Stands in for the checks of functions and tools, which the model's service makes too."""


def choice(value: Any) -> Any:
    """``tool_choice`` or ``function_call`` as it is sent: ``auto`` where none was chosen."""
    return "auto" if value is None else value


def post_process_chat_api_response(completion: Any, stream: bool, functions: Any = None, tools: Any = None) -> Any:
    """The result of a chat call made with the openai package: text, the message where functions are in play, or an iterator."""
    if stream:

        def pieces() -> Iterator[str]:
            for chunk in completion:
                if chunk.choices:
                    yield getattr(chunk.choices[0].delta, "content", None) or ""

        return pieces()
    if functions or tools:
        return completion.model_dump()["choices"][0]["message"]
    return getattr(completion.choices[0].message, "content", "")


def normalize_connection_config(connection: Any) -> dict[str, Any]:
    """The keywords with which the openai package makes a client for a connection. Raises ConnectionFault for other kinds."""
    if isinstance(connection, AzureOpenAIConnection):
        shared = {"max_retries": 0, "api_version": connection.api_version, "azure_endpoint": connection.api_base}
        if connection.get("api_key"):
            return {**shared, "api_key": connection.api_key}
        return {**shared, "azure_ad_token_provider": connection.get_token}
    if isinstance(connection, ServerlessConnection):
        base = connection.api_base.rstrip("/")
        return {"max_retries": 0, "api_key": connection.api_key, "base_url": base if base.endswith("/v1") else f"{base}/v1"}
    if isinstance(connection, OpenAIConnection):
        organization = connection.organization
        return {"max_retries": 0, "api_key": connection.api_key, "organization": organization, "base_url": connection.base_url}
    raise ConnectionFault(
        f"A connection of the kind {getattr(connection, 'kind', type(connection).__name__)} has no client of the openai package.",
        hint="Use a connection to OpenAI, Azure OpenAI or a serverless endpoint.",
    )


def init_openai_client(connection: Any) -> Any:
    from openai import OpenAI

    return OpenAI(**normalize_connection_config(connection))


def init_azure_openai_client(connection: Any) -> Any:
    from openai import AzureOpenAI

    return AzureOpenAI(**normalize_connection_config(connection))


def handle_openai_error(tries: int = 10, unprocessable_entity_error_tries: int = 3) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator for functions that call the openai package themselves: asks again where that may help.

    After 429, 5xx and broken connections it waits as the service says, else longer each time; anything else passes through.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            for attempt in range(tries + 1):
                try:
                    return function(*args, **kwargs)
                except FlowloomError:
                    raise
                except Exception as error:
                    wait = _wait_after(error, attempt)
                    if wait is None or attempt == tries:
                        raise
                    time.sleep(wait)
            raise AssertionError("the last attempt returns or raises")

        return call

    return decorate


def _wait_after(error: Exception, attempt: int) -> float | None:
    """Seconds until the next attempt; None where another would not help."""
    from openai import APIConnectionError, APIStatusError

    if isinstance(error, APIStatusError):
        if (error.status_code < 500 and error.status_code != 429) or getattr(error, "type", None) == "insufficient_quota":
            return None
        try:
            return float(error.response.headers.get("retry-after", ""))
        except ValueError:
            return min(60.0, 2.0 + 2.0**attempt)
    return min(60.0, 2.0 + 2.0**attempt) if isinstance(error, APIConnectionError) else None
