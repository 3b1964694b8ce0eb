"""Checks of dspy."""

from typing import Literal

import dspy
from checks import GREEDY, MODEL, QUESTION, TOKEN, TOO_LONG, URL, check, contains, equal, run, text, true

SERVER = {"api_base": URL, "api_key": TOKEN, "cache": False, "num_retries": 0}


class Sort(dspy.Signature):
    """Sort the sentence by its feeling."""

    sentence: str = dspy.InputField()
    feeling: Literal["good", "bad"] = dspy.OutputField()


def schema(**properties):
    """A response_format; dspy sends one of its own only to models that it knows."""
    whole = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": whole, "strict": True}}


FEELING = {"type": "string", "enum": ["good", "bad"]}


def model(name=MODEL, **options):
    return dspy.LM(f"openai/{name}", **{**SERVER, **GREEDY, **options})


@check
def chat():
    for engine in ("auto", "litellm"):
        equal(model(engine=engine)(QUESTION), [text()])


@check
def responses():
    answer = model(model_type="responses")(QUESTION)[0]
    equal(answer["text"] if isinstance(answer, dict) else answer, text())


@check
def signature_as_json():
    with dspy.context(lm=model(response_format=schema(feeling=FEELING)), adapter=dspy.JSONAdapter()):
        answer = dspy.Predict(Sort)(sentence="What a lovely day!")
    true(answer.feeling in ("good", "bad"), answer)


@check
def chain_of_thought():
    format_ = schema(reasoning={"type": "string", "maxLength": 80}, feeling=FEELING)
    with dspy.context(lm=model(max_tokens=200, response_format=format_), adapter=dspy.JSONAdapter()):
        answer = dspy.ChainOfThought(Sort)(sentence="What a lovely day!")
    true(answer.feeling in ("good", "bad"), answer)


@check
def usage_of_a_program():
    lm = model(response_format=schema(feeling=FEELING))
    with dspy.context(lm=lm, adapter=dspy.JSONAdapter(), track_usage=True):
        answer = dspy.Predict(Sort)(sentence="It rains.")
    spent = next(iter(answer.get_lm_usage().values()))
    true(spent["prompt_tokens"] > 20 and spent["completion_tokens"] > 0, spent)


@check
def embeddings():
    vectors = dspy.Embedder(f"openai/{MODEL}", api_base=URL, api_key=TOKEN, caching=False)(["river", "tower"])
    equal(len(vectors), 2)
    true(abs(sum(float(value) ** 2 for value in vectors[0]) - 1) < 1e-3, "length is not 1")


@check
def errors():
    for name, options, prompt, part in (
            ("no-such-model", {}, QUESTION, "no-such-model"), (MODEL, {}, TOO_LONG, "maximum context length"),
            (MODEL, {"api_key": "wrong"}, QUESTION, "oken")):
        try:
            model(name, **options)(prompt)
            raise AssertionError(f"no error: {part}")
        except Exception as failure:
            contains(str(failure), part)


run("dspy")
