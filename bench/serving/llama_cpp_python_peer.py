"""The llama-cpp-python side of bench/serving/base: llama_cpp_python_peer.py FILE.gguf CONTEXT THREADS

Prints `ready TITLE`. Then each line of standard input is a JSON object {"id", "prompt", "tokens"}; it prints `token ID
"TEXT"` for each token of the greedy continuation and `done ID COUNT` after the last. Special tokens in the prompt count as
such; BOS is not added; generation continues past the end of text; no prompt cache. A Llama decodes one sequence at a
time, so that requests are handled one after another, as llama_cpp.server does.
"""

import codecs
import json
import sys

import llama_cpp


def main():
    file, context, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    llama = llama_cpp.Llama(
        model_path=file, n_ctx=context, n_threads=threads, n_threads_batch=threads, n_batch=2048, n_ubatch=512, verbose=False
    )
    print(f"ready llama-cpp-python {llama_cpp.__version__}", flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        prompt = llama.tokenize(request["prompt"].encode(), add_bos=False, special=True)
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        llama.reset()  # otherwise the longest common prefix with the last request would not be processed again
        count = 0
        for token in llama.generate(prompt, temp=0.0, repeat_penalty=1.0):
            text = decoder.decode(llama.detokenize([token], special=True))
            print(f"token {request['id']} {json.dumps(text)}", flush=True)
            count += 1
            if count == request["tokens"]:
                break
        print(f"done {request['id']} {count}", flush=True)


if __name__ == "__main__":
    main()
