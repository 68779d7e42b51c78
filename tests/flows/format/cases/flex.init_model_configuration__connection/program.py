from promptflow.core import AzureOpenAIModelConfiguration, OpenAIModelConfiguration


class Asker:
    def __init__(self, model_config: OpenAIModelConfiguration):
        self.config = model_config

    def __call__(self, question: str):
        config = self.config
        return [type(config).__name__, config.model, config.base_url, config.api_key, config.connection]
