"""Checks of openai-agents: the Responses API (its default) and chat completions."""

from typing import Literal

import openai
from agents import (Agent, ModelSettings, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, function_tool, handoff,
                    set_tracing_disabled)
from checks import (GREEDY, MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, URL, WEATHER, check, contains, equal, run, text, true,
                    usage)
from pydantic import BaseModel

set_tracing_disabled(True)
SETTINGS = ModelSettings(**GREEDY)


class City(BaseModel):
    name: Literal["Paris"]
    known: bool


def models(name=MODEL, token=TOKEN):
    # A client belongs to the event loop of its check.
    client = openai.AsyncOpenAI(base_url=URL, api_key=token, max_retries=0)
    return [OpenAIResponsesModel(name, client), OpenAIChatCompletionsModel(name, client)]


def agent(model, **options):
    return Agent(**{"name": "assistant", "model": model, "model_settings": SETTINGS, **options})


@function_tool
def get_weather(city: Literal["Paris"]) -> str:
    """Weather of a city."""
    return f"{REPORT} in {city}"


@check
async def chat():
    for model in models():
        answer = await Runner.run(agent(model), QUESTION)
        equal(answer.final_output, text())
        spent = answer.context_wrapper.usage
        equal((spent.input_tokens, spent.output_tokens), usage())


@check
async def chat_stream():
    for model in models():
        streamed = Runner.run_streamed(agent(model), QUESTION)
        parts = [event.data.delta async for event in streamed.stream_events()
                 if event.type == "raw_response_event" and event.data.type == "response.output_text.delta"]
        equal("".join(parts), text())
        equal(streamed.final_output, text())


@check
async def tool_call_and_result():
    for model in models():
        settings = ModelSettings(tool_choice="required", max_tokens=100, temperature=0)
        answer = await Runner.run(agent(model, tools=[get_weather], model_settings=settings), WEATHER)
        kinds = [item.type for item in answer.new_items]
        equal(kinds[:2], ["tool_call_item", "tool_call_output_item"])
        equal(answer.new_items[1].output, f"{REPORT} in Paris")
        true(answer.final_output, answer)


@check
async def the_tools_result_as_final_output():
    for model in models():
        streamed = Runner.run_streamed(
            agent(model, tools=[get_weather], tool_use_behavior="stop_on_first_tool",
                  model_settings=ModelSettings(tool_choice="get_weather", max_tokens=100)), WEATHER)
        async for _ in streamed.stream_events():
            pass
        equal(streamed.final_output, f"{REPORT} in Paris")


@check
async def structured_output():
    for model in models():
        answer = await Runner.run(
            agent(model, output_type=City, model_settings=ModelSettings(max_tokens=200)), "Describe a city.")
        equal(answer.final_output.name, "Paris")


@check
async def handoff_to_another_agent():
    for model in models():
        expert = agent(model, name="expert", instructions="Answer briefly.")
        first = agent(model, handoffs=[handoff(expert)], model_settings=ModelSettings(tool_choice="required", max_tokens=100))
        answer = await Runner.run(first, QUESTION)
        equal(answer.last_agent.name, "expert")
        true(answer.final_output, answer)


@check
async def conversation_by_previous_response_id():
    model = models()[0]
    first = await Runner.run(agent(model), QUESTION)
    second = await Runner.run(agent(model), "And 3+3?", previous_response_id=first.last_response_id)
    spent = second.context_wrapper.usage
    true(spent.input_tokens > sum(usage()), spent)


@check
async def errors():
    for unknown, wrong, model in zip(models("no-such-model"), models(token="wrong"), models(), strict=True):
        for error, part, chosen, prompt in (
                (openai.NotFoundError, "no-such-model", unknown, QUESTION),
                (openai.AuthenticationError, "", wrong, QUESTION),
                (openai.BadRequestError, "maximum context length", model, TOO_LONG)):
            try:
                await Runner.run(agent(chosen), prompt)
                raise AssertionError(f"no {error.__name__}")
            except error as failure:
                contains(str(failure), part)


run("openai-agents")
