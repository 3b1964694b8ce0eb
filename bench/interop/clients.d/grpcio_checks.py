"""Checks of grpcio without generated classes: messages come from server reflection, then from the protos by grpcio-tools."""

import sys
import tempfile
from importlib import resources
from pathlib import Path

import grpc
from checks import (MODEL, QUESTION, REPORT, SERVICES, TOKEN, TOO_LONG, WEATHER, check, contains, equal, port, raises, run,
                    text, true, usage)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_tools import protoc

INFERENCE = "rootstock.inference.v1.InferenceService"
QUESTIONS = [{"role": "user", "content": QUESTION}]
GREEDY = {"options": {"max_tokens": 24, "sampling": {"temperature": 0}}}
CITY = '{"type": "object", "properties": {"city": {"type": "string", "enum": ["Paris"]}}, "required": ["city"]}'
TOOLS = {"mode": "TOOL_MODE_REQUIRED",
         "tools": [{"name": "get_weather", "description": "Weather of a city", "parameters_schema": CITY}]}


def channel(service="inference", token=TOKEN):
    plain = grpc.insecure_channel(f"127.0.0.1:{port(service)}")
    return grpc.intercept_channel(plain, Bearer(token)) if token else plain


class Bearer(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor, grpc.StreamStreamClientInterceptor):
    def __init__(self, token):
        self.header = ("authorization", f"Bearer {token}")

    def _with_token(self, follow, details, request):
        return follow(details._replace(metadata=[*(details.metadata or []), self.header]), request)

    intercept_unary_unary = intercept_unary_stream = intercept_stream_stream = _with_token


def database(service="inference"):
    return ProtoReflectionDescriptorDatabase(channel(service))


def call(method, request, token=TOKEN, timeout=60):
    """Calls a method of InferenceService by the descriptors of the server; a stream gives a list."""
    method = DescriptorPool(database()).FindServiceByName(INFERENCE).methods_by_name[method]
    message, answer = GetMessageClass(method.input_type), GetMessageClass(method.output_type)
    connection = channel(token=token)
    kind = connection.unary_stream if method.server_streaming else connection.unary_unary
    stub = kind(f"/{INFERENCE}/{method.name}", request_serializer=message.SerializeToString,
                response_deserializer=answer.FromString)
    answers = stub(ParseDict(request, message()), timeout=timeout)
    if method.server_streaming:
        return [MessageToDict(each, preserving_proto_field_name=True) for each in answers]
    return MessageToDict(answers, preserving_proto_field_name=True)


@check
def reflection_of_all_services():
    for service in SERVICES:
        names = list(database(service).get_services())
        pool = DescriptorPool(database(service))
        true(any(name.startswith(f"rootstock.{service}.v1.") for name in names), names)
        for name in names:
            true(name.startswith("grpc.") or len(pool.FindServiceByName(name).methods) > 0, name)


@check
def health_of_all_services():
    for service in SERVICES:
        stub = health_pb2_grpc.HealthStub(channel(service, token=None))
        equal(stub.Check(health_pb2.HealthCheckRequest()).status, health_pb2.HealthCheckResponse.SERVING)
        failure = raises(grpc.RpcError, "", lambda chosen=stub: chosen.Check(health_pb2.HealthCheckRequest(service="no.such")))
        equal(failure.code(), grpc.StatusCode.NOT_FOUND)


@check
def chat():
    answer = call("Chat", {"model": MODEL, "messages": QUESTIONS, **GREEDY})["answers"][0]
    equal(answer["message"]["content"], text())
    equal((answer["finish"]["prompt_tokens"], answer["finish"]["completion_tokens"]), usage())


@check
def chat_stream():
    parts = call("ChatStream", {"model": MODEL, "messages": QUESTIONS, **GREEDY})
    equal("".join(part.get("text", "") for part in parts), text())
    equal(parts[-1]["finish"]["completion_tokens"], usage()[1])


@check
def tool_call_and_result():
    messages = [{"role": "user", "content": WEATHER}]
    asked = call("Chat", {"model": MODEL, "messages": messages, "tools": TOOLS})
    message = asked["answers"][0]["message"]
    used = message["tool_calls"][0]
    equal((used["name"], used["arguments"]), ("get_weather", '{"city":"Paris"}'))
    messages += [message, {"role": "tool", "tool_call_id": used["id"], "content": REPORT}]
    answer = call("Chat", {"model": MODEL, "messages": messages, **GREEDY})
    contains(answer["answers"][0]["message"]["content"], REPORT)


@check
def tokens():
    counted = call("Tokenize", {"model": MODEL, "text": "Rivers & towers"})["tokens"]
    equal(call("Detokenize", {"model": MODEL, "tokens": counted})["text"], "Rivers & towers")


@check
def embeddings_and_scores():
    vectors = call("Embed", {"model": MODEL, "texts": ["river", "tower"], "normalize": True})["embeddings"]
    true(abs(sum(value * value for value in vectors[0]["values"]) - 1) < 1e-3, "length is not 1")
    scores = call("Score", {"model": MODEL, "prompt": "1, 2, 3, 4,", "continuations": [" 5", " tower"]})["scores"]
    true(scores[0]["logprob"] > scores[1]["logprob"], scores)


@check
def errors():
    for code, part, request, token in (
            (grpc.StatusCode.NOT_FOUND, "no-such-model", {"model": "no-such-model", "messages": QUESTIONS}, TOKEN),
            (grpc.StatusCode.INVALID_ARGUMENT, "maximum context length",
             {"model": MODEL, "messages": [{"role": "user", "content": TOO_LONG}]}, TOKEN),
            (grpc.StatusCode.UNAUTHENTICATED, "token", {"model": MODEL, "messages": QUESTIONS}, "wrong")):
        failure = raises(grpc.RpcError, part, lambda sent=request, by=token: call("Chat", sent, by))
        equal(failure.code(), code)


@check
def deadline():
    failure = raises(grpc.RpcError, "", lambda: call(
        "Chat", {"model": MODEL, "messages": QUESTIONS, "options": {"max_tokens": 4000, "min_tokens": 4000}}, timeout=1))
    equal(failure.code(), grpc.StatusCode.DEADLINE_EXCEEDED)


@check
def classes_generated_from_the_protos():
    protos = Path(__file__).parents[3] / "proto/src/main/proto"
    files = [str(file) for file in protos.rglob("*.proto")]
    with tempfile.TemporaryDirectory() as folder:
        include = str(resources.files("grpc_tools") / "_proto")
        options = [f"-I{protos}", f"-I{include}", f"--python_out={folder}", f"--grpc_python_out={folder}"]
        equal(protoc.main(["", *options, *files]), 0)
        sys.path.insert(0, folder)
        from rootstock.inference.v1 import chat_pb2, inference_pb2_grpc

        stub = inference_pb2_grpc.InferenceServiceStub(channel())
        request = chat_pb2.ChatRequest(model=MODEL, messages=[chat_pb2.Message(role="user", content=QUESTION)])
        request.options.sampling.temperature = 0
        equal(stub.Chat(request).answers[0].message.content, text())


run("grpcio")
