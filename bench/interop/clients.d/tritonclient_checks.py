"""Checks of Triton's clients of the Open Inference Protocol, over HTTP and gRPC."""

import numpy as np
import tritonclient.grpc as over_grpc
import tritonclient.http as over_http
from checks import MODEL, TOKEN, URL, check, contains, equal, port, raises, run, true
from tritonclient.utils import InferenceServerException

PROMPTS = ["1, 2, 3, 4,", "a, b, c, d,"]


def headers(token=TOKEN):
    return {"authorization": f"Bearer {token}"}  # a new one for each call, since the client adds to it


def clients():
    return [(over_http, over_http.InferenceServerClient(URL.removeprefix("http://").removesuffix("/v1"))),
            (over_grpc, over_grpc.InferenceServerClient(f"127.0.0.1:{port()}"))]


def tensor(protocol, texts, name="prompts"):
    values = np.array([each.encode() for each in texts], dtype=np.object_)
    given = protocol.InferInput(name, [len(texts)], "BYTES")
    given.set_data_from_numpy(values)
    return given


def infer(protocol, client, model=MODEL, token=TOKEN, **options):
    return client.infer(model, [tensor(protocol, PROMPTS)], headers=headers(token), **{
        "parameters": {"max_tokens": 4, "temperature": 0}, **options})


@check
def state_of_the_server_and_model():
    for _, client in clients():
        true(client.is_server_live(headers=headers()) and client.is_server_ready(headers=headers()), "server is not ready")
        true(client.is_model_ready(MODEL, headers=headers()), "model is not ready")
        true(client.is_model_ready(MODEL, "1", headers=headers()), "version is not ready")
        equal(client.is_model_ready("no-such-model", headers=headers()), False)


@check
def metadata():
    for protocol, client in clients():
        options = {"as_json": True} if protocol is over_grpc else {}
        model = client.get_model_metadata(MODEL, headers=headers(), **options)
        equal([each["name"] for each in model["inputs"]], ["prompts"])
        equal(model["versions"], ["1"])
        equal(client.get_server_metadata(headers=headers(), **options)["name"], "inference-service")


@check
def inference():
    answers = []
    for protocol, client in clients():
        answer = infer(protocol, client, request_id="seven")
        answers.append([value.decode() for value in answer.as_numpy("completions")])
        equal(answer.as_numpy("finish_reasons").tolist(), [b"length", b"length"])
        response = answer.get_response()
        equal(response["id"] if isinstance(response, dict) else response.id, "seven")
    equal(answers[0], answers[1])
    contains(answers[0][0], "5")


@check
def chosen_output_and_version():
    for protocol, client in clients():
        answer = infer(protocol, client, model_version="1", outputs=[protocol.InferRequestedOutput("finish_reasons")])
        equal(answer.as_numpy("completions"), None)
        equal(answer.as_numpy("finish_reasons").shape, (2,))


@check
def tensors_as_json():
    protocol, client = clients()[0]
    given = protocol.InferInput("prompts", [1], "BYTES")
    given.set_data_from_numpy(np.array([b"1, 2, 3, 4,"], dtype=np.object_), binary_data=False)
    answer = client.infer(MODEL, [given], headers=headers(), parameters={"max_tokens": 4, "temperature": 0},
                          outputs=[protocol.InferRequestedOutput("completions", binary_data=False)])
    contains(str(answer.as_numpy("completions")[0]), "5")


@check
def asynchronous_inference():
    protocol, client = clients()[0]
    pending = client.async_infer(MODEL, [tensor(protocol, PROMPTS)], headers=headers(), parameters={"max_tokens": 1})
    equal(pending.get_result().as_numpy("completions").shape, (2,))


@check
def errors():
    for protocol, client in clients():
        raises(InferenceServerException, "no-such-model", lambda: infer(protocol, client, "no-such-model"))
        raises(InferenceServerException, "max_tokens", lambda: infer(protocol, client, parameters={"max_tokens": "x"}))
        raises(InferenceServerException, "token", lambda: infer(protocol, client, token="wrong"))


run("tritonclient")
