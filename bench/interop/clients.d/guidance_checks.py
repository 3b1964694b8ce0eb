"""Checks of guidance with its model OpenAI, which has JSON but no grammars."""

import json

import guidance
from checks import CITY_SCHEMA, MODEL, QUESTION, TOKEN, TOO_LONG, URL, WEATHER, check, contains, equal, raises, run, text
from guidance import assistant, gen, system, user


def model(name=MODEL, token=TOKEN):
    return guidance.models.OpenAI(name, echo=False, api_key=token, base_url=URL, max_retries=0)


def ask(question, chosen=None, grammar=None):
    state = model() if chosen is None else chosen  # a model without messages is false
    with user():
        state += question
    with assistant():
        # guidance does not send a temperature of 0.
        state += gen("answer", max_tokens=24, temperature=1e-6) if grammar is None else grammar
    return state


@check
def chat():
    equal(ask(QUESTION)["answer"], text())


@check
def conversation():
    state = model()
    with system():
        state += "Answer briefly."
    state = ask("And 3+3?", ask(QUESTION, state))
    contains(str(state), QUESTION)


@check
def json_schema():
    state = ask("Name a city.", grammar=guidance.json("answer", schema=CITY_SCHEMA))
    equal(json.loads(state["answer"]), {"city": "Paris"})


@check
def grammar_with_vllms_field():
    """guidance's grammars for vLLM are llguidance's, which the service refuses instead of ignoring them."""
    from guidance.models.experimental import VLLMModel

    vllm = VLLMModel(MODEL, echo=False, base_url=URL, api_key=TOKEN)
    raises(Exception, "grammar", lambda: ask(WEATHER, vllm, guidance.select(["sunny", "rainy"], name="answer")))


@check
def errors():
    raises(Exception, "no-such-model", lambda: ask(QUESTION, model("no-such-model")))
    raises(Exception, "maximum context length", lambda: ask(TOO_LONG))
    raises(Exception, "401", lambda: ask(QUESTION, model(token="wrong")))


run("guidance")
