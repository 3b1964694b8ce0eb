"""Checks of AutoGen."""

import json
from typing import Literal

import openai
from autogen_agentchat.agents import AssistantAgent
from autogen_core import CancellationToken
from autogen_core.models import (AssistantMessage, CreateResult, FunctionExecutionResult, FunctionExecutionResultMessage,
                                 ModelInfo, UserMessage)
from autogen_core.tools import FunctionTool
from autogen_ext.models.openai import OpenAIChatCompletionClient
from checks import (GREEDY, MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, URL, WEATHER, check, contains, equal, run, text, true,
                    usage)
from pydantic import BaseModel

QUESTIONS = [UserMessage(content=QUESTION, source="user")]


class City(BaseModel):
    name: Literal["Paris"]


def get_weather(city: Literal["Paris"]) -> str:
    """Weather of a city."""
    return f"{REPORT} in {city}"


def client(**options):
    info = ModelInfo(vision=False, function_calling=True, json_output=True, family="unknown", structured_output=True)
    return OpenAIChatCompletionClient(
        **{"model": MODEL, "base_url": URL, "api_key": TOKEN, "max_retries": 0, "model_info": info, **GREEDY, **options})


@check
async def chat():
    answer = await client().create(QUESTIONS)
    equal((answer.content, answer.finish_reason), (text(), "stop"))
    equal((answer.usage.prompt_tokens, answer.usage.completion_tokens), usage())


@check
async def chat_stream():
    parts = [part async for part in client().create_stream(QUESTIONS, include_usage=True)]
    true(isinstance(parts[-1], CreateResult), parts)
    equal("".join(parts[:-1]), text())
    equal((parts[-1].content, parts[-1].usage.prompt_tokens, parts[-1].usage.completion_tokens), (text(), *usage()))


@check
async def tool_call_and_result():
    tool = FunctionTool(get_weather, description="Weather of a city", strict=True)
    messages = [UserMessage(content=WEATHER, source="user")]
    asked = await client(max_tokens=100).create(messages, tools=[tool], tool_choice="required")
    call = asked.content[0]
    equal((call.name, json.loads(call.arguments), asked.finish_reason), ("get_weather", {"city": "Paris"}, "function_calls"))
    result = await tool.run_json(json.loads(call.arguments), CancellationToken())
    messages += [
        AssistantMessage(content=asked.content, source="assistant"),
        FunctionExecutionResultMessage(content=[
            FunctionExecutionResult(content=result, call_id=call.id, name=call.name, is_error=False)])]
    contains((await client().create(messages)).content, REPORT)


@check
async def streamed_tool_call():
    tool = FunctionTool(get_weather, description="Weather of a city")
    parts = [part async for part in client(max_tokens=100).create_stream(
        [UserMessage(content=WEATHER, source="user")], tools=[tool], tool_choice=tool)]
    equal([(call.name, json.loads(call.arguments)) for call in parts[-1].content], [("get_weather", {"city": "Paris"})])


@check
async def agent():
    answer = await AssistantAgent("assistant", client(), system_message=None).run(task=QUESTION)
    equal(answer.messages[-1].content, text())


@check
async def structured_output():
    typed = AssistantAgent("assistant", client(max_tokens=100), output_content_type=City)
    equal((await typed.run(task="Name a city.")).messages[-1].content.name, "Paris")
    answer = await client(max_tokens=200).create(QUESTIONS, json_output=City)
    equal(City.model_validate_json(answer.content).name, "Paris")


@check
async def errors():
    for error, part, options, prompt in (
            (openai.NotFoundError, "no-such-model", {"model": "no-such-model"}, QUESTION),
            (openai.BadRequestError, "maximum context length", {}, TOO_LONG),
            (openai.AuthenticationError, "", {"api_key": "wrong"}, QUESTION)):
        try:
            await client(**options).create([UserMessage(content=prompt, source="user")])
            raise AssertionError(f"no {error.__name__}")
        except error as failure:
            contains(str(failure), part)


run("autogen-ext")
