"""Checks of LlamaIndex with OpenAILike and OpenAILikeEmbedding."""

from typing import Literal

import openai
from checks import (GREEDY, MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, URL, WEATHER, check, contains, equal, raises, run, text,
                    true, usage)
from llama_index.core import Document, Settings, VectorStoreIndex
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel

QUESTIONS = [ChatMessage(role="user", content=QUESTION)]


class City(BaseModel):
    """A city."""

    name: Literal["Paris"]


def get_weather(city: Literal["Paris"]) -> str:
    """Weather of a city."""
    return f"{REPORT} in {city}"


def model(**options):
    return OpenAILike(**{"model": MODEL, "api_base": URL, "api_key": TOKEN, "is_chat_model": True, "max_retries": 0,
                         "is_function_calling_model": True, "context_window": 4096, **GREEDY, **options})


def embedding():
    return OpenAILikeEmbedding(model_name=MODEL, api_base=URL, api_key=TOKEN, embed_batch_size=2)


@check
def chat():
    answer = model().chat(QUESTIONS)
    equal(answer.message.content, text())
    equal((answer.raw.usage.prompt_tokens, answer.raw.usage.completion_tokens), usage())
    equal(model().complete(QUESTION).text, text())


@check
def chat_stream():
    parts = list(model().stream_chat(QUESTIONS))
    equal("".join(part.delta for part in parts), text())
    equal(parts[-1].message.content, text())


@check
async def asynchronous_chat():
    equal((await model().achat(QUESTIONS)).message.content, text())


@check
def completions():
    contains(model(is_chat_model=False, max_tokens=4).complete("1, 2, 3, 4,").text, "5")


@check
def tool_call_and_result():
    tool = FunctionTool.from_defaults(get_weather)
    question = ChatMessage(role="user", content=WEATHER)
    asked = model(max_tokens=100).chat_with_tools([tool], chat_history=[question], tool_required=True)
    call = model().get_tool_calls_from_response(asked)[0]
    equal((call.tool_name, call.tool_kwargs), ("get_weather", {"city": "Paris"}))
    result = ChatMessage(role="tool", content=str(tool(**call.tool_kwargs)), additional_kwargs={"tool_call_id": call.tool_id})
    contains(model().chat([question, asked.message, result]).message.content, REPORT)
    streamed = list(model(max_tokens=100).stream_chat_with_tools([tool], chat_history=[question], tool_required=True))
    equal(model().get_tool_calls_from_response(streamed[-1])[0].tool_kwargs, {"city": "Paris"})


@check
def structured_output():
    for structured in (True, False):
        typed = model(max_tokens=100, should_use_structured_outputs=structured).as_structured_llm(City)
        equal(typed.complete("Name a city.").raw.name, "Paris")


@check
def embeddings():
    vectors = embedding().get_text_embedding_batch(["river", "tower", "street"])
    equal(len(vectors), 3)
    single = embedding().get_text_embedding("river")
    true(max(abs(a - b) for a, b in zip(single, vectors[0], strict=True)) < 1e-3, "vectors differ")


@check
def index_of_documents():
    Settings.tokenizer = str.split  # OpenAI's tokenizer would be loaded otherwise
    index = VectorStoreIndex.from_documents(
        [Document(text="The river is blue."), Document(text="Four towers.")], embed_model=embedding())
    answer = index.as_query_engine(llm=model(), similarity_top_k=1).query("The river is blue.")
    equal(answer.source_nodes[0].text, "The river is blue.")
    true(answer.response, answer)


@check
def errors():
    raises(openai.NotFoundError, "no-such-model", lambda: model(model="no-such-model").chat(QUESTIONS))
    raises(openai.BadRequestError, "maximum context length",
           lambda: model().chat([ChatMessage(role="user", content=TOO_LONG)]))
    raises(openai.AuthenticationError, "", lambda: model(api_key="wrong").chat(QUESTIONS))


run("llama-index-llms-openai-like")
