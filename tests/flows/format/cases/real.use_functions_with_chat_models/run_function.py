import json

from promptflow.core import tool


def get_current_weather(location, unit="fahrenheit"):
    """Get the current weather in a given location"""
    return {"location": location, "temperature": "72", "unit": unit, "forecast": ["sunny", "windy"]}


def get_n_day_weather_forecast(location, format="celsius", num_days=1):
    return {"location": location, "format": format, "num_days": num_days, "forecast": ["sunny"] * int(num_days)}


@tool
def run_function(response_message: dict) -> str:
    if "function_call" in response_message and response_message["function_call"]:
        function_name = response_message["function_call"]["name"]
        function_args = json.loads(response_message["function_call"]["arguments"])
        result = globals()[function_name](**function_args)
    else:
        print("No function call")
        if isinstance(response_message, dict):
            result = response_message["content"]
        else:
            result = response_message
    return result
