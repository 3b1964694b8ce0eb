"""Checks of openai-python."""

import json
from typing import Literal

import openai
from checks import (GREEDY, MESSAGES, MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, TOOL, URL, WEATHER, check, contains, equal,
                    raises, run, text, true, usage)
from pydantic import BaseModel, Field

client = openai.OpenAI(base_url=URL, api_key=TOKEN, max_retries=0)
RESPONSE_TOOL = {"type": "function", **TOOL["function"]}


class City(BaseModel):
    name: Literal["Paris"]
    tags: set[Literal["large", "old"]] = Field(max_length=2)


class Answer(BaseModel):
    city: Literal["Paris"]
    known: bool


@check
def chat():
    answer = client.chat.completions.create(model=MODEL, messages=MESSAGES, **GREEDY)
    equal(answer.choices[0].message.content, text())
    equal(answer.choices[0].finish_reason, "stop")
    equal((answer.usage.prompt_tokens, answer.usage.completion_tokens), usage())
    true(answer._request_id and answer.system_fingerprint, answer)


@check
def chat_of_several_choices_with_logprobs():
    answer = client.chat.completions.create(
        model=MODEL, messages=MESSAGES, n=2, seed=1, logprobs=True, top_logprobs=2, max_completion_tokens=4)
    equal([choice.index for choice in answer.choices], [0, 1])
    for choice in answer.choices:
        equal([len(token.top_logprobs) for token in choice.logprobs.content], [2] * 4)
        equal("".join(token.token for token in choice.logprobs.content), choice.message.content)


@check
def chat_stream():
    with client.chat.completions.stream(
            model=MODEL, messages=MESSAGES, stream_options={"include_usage": True}, **GREEDY) as stream:
        deltas = [event.delta for event in stream if event.type == "content.delta"]
        final = stream.get_final_completion()
    equal("".join(deltas), text())
    true(len(deltas) > 4, deltas)
    equal((final.usage.prompt_tokens, final.usage.completion_tokens), usage())


@check
async def chat_with_an_asynchronous_client():
    async with openai.AsyncOpenAI(base_url=URL, api_key=TOKEN) as asynchronous:
        stream = await asynchronous.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True, **GREEDY)
        parts = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
    equal("".join(parts), text())


@check
def tool_call_and_result():
    messages = [{"role": "user", "content": WEATHER}]
    asked = client.chat.completions.create(model=MODEL, messages=messages, tools=[TOOL], tool_choice="required")
    call = asked.choices[0].message.tool_calls[0]
    equal((call.function.name, json.loads(call.function.arguments)), ("get_weather", {"city": "Paris"}))
    equal(asked.choices[0].finish_reason, "tool_calls")
    messages += [asked.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": REPORT}]
    answer = client.chat.completions.create(model=MODEL, messages=messages, tools=[TOOL], tool_choice="none", **GREEDY)
    contains(answer.choices[0].message.content, REPORT)
    equal(answer.choices[0].message.tool_calls, None)


@check
def streamed_tool_call():
    with client.chat.completions.stream(
            model=MODEL, messages=[{"role": "user", "content": WEATHER}], tools=[TOOL],
            tool_choice={"type": "function", "function": {"name": "get_weather"}}) as stream:
        done = [event for event in stream if event.type == "tool_calls.function.arguments.done"]
    equal([(event.name, json.loads(event.arguments)) for event in done], [("get_weather", {"city": "Paris"})])


@check
def parsed_answer():
    """A set is not supported by strict schemas, and its uniqueItems is ignored otherwise."""
    answer = client.chat.completions.create(
        model=MODEL, messages=MESSAGES, max_tokens=200, temperature=0,
        response_format={"type": "json_schema", "json_schema": {"name": "city", "schema": City.model_json_schema()}})
    equal(json.loads(answer.choices[0].message.content)["name"], "Paris")
    parsed = client.chat.completions.parse(model=MODEL, messages=MESSAGES, response_format=Answer, max_tokens=200, temperature=0)
    equal(parsed.choices[0].message.parsed.city, "Paris")


@check
def json_object():
    answer = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "Answer in JSON: the capital of France"}], max_tokens=200,
        temperature=0, response_format={"type": "json_object"})
    choice = answer.choices[0]
    if choice.finish_reason == "length":  # the model may not find an end
        equal(choice.message.content[0], "{")
    else:
        true(isinstance(json.loads(choice.message.content), dict), answer)


