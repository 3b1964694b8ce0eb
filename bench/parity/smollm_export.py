"""Compares the export of a model with the GGUF file that it was imported from: smollm_export.py GGUF EXPORT [--limit N]

The exported folder in transformers answers prompts beside the exported GGUF file in llama.cpp, both float32. The exported
weights are compared with those of the file, dequantized by the package gguf.
"""

import argparse
import json
import sys
from pathlib import Path

import gguf
import numpy as np
from safetensors import safe_open
from smollm_peers import open_peer

TOKENS = 64
HERE = Path(__file__).resolve().parent


def equal_tensors(original, exported_gguf, folder):
    """Tensors whose weights are those of the file to the last bit, in the exported GGUF file and by Hugging Face name."""
    exported = {tensor.name: tensor for tensor in gguf.GGUFReader(exported_gguf).tensors}
    reader = gguf.GGUFReader(original)
    heads = {kind: int(reader.fields[f"llama.attention.head_count{kind}"].contents()) for kind in ("", "_kv")}
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, len(exported))
    equal = 0
    with safe_open(Path(folder) / "model.safetensors", "np") as weights:
        by_gguf_name = {names.get_name(name, try_suffixes=(".weight",)): name for name in weights.keys()}
        for tensor in reader.tensors:
            values = gguf.dequantize(tensor.data, tensor.tensor_type)
            same = np.array_equal(values, exported[tensor.name].data.reshape(values.shape))
            if tensor.name.endswith(("attn_q.weight", "attn_k.weight")):
                rows, columns = values.shape
                count = heads["" if tensor.name.endswith("attn_q.weight") else "_kv"]
                values = values.reshape(count, rows // count // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)
            same = same and np.array_equal(values, weights.get_tensor(by_gguf_name[tensor.name]))
            equal += same
            if not same:
                print(f"tensor {tensor.name} differs")
    return equal, len(reader.tensors)


def compare(folder, file, written):
    """Counts equal prompts and equal answers of the exported folder and the exported file, by kind."""
    transformers, llama = open_peer(folder, TOKENS), open_peer(file, TOKENS)
    counts = {}
    for kind, tokens in (("conversations", "chat_tokens"), ("texts", "text_tokens")):
        prompts = answers = 0
        for number, prompt in enumerate(written[kind]):
            left, right = getattr(transformers, tokens)(prompt), getattr(llama, tokens)(prompt)
            made, peer = transformers.generate(left), llama.generate(right)
            prompts += left == right
            answers += made == peer
            if left != right or made != peer:
                print(f"{kind} {number}: same prompt {left == right}; transformers {made}, llama.cpp {peer}")
        counts[kind] = (len(written[kind]), prompts, answers)
    return counts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gguf")
    parser.add_argument("export", type=Path)
    parser.add_argument("--limit", type=int, default=1 << 30)
    parser.add_argument("--figures")
    arguments = parser.parse_args()
    folder, file = arguments.export / "huggingface", arguments.export / "model.gguf"
    written = {kind: prompts[:arguments.limit]
               for kind, prompts in json.loads((HERE / "smollm_prompts.json").read_text()).items()}
    equal, tensors = equal_tensors(arguments.gguf, file, folder)
    counts = compare(folder, file, written)
    print(f"{'gguf, exported':<16} {'rows':>5} {'prompts':>8} {'answers':>8}")
    for kind, row in counts.items():
        print(f"{kind:<16} {row[0]:>5} {row[1]:>8} {row[2]:>8}")
    print(f"weights: {equal} of {tensors} tensors equal those of the file to the last bit")
    rows, prompts, _ = (sum(column) for column in zip(*counts.values()))
    figures = {
        "identical_prompts": prompts / rows,
        "identical_chats": counts["conversations"][2] / counts["conversations"][0],
        "identical_continuations": counts["texts"][2] / counts["texts"][0],
        "equal_tensors": equal / tensors,
    }
    if arguments.figures:
        with open(arguments.figures, "a") as log:
            print(json.dumps(figures), file=log)
    sys.exit(0 if (equal, prompts) == (tensors, rows) else 1)


if __name__ == "__main__":
    main()
