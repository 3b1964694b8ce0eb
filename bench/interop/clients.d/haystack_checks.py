"""Checks of Haystack's OpenAI components."""

import json

import openai
from checks import (CITY_SCHEMA, GREEDY, MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, URL, WEATHER, check, contains, equal, raises,
                    run, text, true, usage)
from haystack import Document, Pipeline
from haystack.components.agents import Agent
from haystack.components.builders import ChatPromptBuilder
from haystack.components.embedders import OpenAIDocumentEmbedder, OpenAITextEmbedder
from haystack.components.generators.chat import OpenAIChatGenerator, OpenAIResponsesChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import Tool
from haystack.utils import Secret

SERVER = {"model": MODEL, "api_base_url": URL, "api_key": Secret.from_token(TOKEN)}
WEATHER_TOOL = Tool(
    name="get_weather", description="Weather of a city", parameters=CITY_SCHEMA, function=lambda city: f"{REPORT} in {city}")


def generator(**options):
    return OpenAIChatGenerator(**{**SERVER, "generation_kwargs": GREEDY, "max_retries": 0, **options})


def spent(answer):
    counts = answer.meta["usage"]
    return counts["prompt_tokens"], counts["completion_tokens"]


@check
def chat():
    answer = generator().run([ChatMessage.from_user(QUESTION)])["replies"][0]
    equal((answer.text, answer.meta["finish_reason"], spent(answer)), (text(), "stop", usage()))


@check
def chat_stream():
    chunks = []
    options = {**GREEDY, "stream_options": {"include_usage": True}}
    answer = generator(streaming_callback=chunks.append, generation_kwargs=options).run(QUESTION)["replies"][0]
    equal("".join(chunk.content for chunk in chunks), text())
    equal((answer.text, spent(answer)), (text(), usage()))


@check
async def asynchronous_chat():
    equal((await generator().run_async(QUESTION))["replies"][0].text, text())


@check
def pipeline_with_a_template():
    pipeline = Pipeline()
    template = [ChatMessage.from_user("What is {{a}}+{{b}}?")]
    pipeline.add_component("prompt", ChatPromptBuilder(template=template, required_variables="*"))
    pipeline.add_component("model", generator())
    pipeline.connect("prompt.prompt", "model.messages")
    equal(pipeline.run({"prompt": {"a": 2, "b": 2}})["model"]["replies"][0].text, text())


@check
def tool_call_and_result():
    question = ChatMessage.from_user(WEATHER)
    asked = generator(tools=[WEATHER_TOOL]).run([question], generation_kwargs={"tool_choice": "required"})["replies"][0]
    call = asked.tool_call
    equal((call.tool_name, call.arguments), ("get_weather", {"city": "Paris"}))
    result = ChatMessage.from_tool(WEATHER_TOOL.invoke(**call.arguments), origin=call)
    contains(generator().run([question, asked, result])["replies"][0].text, REPORT)


@check
def agent_that_exits_after_the_tool():
    model = generator(generation_kwargs={"tool_choice": "required", "max_tokens": 100})
    agent = Agent(chat_generator=model, tools=[WEATHER_TOOL], exit_conditions=["get_weather"])
    last = agent.run([ChatMessage.from_user(WEATHER)])["messages"][-1]
    equal(last.tool_call_result.result, f"{REPORT} in Paris")


@check
def structured_output():
    schema = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": CITY_SCHEMA}}
    answer = generator(generation_kwargs={"response_format": schema}).run("Name a city.")["replies"][0]
    equal(json.loads(answer.text), {"city": "Paris"})


@check
def responses():
    model = OpenAIResponsesChatGenerator(**SERVER, generation_kwargs={"temperature": 0, "max_output_tokens": 24}, max_retries=0)
    equal(model.run([ChatMessage.from_user(QUESTION)])["replies"][0].text, text())


@check
def embeddings():
    single = OpenAITextEmbedder(**SERVER).run("river")["embedding"]
    documents = OpenAIDocumentEmbedder(**SERVER, progress_bar=False).run([Document(content="river"), Document(content="tower")])
    vectors = [document.embedding for document in documents["documents"]]
    true(max(abs(a - b) for a, b in zip(single, vectors[0], strict=True)) < 1e-3, "vectors differ")


@check
def errors():
    raises(openai.NotFoundError, "no-such-model", lambda: generator(model="no-such-model").run(QUESTION))
    raises(openai.BadRequestError, "maximum context length", lambda: generator().run(TOO_LONG))
    raises(openai.AuthenticationError, "", lambda: generator(api_key=Secret.from_token("wrong")).run(QUESTION))


run("haystack-ai")