@check
def completions():
    answer = client.completions.create(model=MODEL, prompt=["1, 2, 3, 4,", "a, b, c, d,"], max_tokens=4, temperature=0)
    equal([choice.index for choice in answer.choices], [0, 1])
    contains(answer.choices[0].text, "5")
    contains(answer.choices[1].text, "e")
    scored = client.completions.create(model=MODEL, prompt="1, 2, 3", max_tokens=0, echo=True, logprobs=1)
    equal(scored.choices[0].text, "1, 2, 3")
    equal(scored.choices[0].logprobs.token_logprobs[0], None)
    equal(len(scored.choices[0].logprobs.tokens), scored.usage.prompt_tokens)
    parts = [chunk.choices[0].text for chunk in client.completions.create(
        model=MODEL, prompt="1, 2, 3, 4,", max_tokens=4, temperature=0, stream=True)]
    equal("".join(parts), answer.choices[0].text)


@check
def embeddings():
    single = client.embeddings.create(model=MODEL, input="river").data[0].embedding
    true(abs(sum(value * value for value in single) - 1) < 1e-3, single[:4])
    several = client.embeddings.create(model=MODEL, input=["river", "tower"], encoding_format="float")
    equal([each.index for each in several.data], [0, 1])
    true(max(abs(a - b) for a, b in zip(single, several.data[0].embedding, strict=True)) < 1e-3, "float differs from base64")
    tokens = client.embeddings.create(model=MODEL, input=[[1, 2, 3], [4]])
    equal((len(tokens.data), tokens.usage.prompt_tokens), (2, 4))


@check
def models():
    equal([model.id for model in client.models.list()], [MODEL])
    equal(client.models.retrieve(MODEL).id, MODEL)


@check
def response():
    answer = client.responses.create(model=MODEL, input=QUESTION, temperature=0, max_output_tokens=24)
    equal((answer.output_text, answer.status), (text(), "completed"))
    equal((answer.usage.input_tokens, answer.usage.output_tokens), usage())
    equal(client.responses.retrieve(answer.id).output_text, answer.output_text)
    following = client.responses.create(
        model=MODEL, input="And 3+3?", previous_response_id=answer.id, temperature=0, max_output_tokens=4)
    equal(following.previous_response_id, answer.id)
    true(following.usage.input_tokens > answer.usage.input_tokens + answer.usage.output_tokens, following.usage)
    equal((following.status, following.incomplete_details.reason), ("incomplete", "max_output_tokens"))
    client.responses.delete(answer.id)
    raises(openai.NotFoundError, answer.id, lambda: client.responses.retrieve(answer.id))


@check
def response_stream():
    with client.responses.stream(model=MODEL, input=QUESTION, temperature=0, max_output_tokens=24) as stream:
        events = list(stream)
    equal("".join(event.delta for event in events if event.type == "response.output_text.delta"), text())
    equal((events[0].type, events[-1].type), ("response.created", "response.completed"))
    equal([event.sequence_number for event in events], list(range(len(events))))


@check
def response_with_a_function_and_its_output():
    asked = client.responses.create(model=MODEL, input=WEATHER, tools=[RESPONSE_TOOL], tool_choice="required")
    call = asked.output[0]
    equal((call.type, call.name, json.loads(call.arguments)), ("function_call", "get_weather", {"city": "Paris"}))
    answer = client.responses.create(
        model=MODEL, previous_response_id=asked.id, tools=[RESPONSE_TOOL], tool_choice="none", temperature=0,
        max_output_tokens=24,
        input=[{"type": "function_call_output", "call_id": call.call_id, "output": REPORT}])
    contains(answer.output_text, REPORT)


@check
def parsed_response():
    parsed = client.responses.parse(model=MODEL, input=QUESTION, text_format=Answer, max_output_tokens=200, temperature=0)
    equal(parsed.output_parsed.city, "Paris")


@check
def errors():
    failure = raises(openai.NotFoundError, "no-such-model",
                     lambda: client.chat.completions.create(model="no-such-model", messages=MESSAGES))
    equal((failure.code, failure.param), ("model_not_found", "model"))
    true(failure.request_id, failure.response.headers)
    failure = raises(openai.BadRequestError, "maximum context length", lambda: client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": TOO_LONG}]))
    equal(failure.code, "context_length_exceeded")
    failure = raises(openai.BadRequestError, "temperature",
                     lambda: client.chat.completions.create(model=MODEL, messages=MESSAGES, temperature=7))
    equal(failure.param, "temperature")
    failure = raises(openai.AuthenticationError, "", lambda: client.with_options(api_key="wrong").models.list())
    equal(failure.code, "invalid_api_key")


if __name__ == "__main__":
    run("openai")
