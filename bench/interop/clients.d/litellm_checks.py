"""Checks of litellm with its providers openai, hosted_vllm and text-completion-openai."""

import json
from typing import Literal

import litellm
from checks import (GREEDY, MESSAGES, MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, TOOL, URL, WEATHER, check, contains, equal,
                    raises, run, text, true, usage)
from pydantic import BaseModel

litellm.suppress_debug_info = True
SERVER = {"api_base": URL, "api_key": TOKEN, "num_retries": 0}


class Answer(BaseModel):
    city: Literal["Paris"]
    known: bool


def complete(provider="openai", messages=MESSAGES, **options):
    return litellm.completion(**{"model": f"{provider}/{MODEL}", "messages": messages, **SERVER, **options})


@check
def chat():
    for provider in ("openai", "hosted_vllm"):
        answer = complete(provider, **GREEDY)
        equal(answer.choices[0].message.content, text())
        equal((answer.usage.prompt_tokens, answer.usage.completion_tokens), usage())
        equal(answer.choices[0].finish_reason, "stop")


@check
def chat_stream():
    chunks = list(complete(stream=True, stream_options={"include_usage": True}, **GREEDY))
    whole = litellm.stream_chunk_builder(chunks, messages=MESSAGES)
    equal(whole.choices[0].message.content, text())
    equal((whole.usage.prompt_tokens, whole.usage.completion_tokens), usage())


@check
async def asynchronous_chat():
    answer = await litellm.acompletion(model=f"openai/{MODEL}", messages=MESSAGES, **SERVER, **GREEDY)
    equal(answer.choices[0].message.content, text())


@check
def tool_call_and_result():
    messages = [{"role": "user", "content": WEATHER}]
    asked = complete(messages=messages, tools=[TOOL], tool_choice="required")
    call = asked.choices[0].message.tool_calls[0]
    equal((call.function.name, json.loads(call.function.arguments)), ("get_weather", {"city": "Paris"}))
    messages += [asked.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": REPORT}]
    answer = complete(messages=messages, tools=[TOOL], tool_choice="none", **GREEDY)
    contains(answer.choices[0].message.content, REPORT)


@check
def response_format():
    answer = complete(response_format=Answer, max_tokens=200, temperature=0)
    equal(Answer.model_validate_json(answer.choices[0].message.content).city, "Paris")


@check
def embedding():
    answer = litellm.embedding(model=f"openai/{MODEL}", input=["river", "tower"], **SERVER)
    equal([each["index"] for each in answer.data], [0, 1])
    true(abs(sum(value * value for value in answer.data[0]["embedding"]) - 1) < 1e-3, "length is not 1")
    true(answer.usage.prompt_tokens >= 2, answer.usage)


@check
def text_completion():
    answer = litellm.text_completion(
        model=f"text-completion-openai/{MODEL}", prompt="1, 2, 3, 4,", max_tokens=4, temperature=0, **SERVER)
    contains(answer.choices[0].text, "5")


@check
def responses():
    answer = litellm.responses(model=f"openai/{MODEL}", input=QUESTION, temperature=0, max_output_tokens=24, **SERVER)
    equal(answer.output[0].content[0].text, text())
    equal((answer.usage.input_tokens, answer.usage.output_tokens), usage())


@check
def router_with_a_fallback():
    router = litellm.Router(
        model_list=[{"model_name": name, "litellm_params": {"model": f"openai/{model}", **SERVER}}
                    for name, model in (("first", "no-such-model"), ("second", MODEL))],
        fallbacks=[{"first": ["second"]}], num_retries=0)
    equal(router.completion(model="first", messages=MESSAGES, **GREEDY).choices[0].message.content, text())


@check
def errors():
    raises(litellm.ContextWindowExceededError, "maximum context length",
           lambda: complete(messages=[{"role": "user", "content": TOO_LONG}]))
    raises(litellm.NotFoundError, "no-such-model", lambda: complete(model="openai/no-such-model"))
    raises(litellm.AuthenticationError, "", lambda: complete(api_key="wrong"))
    raises(litellm.BadRequestError, "temperature", lambda: complete(temperature=7))


run("litellm")
