from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer


def test_completions_as_openais_client_sees_them(openai_server: DemoServer) -> None:
    with openai.OpenAI(base_url=openai_server.base_url, api_key="k", max_retries=0) as client:

        def ask(prompt: Any = "Say", **more: Any) -> Any:
            return client.completions.create(**{"model": "gpt-3.5-turbo-instruct", "prompt": prompt, **more})

        short = ask()
        assert (short.choices[0].finish_reason, short.usage.completion_tokens) == ("length", 16)
        whole = ask(max_tokens=500)
        assert whole.choices[0].finish_reason == "stop"
        streamed = list(ask(max_tokens=500, stream=True, stream_options={"include_usage": True}))
        assert "".join(chunk.choices[0].text for chunk in streamed if chunk.choices) == whole.choices[0].text
        assert streamed[-1].usage == whole.usage
        assert ask("Say", echo=True).choices[0].text.startswith("Say")
        assert len(ask(["a", "b"], n=2).choices) == 4
        scored = ask(logprobs=1).choices[0]
        assert "".join(scored.logprobs.tokens) == scored.text
        openai_server.rules.add({"contains": "Say", "reply": "scripted"})
        assert ask().choices[0].text == "scripted"
        with pytest.raises(openai.BadRequestError):
            ask(5)
