"""Checks of pydantic-ai with chat completions and responses."""

from typing import Literal

from checks import (CITY_SCHEMA, GREEDY, MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, URL, WEATHER, check, contains, equal, raises,
                    run, text, true, usage)
from pydantic import BaseModel, Field
from pydantic_ai import Agent, Embedder, ModelHTTPError, NativeOutput, PromptedOutput, ToolOutput
from pydantic_ai.direct import model_request_sync
from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
from pydantic_ai.messages import ModelRequest, ToolReturnPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.tools import ToolDefinition


class City(BaseModel):
    """A city."""

    name: Literal["Paris"]
    tags: list[Literal["large", "old"]] = Field(max_length=2)


def provider(token=TOKEN):
    return OpenAIProvider(base_url=URL, api_key=token)


def chat_model(name=MODEL, token=TOKEN):
    return OpenAIChatModel(name, provider=provider(token))


def agent(model=None, **options):
    return Agent(model or chat_model(), **{"model_settings": GREEDY, **options})


@check
def chat():
    answer = agent().run_sync(QUESTION)
    equal(answer.output, text())
    equal((answer.usage.input_tokens, answer.usage.output_tokens), usage())
    equal(answer.response.finish_reason, "stop")


@check
def responses():
    answer = agent(OpenAIResponsesModel(MODEL, provider=provider())).run_sync(QUESTION)
    equal(answer.output, text())
    equal((answer.usage.input_tokens, answer.usage.output_tokens), usage())
    following = agent(OpenAIResponsesModel(MODEL, provider=provider())).run_sync(
        "And 3+3?", message_history=answer.all_messages())
    true(following.usage.input_tokens > sum(usage()), following.usage)


@check
async def chat_stream():
    for model in (chat_model(), OpenAIResponsesModel(MODEL, provider=provider())):
        async with agent(model).run_stream(QUESTION) as answer:
            parts = [part async for part in answer.stream_text(delta=True, debounce_by=None)]
        equal("".join(parts), text())
        true(len(parts) > 4, parts)


@check
def tool_call_and_result():
    tool = ToolDefinition(name="get_weather", description="Weather of a city", parameters_json_schema=CITY_SCHEMA)
    for model in (chat_model(), OpenAIResponsesModel(MODEL, provider=provider())):
        messages = [ModelRequest.user_text_prompt(WEATHER)]
        asked = model_request_sync(
            model, messages, model_settings={"tool_choice": "required", "max_tokens": 100, "temperature": 0},
            model_request_parameters=ModelRequestParameters(function_tools=[tool]))
        call = asked.parts[0]
        equal((call.tool_name, call.args_as_dict()), ("get_weather", {"city": "Paris"}))
        result = ToolReturnPart(call.tool_name, REPORT, tool_call_id=call.tool_call_id)
        answer = model_request_sync(model, [*messages, asked, ModelRequest(parts=[result])], model_settings=GREEDY)
        contains(answer.parts[0].content, REPORT)


@check
def chosen_tool():
    """Only one of the agent's tools may be called: OpenAI's allowed_tools."""
    chosen = agent(output_type=ToolOutput(City, name="final_result"),
                   model_settings={"temperature": 0, "max_tokens": 200, "tool_choice": ["final_result"]})

    @chosen.tool_plain
    def forbidden() -> str:
        """Is never called."""
        raise AssertionError("called")

    equal(chosen.run_sync("Describe a city.").output.name, "Paris")


@check
def structured_output():
    for output in (ToolOutput(City), NativeOutput(City, strict=True), NativeOutput(City)):
        answer = agent(output_type=output, model_settings={"max_tokens": 300, "temperature": 0}).run_sync("Describe a city.")
        equal(answer.output.name, "Paris")
    prompted = agent(output_type=PromptedOutput(City), model_settings={"max_tokens": 300, "temperature": 0}, retries=0)
    try:
        prompted.run_sync("Describe a city.")
    except Exception as failure:  # the schema is only in the prompt
        contains(str(failure), "output")


@check
async def streamed_structured_output():
    typed = agent(output_type=City, model_settings={"max_tokens": 300, "temperature": 0})
    async with typed.run_stream("Describe a city.") as answer:
        equal((await answer.get_output()).name, "Paris")


@check
def embeddings():
    embedder = Embedder(OpenAIEmbeddingModel(MODEL, provider=provider()))
    vectors = embedder.embed_documents_sync(["river", "tower"]).embeddings
    equal(len(vectors), 2)
    single = embedder.embed_query_sync("river").embeddings[0]
    true(max(abs(a - b) for a, b in zip(vectors[0], single, strict=True)) < 1e-3, "vectors differ")


@check
def errors():
    equal(raises(ModelHTTPError, "no-such-model", lambda: agent(chat_model("no-such-model")).run_sync(QUESTION)).status_code, 404)
    equal(raises(ModelHTTPError, "maximum context length", lambda: agent().run_sync(TOO_LONG)).status_code, 400)
    equal(raises(ModelHTTPError, "", lambda: agent(chat_model(token="wrong")).run_sync(QUESTION)).status_code, 401)


run("pydantic-ai-slim")
