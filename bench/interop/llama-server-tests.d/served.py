"""pytest plugin: llama.cpp's tests of its server with SmolLM2-135M-Instruct instead of their own models.

Without SERVED, each test starts llama-server with LLAMA_SERVER_GGUF. With SERVED, the tests use the service at ROOTSTOCK_URL:
requests get its model's name, temperature, seed and the prefix /v1, and other options of a server that a test sets have no
effect. OUTCOMES is the file for the results, a JSON object for each test: test, passed, reason.
"""

import json
import os
import sys
import types
from urllib.parse import urlsplit

sys.modules["wget"] = types.ModuleType("wget")  # utils.py imports it for downloads, which these tests do not need

import openai
import utils

SERVED = "SERVED" in os.environ
# Texts that the tests' own models generate, as their regular expressions have them.
TEXTS = {
    "But she couldn't", "(Suddenly)+|\\{ \" Sarax.", "^ blue", "(Aside|she|felter|alonger)+", "Whillicter", "(Suddenly)+",
    "(going|bed)+", "[ -3000 ]", "(\\{|John)+"}
# Parameters of tests that are a number of tokens of the tests' own models.
COUNTS = {"n_prompt", "n_tokens"}
PREFIXES = ("/chat/completions", "/completions", "/responses", "/embeddings")


class AnyCount:
    """Equals every positive number."""

    def __eq__(self, other):
        return isinstance(other, int) and other > 0

    __hash__ = None


match_regex = utils.match_regex
start = utils.ServerProcess.start
make_request = utils.ServerProcess.make_request
make_stream_request = utils.ServerProcess.make_stream_request


def started(server, *arguments, **options):
    if SERVED:
        url = urlsplit(os.environ["ROOTSTOCK_URL"])
        server.server_host, server.server_port = url.hostname, url.port
        return
    server.model_file = os.environ["LLAMA_SERVER_GGUF"]
    server.model_hf_repo = server.model_hf_file = None
    # The tests' model for embeddings names its pooling.
    server.pooling = server.pooling or ("last" if server.server_embeddings else None)
    start(server, *arguments, **options)


def path_of(path):
    return "/v1" + path if SERVED and path.startswith(PREFIXES) else path


def body_of(data):
    if not SERVED or not isinstance(data, dict):
        return data
    # The temperature and the seed with which the tests start llama-server.
    sampling = {"temperature": 0.8, "seed": 42} if "messages" in data or "prompt" in data else {}
    return {**sampling, **data, "model": os.environ["ROOTSTOCK_MODEL"]}


class ServedOpenAI(openai.OpenAI):
    def _prepare_options(self, options):
        options = super()._prepare_options(options)
        options.json_data = body_of(options.json_data)
        return options


utils.match_regex = lambda regex, text: bool(text) if regex in TEXTS else match_regex(regex, text)
utils.ServerProcess.start = started
utils.ServerProcess.make_request = lambda server, method, path, data=None, **options: make_request(
    server, method, path_of(path), body_of(data), **options)
utils.ServerProcess.make_stream_request = lambda server, method, path, data=None, **options: make_stream_request(
    server, method, path_of(path), body_of(data), **options)
openai.OpenAI = ServedOpenAI


def pytest_collection_modifyitems(items):
    # Of the tests of llama.cpp's own API, only those by the OpenAI library belong to this part.
    items[:] = [item for item in items if "test_completion.py" not in item.nodeid or "openai_library" in item.nodeid]
    for item in items:
        parameters = getattr(item, "callspec", None)
        for name in COUNTS & set(parameters.params if parameters else ()):
            parameters.params[name] = AnyCount()


def pytest_runtest_teardown():
    for server in set(utils.server_instances):
        server.stop()


def pytest_runtest_logreport(report):
    if report.when == "call" or report.failed:
        reason = report.longrepr.reprcrash.message if report.failed and hasattr(report.longrepr, "reprcrash") else ""
        with open(os.environ["OUTCOMES"], "a") as outcomes:
            outcomes.write(json.dumps({
                "test": report.nodeid.rpartition("/")[2], "passed": report.passed,
                "reason": reason.partition("\n")[0][:200]}) + "\n")
