"""Checks of Inspect with its provider openai-api."""

import json
import os
import tempfile

from checks import (CITY_SCHEMA, MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, URL, WEATHER, check, contains, equal, run, text,
                    true, usage)
from inspect_ai import Task, eval_async
from inspect_ai.dataset import Sample
from inspect_ai.model import ChatMessageUser, GenerateConfig, ResponseSchema, get_model
from inspect_ai.scorer import includes
from inspect_ai.solver import generate, use_tools
from inspect_ai.tool import tool
from inspect_ai.util import JSONSchema

CONFIG = GenerateConfig(temperature=0, max_tokens=24, max_retries=0)


@tool
def get_weather():
    async def execute(city: str) -> str:
        """Weather of a city.

        Args:
            city: Name of the city.
        """
        return f"{REPORT} in {city}"

    return execute


def model(name=MODEL, token=TOKEN, **options):
    return get_model(f"openai-api/rootstock/{name}", base_url=URL, api_key=token, memoize=False, config=CONFIG, **options)


@check
async def chat():
    for responses_api in (False, True):
        answer = await model(responses_api=responses_api).generate(QUESTION)
        equal((answer.completion, answer.stop_reason), (text(), "stop"))
        read = answer.usage.input_tokens + (answer.usage.input_tokens_cache_read or 0)
        equal((read, answer.usage.output_tokens), usage())


@check
async def chat_stream():
    events = []

    async def collect(event):
        events.append(event)

    answer = await model(stream=True).generate(QUESTION, on_stream=collect)
    equal(answer.completion, text())
    true(len(events) > 4, events)


@check
async def logprobs():
    answer = await model().generate(QUESTION, config=GenerateConfig(logprobs=True, top_logprobs=2))
    tokens = answer.choices[0].logprobs.content
    contains("".join(token.token for token in tokens), text())
    true(all(len(token.top_logprobs) == 2 for token in tokens), tokens)


@check
async def tool_call_and_result():
    messages = [ChatMessageUser(content=WEATHER)]
    asked = await model().generate(messages, tools=[get_weather()], tool_choice="any", config=GenerateConfig(max_tokens=100))
    call = asked.message.tool_calls[0]
    equal((call.function, sorted(call.arguments)), ("get_weather", ["city"]))
    loop = await model().generate_loop(WEATHER, tools=[get_weather()], config=GenerateConfig(max_tokens=60))
    true(loop[1].usage.output_tokens > 0, loop)


@check
async def structured_output():
    schema = ResponseSchema(name="city", json_schema=JSONSchema.model_validate(CITY_SCHEMA), strict=True)
    answer = await model().generate("Name a city.", config=GenerateConfig(response_schema=schema))
    equal(json.loads(answer.completion), {"city": "Paris"})


@check
async def evaluation():
    task = Task(dataset=[Sample(input=QUESTION, target=text()), Sample(input=QUESTION, target="not in the answer")],
                solver=[use_tools(get_weather(), tool_choice="none"), generate()], scorer=includes())
    with tempfile.TemporaryDirectory() as folder:
        log = (await eval_async(task, model=model(), log_dir=folder, log_samples=True))[0]
    equal((log.status, log.results.scores[0].metrics["accuracy"].value), ("success", 0.5))
    equal(next(iter(log.stats.model_usage.values())).output_tokens, 2 * usage()[1])


@check
async def errors():
    answer = await model().generate(TOO_LONG)
    equal(answer.stop_reason, "model_length")
    for name, token, part in (("no-such-model", TOKEN, "no-such-model"), (MODEL, "wrong", "401")):
        try:
            await model(name, token).generate(QUESTION)
            raise AssertionError(f"no error: {part}")
        except Exception as failure:
            contains(str(failure), part)


os.environ["INSPECT_DISPLAY"] = "none"
run("inspect_ai")
