"""Checks of Instructor, in its modes for OpenAI's API."""

from typing import Literal

import instructor
import openai
from checks import MODEL, QUESTION, TOKEN, TOO_LONG, URL, check, equal, raises, run, true
from instructor import Mode
from pydantic import BaseModel, Field

QUESTIONS = [{"role": "user", "content": "Describe the city Paris."}]


class City(BaseModel):
    """A city."""

    name: Literal["Paris"]
    large: bool


class Cities(BaseModel):
    """Two cities."""

    cities: list[City] = Field(min_length=2, max_length=2)


def client(mode, asynchronous=False, token=TOKEN):
    api = openai.AsyncOpenAI if asynchronous else openai.OpenAI
    return instructor.from_openai(api(base_url=URL, api_key=token, max_retries=0), mode=mode)


def create(mode, **options):
    return client(mode).create(**{"model": MODEL, "messages": QUESTIONS, "response_model": City, "max_retries": 0, **options})


@check
def tools():
    for mode in (Mode.TOOLS, Mode.TOOLS_STRICT):
        equal(create(mode, max_tokens=200).name, "Paris")


@check
def json_schema():
    equal(create(Mode.JSON_SCHEMA, max_tokens=200).name, "Paris")


@check
def responses_tools():
    answer = client(Mode.RESPONSES_TOOLS).create(
        model=MODEL, messages=QUESTIONS, response_model=City, max_output_tokens=200, max_retries=0)
    equal(answer.name, "Paris")


@check
def usage_of_the_completion():
    city, completion = client(Mode.TOOLS).create_with_completion(
        model=MODEL, messages=QUESTIONS, response_model=City, max_tokens=200, max_retries=0)
    equal(city.name, "Paris")
    true(completion.usage.prompt_tokens > 20 and completion.usage.completion_tokens > 4, completion.usage)


@check
def partial_objects():
    for mode in (Mode.TOOLS, Mode.JSON_SCHEMA):
        steps = list(client(mode).create_partial(
            model=MODEL, messages=QUESTIONS, response_model=City, max_tokens=200, max_retries=0))
        equal(steps[-1].name, "Paris")
        true(isinstance(steps[-1].large, bool), steps)


@check
def list_of_objects():
    cities = create(Mode.TOOLS, response_model=Cities, max_tokens=400).cities
    equal([city.name for city in cities], ["Paris", "Paris"])


@check
async def asynchronous_client():
    answer = await client(Mode.TOOLS, asynchronous=True).create(
        model=MODEL, messages=QUESTIONS, response_model=City, max_tokens=200, max_retries=0)
    equal(answer.name, "Paris")


@check
def errors():
    for part, options in (("no-such-model", {"model": "no-such-model"}),
                          ("maximum context length", {"messages": [{"role": "user", "content": TOO_LONG}]})):
        raises(Exception, part, lambda chosen=options: create(Mode.TOOLS, **chosen))
    raises(Exception, "401", lambda: client(Mode.TOOLS, token="wrong").create(
        model=MODEL, messages=[{"role": "user", "content": QUESTION}], response_model=City, max_retries=0))


run("instructor")
