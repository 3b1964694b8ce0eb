"""Compares outcomes of llama.cpp's server tests: compare.py LLAMA_SERVER ROOTSTOCK, files of JSON lines from served.py."""

import json
import sys
from pathlib import Path

# Test, or its name without parameters: why the service does not pass it.
OWN_FIELD = "a field of llama-server's own; the service refuses fields that it would not obey"
OWN_PATH = "a path of llama-server's own"
MIXED = "a text that mixes tokens and strings, or a list of both, is not in OpenAI's API"
REASONS = {
    "test_chat_completion.py::test_apply_chat_template": OWN_PATH,
    "test_chat_completion.py::test_chat_template": OWN_FIELD,
    "test_chat_completion.py::test_chat_template_assistant_prefill":
        "an option of the server (template) and its debug output; the service uses the model's template",
    "test_chat_completion.py::test_chat_template_continue_final_message_vllm_compat":
        "an option of the server (template) and its debug output",
    "test_chat_completion.py::test_invalid_chat_completion_req[messages7]":
        "two answers in a row, which OpenAI's API accepts",
    "test_chat_completion.py::test_chat_completion_with_timings_per_token": OWN_FIELD,
    "test_chat_completion.py::test_logit_bias": OWN_PATH + " (/tokenize)",
    "test_chat_completion.py::test_context_size_exceeded":
        "the error has OpenAI's type and code (context_length_exceeded), not llama-server's",
    "test_chat_completion.py::test_context_size_exceeded_stream":
        "the error has OpenAI's type and code (context_length_exceeded), not llama-server's",
    "test_chat_completion.py::test_return_progress": OWN_FIELD,
    "test_chat_completion.py::test_chat_completions_multiple_choices": OWN_FIELD + " (id_slot)",
    "test_chat_completion.py::test_chat_completions_token_count": OWN_PATH,
    "test_chat_completion.py::test_verbose_debug": OWN_FIELD,
    "test_compat_oai_responses.py::test_responses_stream_with_llama_telemetry": OWN_FIELD,
    "test_embedding.py::test_embedding_mixed_input[input3-False]": MIXED,
    "test_embedding.py::test_embedding_mixed_input[input5-True]": MIXED,
    "test_embedding.py::test_embedding_mixed_input[input7-True]": MIXED,
    "test_embedding.py::test_embedding_pooling_none_oai":
        "an option of the server (no pooling); the service always returns the state of the last token",
    "test_embedding.py::test_same_prompt_give_same_result":
        "equal texts of one request lie at other places of the cache: rounding that quantized activations amplify to 0.003"
        " (below 1e-6 with float32 weights)",
}


def outcomes(file):
    results = {}
    for line in Path(file).read_text().splitlines():
        outcome = json.loads(line)
        earlier = results.get(outcome["test"])
        if earlier is None or earlier["passed"]:
            results[outcome["test"]] = outcome
    return results


def main():
    control, ours = outcomes(sys.argv[1]), outcomes(sys.argv[2])
    comparable = [test for test, outcome in control.items() if outcome["passed"]]
    print(f"{len(control) - len(comparable)} of {len(control)} tests are not compared: llama-server itself fails them with this model")
    missed = [test for test in comparable if not ours.get(test, {"passed": False})["passed"]]
    unexplained = 0
    for test in missed:
        reason = REASONS.get(test) or REASONS.get(test.partition("[")[0])
        unexplained += reason is None
        print(f"missed {test}: {reason or 'UNEXPLAINED ' + ours.get(test, {'reason': 'not run'})['reason']}")
    for test in control:
        if not control[test]["passed"]:
            print(f"not compared {test}: {control[test]['reason']}")
    print(f"tests={len(comparable)}")
    print(f"passed={len(comparable) - len(missed)}")
    print(f"missed={len(missed)}")
    print(f"unexplained={unexplained}")
    sys.exit(1 if unexplained else 0)


if __name__ == "__main__":
    main()
