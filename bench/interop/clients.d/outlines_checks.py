"""Checks of Outlines with from_openai and from_vllm."""

import json
from typing import Literal

import openai
import outlines
from checks import GREEDY, MODEL, QUESTION, TOKEN, TOO_LONG, URL, check, contains, equal, raises, run, text, true
from outlines.inputs import Chat
from outlines.types import CFG, regex
from pydantic import BaseModel

client = openai.OpenAI(base_url=URL, api_key=TOKEN, max_retries=0)


class City(BaseModel):
    name: Literal["Paris"]
    inhabitants: int


def models(name=MODEL):
    return [outlines.from_openai(client, name), outlines.from_vllm(client, name)]


@check
def chat():
    for model in models():
        equal(model(QUESTION, **GREEDY), text())
        equal(model(Chat([{"role": "user", "content": QUESTION}]), **GREEDY), text())


@check
def chat_stream():
    for model in models():
        parts = list(model.stream(QUESTION, **GREEDY))
        equal("".join(part or "" for part in parts), text())


@check
def json_schema():
    for model in models():
        equal(City.model_validate_json(model("Describe a city.", City, max_tokens=200)).name, "Paris")
        generator = outlines.Generator(model, City)
        equal(json.loads(generator("Describe a city.", max_tokens=200))["name"], "Paris")


@check
def regular_expressions_and_choices():
    model = models()[1]
    answer = model("Name a year.", regex(r"(19|20)[0-9]{2}"), max_tokens=20)
    true(answer[:2] in ("19", "20") and len(answer) == 4, answer)
    contains("good bad", model("What a lovely day!", Literal["good", "bad"], max_tokens=20))
    true(int(model("Name a number.", int, max_tokens=40)) is not None)


@check
def grammar():
    """vLLM's grammars are Lark's or GBNF's; the service reads GBNF."""
    answer = models()[1]("Yes or no?", CFG('root ::= "yes" | "no"'), max_tokens=10)
    contains("yes no", answer)


@check
async def asynchronous_models():
    async with openai.AsyncOpenAI(base_url=URL, api_key=TOKEN) as asynchronous:
        equal(await outlines.from_vllm(asynchronous, MODEL)(QUESTION, **GREEDY), text())


@check
def batch_of_samples():
    answer = models()[1]("Describe a city.", City, n=2, max_tokens=200)
    equal([json.loads(each)["name"] for each in answer], ["Paris", "Paris"])


@check
def errors():
    for unknown, model in zip(models("no-such-model"), models(), strict=True):
        raises(Exception, "no-such-model", lambda chosen=unknown: chosen(QUESTION))
        raises(Exception, "maximum context length", lambda chosen=model: chosen(TOO_LONG))


run("outlines")
