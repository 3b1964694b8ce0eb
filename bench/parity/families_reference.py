"""The Python half of bench/parity/families: for each family a Hugging Face directory of random weights, and beside it the
logits (float32) and the loss (float64) that PyTorch computes with this file's own forward pass, written from the papers
and Hugging Face's configuration keys. safetensors are written by hand: a length, a JSON header, the bytes.
"""

import json
import math
import struct
import sys
from pathlib import Path

import torch

TOKENS, ROWS, LENGTH, CONTEXT = 261, 320, 48, 96
BASE = dict(
    hidden_size=64, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2, intermediate_size=96,
    max_position_embeddings=CONTEXT, rms_norm_eps=1e-5, rope_theta=10000.0, vocab_size=ROWS, hidden_act="silu",
    bos_token_id=256, eos_token_id=257, tie_word_embeddings=False,
)
QWEN = dict(rms_norm_eps=1e-6, rope_theta=1000000.0, use_sliding_window=False, sliding_window=32)
LLAMA31 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)
GPT2 = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True}
AFTER = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}


def split(digits):
    pattern = (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|" + digits
        + r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )
    step = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    return {"type": "Sequence", "pretokenizers": [step, AFTER]}


DIGITS = {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, GPT2]}
LLAMA3, QWEN2 = split(r"\p{N}{1,3}"), split(r"\p{N}")

# name: model_type, class, changes, weights' type, files, pre-tokenizer
FAMILIES = {
    "llama-3.1": ("llama", "Llama", dict(rope_theta=500000.0, rope_scaling=LLAMA31), torch.bfloat16, 1, LLAMA3),
    "smollm2": ("llama", "Llama", dict(tie_word_embeddings=True, num_key_value_heads=4), torch.float32, 1, DIGITS),
    "mistral": ("mistral", "Mistral", dict(head_dim=32, sliding_window=None), torch.float16, 2, LLAMA3),
    "qwen2": ("qwen2", "Qwen2", dict(QWEN, tie_word_embeddings=True, bos_token_id=None), torch.bfloat16, 3, QWEN2),
    "qwen2.5": ("qwen2", "Qwen2", dict(QWEN, rope_scaling={"type": "linear", "factor": 4.0}), torch.float32, 1, QWEN2),
    "qwen3": ("qwen3", "Qwen3", dict(QWEN, head_dim=32, tie_word_embeddings=True), torch.float32, 2, QWEN2),
}


def shapes(model_type, c):
    d, f, width = c["hidden_size"], c["intermediate_size"], head_width(c)
    q, k = c["num_attention_heads"] * width, c["num_key_value_heads"] * width
    yield "model.embed_tokens.weight", (ROWS, d)
    for layer in range(c["num_hidden_layers"]):
        p = f"model.layers.{layer}."
        yield p + "input_layernorm.weight", (d,)
        for part, rows in (("q", q), ("k", k), ("v", k)):
            yield p + f"self_attn.{part}_proj.weight", (rows, d)
            if model_type == "qwen2":
                yield p + f"self_attn.{part}_proj.bias", (rows,)
        if model_type == "qwen3":
            yield p + "self_attn.q_norm.weight", (width,)
            yield p + "self_attn.k_norm.weight", (width,)
        yield p + "self_attn.o_proj.weight", (d, q)
        yield p + "post_attention_layernorm.weight", (d,)
        yield p + "mlp.gate_proj.weight", (f, d)
        yield p + "mlp.up_proj.weight", (f, d)
        yield p + "mlp.down_proj.weight", (d, f)
    yield "model.norm.weight", (d,)
    if not c["tie_word_embeddings"]:
        yield "lm_head.weight", (ROWS, d)


def head_width(c):
    return c.get("head_dim", c["hidden_size"] // c["num_attention_heads"])


def norm(x, gain, epsilon):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + epsilon) * gain


def frequencies(c):
    width = head_width(c)
    plain = c["rope_theta"] ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    scaling = c.get("rope_scaling")
    if scaling is None:
        return plain
    factor = scaling["factor"]
    if scaling.get("rope_type", scaling.get("type")) == "linear":
        return plain / factor
    low, high, context = (scaling[k] for k in ("low_freq_factor", "high_freq_factor", "original_max_position_embeddings"))
    changed = []
    for frequency in plain.tolist():
        wave = 2 * math.pi / frequency
        smooth = (context / wave - low) / (high - low)
        between = (1 - smooth) * frequency / factor + smooth * frequency
        changed.append(frequency if wave < context / high else frequency / factor if wave > context / low else between)
    return torch.tensor(changed, dtype=torch.float64)


def rotate(x, c):
    """x [H,L,d]: the first half of a head turns with the second."""
    angles = torch.outer(torch.arange(x.shape[-2], dtype=torch.float64), frequencies(c))
    angles = torch.cat([angles, angles], dim=-1)
    first, second = x.chunk(2, dim=-1)
    return x * angles.cos().to(x.dtype) + torch.cat([-second, first], dim=-1) * angles.sin().to(x.dtype)


