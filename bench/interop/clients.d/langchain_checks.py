"""Checks of langchain-openai: ChatOpenAI, OpenAI and OpenAIEmbeddings."""

from typing import Literal

import openai
from checks import (GREEDY, MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, URL, WEATHER, check, contains, equal, raises, run, text,
                    true, usage)
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAI, OpenAIEmbeddings
from pydantic import BaseModel

SERVER = {"model": MODEL, "base_url": URL, "api_key": TOKEN, "max_retries": 0}


class City(BaseModel):
    """A city."""

    name: Literal["Paris"]
    large: bool


@tool
def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"{REPORT} in {city}"


def model(**options):
    return ChatOpenAI(**{**SERVER, **GREEDY, **options})


@check
def chat():
    answer = model().invoke(QUESTION)
    equal(answer.content, text())
    equal((answer.usage_metadata["input_tokens"], answer.usage_metadata["output_tokens"]), usage())
    equal(answer.response_metadata["finish_reason"], "stop")


@check
def chat_stream():
    whole = None
    for chunk in model(stream_usage=True).stream(QUESTION):
        whole = chunk if whole is None else whole + chunk
    equal(whole.content, text())
    equal((whole.usage_metadata["input_tokens"], whole.usage_metadata["output_tokens"]), usage())


@check
async def asynchronous_chat():
    equal((await model().ainvoke(QUESTION)).content, text())


@check
def batch():
    equal([answer.content for answer in model().batch([QUESTION, QUESTION])], [text()] * 2)


@check
def tool_call_and_result():
    messages = [HumanMessage(WEATHER)]
    asked = model(max_tokens=100).bind_tools([get_weather], tool_choice="required").invoke(messages)
    call = asked.tool_calls[0]
    equal((call["name"], sorted(call["args"])), ("get_weather", ["city"]))
    result = get_weather.invoke(call)
    true(isinstance(result, ToolMessage), result)
    answer = model().invoke([*messages, asked, result])
    contains(answer.content, REPORT)


@check
def structured_output():
    for method, strict in (("json_schema", True), ("json_schema", None), ("function_calling", None), ("json_mode", None)):
        prompt = "Answer in JSON with name and large: a city" if method == "json_mode" else "Name a city."
        answer = model(max_tokens=300).with_structured_output(City, method=method, strict=strict, include_raw=True).invoke(prompt)
        if method != "json_mode":  # json_mode enforces JSON, not the schema
            equal((method, answer["parsed"].name), (method, "Paris"))
        else:
            true(answer["raw"].content.startswith("{"), answer)


@check
def responses_api():
    answer = model(use_responses_api=True).invoke(QUESTION)
    equal(answer.text if isinstance(answer.text, str) else answer.text(), text())
    equal((answer.usage_metadata["input_tokens"], answer.usage_metadata["output_tokens"]), usage())
    chunks = list(model(use_responses_api=True, streaming=True).stream(QUESTION))
    equal("".join(block.get("text", "") for chunk in chunks for block in chunk.content), text())


@check
def completions():
    contains(OpenAI(**SERVER, temperature=0, max_tokens=4).invoke("1, 2, 3, 4,"), "5")


@check
def embeddings():
    # The check of the length needs OpenAI's tokenizers.
    model_ = OpenAIEmbeddings(**SERVER, check_embedding_ctx_length=False)
    vectors = model_.embed_documents(["river"] * 3 + ["tower"])
    true(max(abs(a - b) for a, b in zip(vectors[0], model_.embed_query("river"), strict=True)) < 1e-3, "vectors differ")
    equal(len(vectors), 4)


@check
def errors():
    raises(openai.NotFoundError, "no-such-model", lambda: model(model="no-such-model").invoke(QUESTION))
    raises(openai.BadRequestError, "maximum context length", lambda: model().invoke(TOO_LONG))
    raises(openai.AuthenticationError, "", lambda: model(api_key="wrong").invoke(QUESTION))


run("langchain-openai")
