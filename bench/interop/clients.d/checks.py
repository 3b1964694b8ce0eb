"""Checks of one client library: functions with @check, run by run(). Reports a JSON line for the plan and for each check."""

import asyncio
import inspect
import json
import os
import sys
import traceback
import urllib.request
from functools import cache
from importlib.metadata import version
from pathlib import Path

URL = os.environ["ROOTSTOCK_URL"]
MODEL = os.environ["ROOTSTOCK_MODEL"]
with open(os.environ["ROOTSTOCK_AUTH_TOKEN_FILE"], encoding="ascii") as token:
    TOKEN = token.read().strip()

QUESTION = "What is 2+2?"  # SmolLM2 answers it in eleven tokens
SERVICES = ["registry", "tokenizer", "trainer", "inference"]
WEATHER = "What is the weather in Paris?"
CITY_SCHEMA = {"type": "object", "properties": {"city": {"type": "string", "enum": ["Paris"]}}, "required": ["city"]}
TOOL = {"type": "function", "function": {"name": "get_weather", "description": "Weather of a city", "parameters": CITY_SCHEMA}}
REPORT = "Sunny, 21 degrees"  # what get_weather returns
TOO_LONG = "many words " * 12_000  # longer than the model's context

MESSAGES = [{"role": "user", "content": QUESTION}]
GREEDY = {"temperature": 0, "max_tokens": 24}

_checks = []
# The libraries may print: descriptor 1 is for reports only.
_report = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)


@cache
def reply():
    """The completion of MESSAGES with GREEDY, by a plain HTTP request."""
    body = json.dumps({"model": MODEL, "messages": MESSAGES, **GREEDY}).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {TOKEN}"}
    with urllib.request.urlopen(urllib.request.Request(f"{URL}/chat/completions", body, headers)) as response:
        return json.load(response)


def port(service="inference", kind="grpcPort"):
    """Port of a service of this machine; httpPort has its metrics."""
    return json.loads((Path(os.environ["ROOTSTOCK_HOME"]) / "processes" / f"{service}.json").read_text())[kind]


def text():
    return reply()["choices"][0]["message"]["content"]


def usage():
    """Numbers of prompt and completion tokens of the reply."""
    return reply()["usage"]["prompt_tokens"], reply()["usage"]["completion_tokens"]


def check(function):
    """Adds a check; its name is the function's."""
    _checks.append(function)
    return function


def equal(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r} instead of {expected!r}"[:500])


def contains(text, part):
    if part not in text:
        raise AssertionError(f"{part!r} is not in {text!r}"[:500])


def true(holds, *values):
    if not holds:
        raise AssertionError(", ".join(repr(value) for value in values)[:500])


def raises(error, part, call):
    """Calls a function that must raise an error with this text; returns the error."""
    try:
        call()
    except error as failure:
        contains(str(failure), part)
        return failure
    raise AssertionError(f"no {error.__name__}")


def run(package):
    """Runs the checks in the order of their definition."""
    _write({"version": version(package), "checks": [function.__name__ for function in _checks]})
    for function in _checks:
        _write({"check": function.__name__, "reason": _reason(function)})
    sys.stderr.flush()
    # Threads and sockets that a library left open do not delay the exit.
    os._exit(0)


def _reason(function):
    """Why the check failed, else None."""
    try:
        result = function()
        if inspect.iscoroutine(result):
            asyncio.run(result)
        return None
    except Exception as failure:
        traceback.print_exc()
        text = " ".join(str(failure).split())
        line = next((frame.lineno for frame in reversed(traceback.extract_tb(failure.__traceback__))
                     if os.path.dirname(frame.filename) == os.path.dirname(__file__) and frame.filename != __file__), 0)
        return f"line {line}: {type(failure).__name__}: {text}"[:600]


def _write(line):
    _report.write(json.dumps(line) + "\n")