def forward(w, c, tokens):
    """Logits [L,V] of one row of tokens [L]."""
    heads, shared, width, epsilon = c["num_attention_heads"], c["num_key_value_heads"], head_width(c), c["rms_norm_eps"]
    length = len(tokens)
    mask = torch.ones(length, length, dtype=torch.bool).triu(1)
    x = w["model.embed_tokens.weight"][tokens]
    for layer in range(c["num_hidden_layers"]):
        p = f"model.layers.{layer}."

        def project(part, count):
            y = a @ w[p + f"self_attn.{part}_proj.weight"].T
            bias = w.get(p + f"self_attn.{part}_proj.bias")
            y = (y if bias is None else y + bias).view(length, count, width).transpose(0, 1)
            gain = w.get(p + f"self_attn.{part}_norm.weight")
            return y if gain is None else norm(y, gain, epsilon)

        a = norm(x, w[p + "input_layernorm.weight"], epsilon)
        q, k, v = rotate(project("q", heads), c), rotate(project("k", shared), c), project("v", shared)
        k, v = (y.repeat_interleave(heads // shared, dim=0) for y in (k, v))
        scores = (q @ k.transpose(-1, -2) / width**0.5).masked_fill(mask, float("-inf"))
        o = (scores.softmax(-1) @ v).transpose(0, 1).reshape(length, -1)
        x = x + o @ w[p + "self_attn.o_proj.weight"].T
        b = norm(x, w[p + "post_attention_layernorm.weight"], epsilon)
        gate = b @ w[p + "mlp.gate_proj.weight"].T
        x = x + (gate * torch.sigmoid(gate) * (b @ w[p + "mlp.up_proj.weight"].T)) @ w[p + "mlp.down_proj.weight"].T
    head = w.get("lm_head.weight", w["model.embed_tokens.weight"])
    return norm(x, w["model.norm.weight"], epsilon) @ head.T


def safetensors(path, tensors):
    names = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}
    header, parts, offset = {}, [], 0
    for name, tensor in tensors.items():
        data = tensor.contiguous().view(torch.uint8).numpy().tobytes()
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
        parts.append(data)
        offset += len(data)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def tokenizer(folder, steps):
    own = [b for b in range(256) if 0x21 <= b <= 0x7E or 0xA1 <= b <= 0xAC or b >= 0xAE]
    letters = [chr(b) for b in own] + [chr(256 + i) for i in range(256 - len(own))]
    added = ["<|begin_of_text|>", "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>"]
    plain = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
    (folder / "tokenizer.json").write_text(json.dumps({
        "version": "1.0",
        "added_tokens": [dict(id=256 + i, content=text, **plain) for i, text in enumerate(added)],
        "normalizer": {"type": "NFC"}, "pre_tokenizer": steps, "decoder": {"type": "ByteLevel"},
        "model": {"type": "BPE", "ignore_merges": steps is LLAMA3, "vocab": {t: i for i, t in enumerate(letters)}, "merges": []},
    }))
    (folder / "tokenizer_config.json").write_text(json.dumps({
        "bos_token": added[0], "eos_token": {"content": added[1]}, "pad_token": added[4],
    }))


def main():
    root = Path(sys.argv[1])
    torch.set_num_threads(1)
    print(f"PyTorch {torch.__version__}; {len(FAMILIES)} models of random weights")
    for number, (name, (model_type, cls, changes, dtype, files, steps)) in enumerate(FAMILIES.items()):
        torch.manual_seed(number)
        folder = root / name
        folder.mkdir()
        c = dict(BASE, **changes)
        weights = {}
        for tensor, shape in shapes(model_type, c):
            vector = torch.rand(shape) + 0.5 if tensor.endswith("norm.weight") else torch.randn(shape)
            weights[tensor] = (vector if len(shape) == 1 else vector * 0.12).to(dtype)
        (folder / "config.json").write_text(json.dumps(dict(c, model_type=model_type, architectures=[cls + "ForCausalLM"])))
        tokenizer(folder, steps)
        entries = list(weights.items())
        shards = [dict(entries[i::files]) for i in range(files)]
        if files == 1:
            safetensors(folder / "model.safetensors", weights)
        else:
            place = {}
            for i, shard in enumerate(shards):
                file = f"model-{i + 1:05d}-of-{files:05d}.safetensors"
                safetensors(folder / file, shard)
                place.update({tensor: file for tensor in shard})
            (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": place}))
        tokens = torch.randint(0, TOKENS, (LENGTH,))
        tokens[0] = 256
        with torch.no_grad():
            logits = forward({k: v.float() for k, v in weights.items()}, c, tokens)
            exact = forward({k: v.double() for k, v in weights.items()}, c, tokens[:-1])
            loss = torch.nn.functional.cross_entropy(exact, tokens[1:], reduction="sum").item()
        (root / (name + ".tokens")).write_text(" ".join(str(t) for t in tokens.tolist()))
        (root / (name + ".loss")).write_text(repr(loss))
        (root / (name + ".logits")).write_bytes(logits.numpy().tobytes())


main()
