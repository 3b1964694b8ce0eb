"""Checks of Semantic Kernel."""

from typing import Annotated, Literal

import openai
from checks import (GREEDY, MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, URL, WEATHER, check, contains, equal, run, text, true,
                    usage)
from pydantic import BaseModel
from semantic_kernel import Kernel
from semantic_kernel.agents import ChatCompletionAgent
from semantic_kernel.connectors.ai import FunctionChoiceBehavior
from semantic_kernel.connectors.ai.open_ai import (OpenAIChatCompletion, OpenAIChatPromptExecutionSettings, OpenAITextCompletion,
                                                   OpenAITextEmbedding, OpenAITextPromptExecutionSettings)
from semantic_kernel.contents import ChatHistory
from semantic_kernel.functions import kernel_function


class City(BaseModel):
    name: Literal["Paris"]


class Weather:
    @kernel_function(description="Weather of a city")
    def get_weather(self, city: Annotated[str, "Name of the city"]) -> str:
        return f"{REPORT} in {city}"


def client(token=TOKEN):
    return openai.AsyncOpenAI(base_url=URL, api_key=token, max_retries=0)


def service(name=MODEL, token=TOKEN):
    return OpenAIChatCompletion(ai_model_id=name, async_client=client(token))


def settings(**options):
    return OpenAIChatPromptExecutionSettings(**{**GREEDY, **options})


def history(question=QUESTION):
    messages = ChatHistory()
    messages.add_user_message(question)
    return messages


@check
async def chat():
    answer = await service().get_chat_message_content(history(), settings())
    equal((answer.content, answer.finish_reason.value), (text(), "stop"))
    spent = answer.metadata["usage"]
    equal((spent.prompt_tokens, spent.completion_tokens), usage())


@check
async def chat_stream():
    parts = [part async for part in service().get_streaming_chat_message_content(history(), settings()) if part]
    equal("".join(str(part) for part in parts), text())


@check
async def prompt_function():
    kernel = Kernel()
    kernel.add_service(service())
    answer = await kernel.invoke_prompt("What is {{$a}}+{{$b}}?", a="2", b="2", settings=settings())
    equal(str(answer), text())


@check
async def function_call_and_result():
    kernel = Kernel()
    kernel.add_plugin(Weather(), "weather")
    messages = history(WEATHER)
    chosen = settings(max_tokens=100, function_choice_behavior=FunctionChoiceBehavior.Required())
    answer = await service().get_chat_message_content(messages, chosen, kernel=kernel)
    results = [item for message in messages for item in message.items if item.content_type == "function_result"]
    equal([result.name for result in results], ["weather-get_weather"])
    contains(results[0].result, REPORT)
    true(answer.content, answer)


@check
async def agent():
    answer = await ChatCompletionAgent(service=service(), name="assistant").get_response(messages=QUESTION)
    true(str(answer.message), answer)


@check
async def structured_output():
    answer = await service().get_chat_message_content(history("Name a city."), settings(max_tokens=100, response_format=City))
    equal(City.model_validate_json(answer.content).name, "Paris")


@check
async def text_completion():
    completion = OpenAITextCompletion(ai_model_id=MODEL, async_client=client())
    answer = await completion.get_text_content("1, 2, 3, 4,", OpenAITextPromptExecutionSettings(max_tokens=4, temperature=0))
    contains(answer.text, "5")


@check
async def embeddings():
    vectors = await OpenAITextEmbedding(ai_model_id=MODEL, async_client=client()).generate_embeddings(["river", "tower"])
    equal(len(vectors), 2)
    true(abs(sum(float(value) ** 2 for value in vectors[0]) - 1) < 1e-3, "length is not 1")


@check
async def errors():
    for part, chosen, question in (("no-such-model", service("no-such-model"), QUESTION),
                                   ("maximum context length", service(), TOO_LONG), ("401", service(token="wrong"), QUESTION)):
        try:
            await chosen.get_chat_message_content(history(question), settings())
            raise AssertionError(f"no error: {part}")
        except Exception as failure:
            contains(str(failure), part)


run("semantic-kernel")
