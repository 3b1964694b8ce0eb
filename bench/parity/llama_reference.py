"""The Python half of bench/parity/gradients: the decoder written independently for PyTorch, in float64 and float32.

Reads what GradientParity.java wrote (weights, batch, losses, logits, gradients), computes the same with PyTorch's own
autograd, prints the differences per layer, and as its last lines the largest ones.
"""

import re
import sys
from pathlib import Path

import numpy
import torch


def description(folder):
    values, parameters = {}, []
    for line in (folder / "description").read_text().splitlines():
        key, rest = line.split(" ", 1)
        if key == "parameter":
            name, *sizes = rest.split()
            parameters.append((name, [int(size) for size in sizes]))
        else:
            values[key] = rest
    integers = lambda key: torch.tensor([int(value) for value in values[key].split()])
    return values, integers, parameters


def doubles(path):
    return torch.from_numpy(numpy.fromfile(path, dtype="<f8").copy())


def norm(x, gain, epsilon):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + epsilon) * gain


def rotate(x, theta):
    """x [B,H,L,d]; Hugging Face's convention: the first half of a head turns with the second."""
    length, width = x.shape[-2:]
    frequencies = theta ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.outer(torch.arange(length, dtype=torch.float64), frequencies)
    angles = torch.cat([angles, angles], dim=-1)
    first, second = x.chunk(2, dim=-1)
    return x * angles.cos().to(x.dtype) + torch.cat([-second, first], dim=-1) * angles.sin().to(x.dtype)


def attention(q, k, v):
    """Plain softmax attention with a causal mask, written out."""
    length, width = q.shape[-2:]
    scores = q @ k.transpose(-1, -2) / width**0.5
    mask = torch.ones(length, length, dtype=torch.bool).triu(1)
    return scores.masked_fill(mask, float("-inf")).softmax(-1) @ v


def forward(weights, values, integers):
    heads, shared = int(values["heads"]), int(values["key_value_heads"])
    epsilon, theta, rows = float(values["epsilon"]), float(values["theta"]), int(values["rows"])
    tokens = integers("tokens").view(rows, -1)
    length = tokens.shape[1]
    x = weights["model.embed_tokens.weight"][tokens]
    split = lambda y, count: y.view(rows, length, count, -1).transpose(1, 2)
    for layer in range(int(values["layers"])):
        w = lambda part: weights[f"model.layers.{layer}.{part}.weight"]
        a = norm(x, w("input_layernorm"), epsilon)
        q = rotate(split(a @ w("self_attn.q_proj").T, heads), theta)
        k = rotate(split(a @ w("self_attn.k_proj").T, shared), theta)
        v = split(a @ w("self_attn.v_proj").T, shared)
        k, v = (y.repeat_interleave(heads // shared, dim=1) for y in (k, v))
        o = attention(q, k, v).transpose(1, 2).reshape(rows, length, -1)
        x = x + o @ w("self_attn.o_proj").T
        b = norm(x, w("post_attention_layernorm"), epsilon)
        gate = b @ w("mlp.gate_proj").T
        x = x + (gate * torch.sigmoid(gate) * (b @ w("mlp.up_proj").T)) @ w("mlp.down_proj").T
    x = norm(x, weights["model.norm.weight"], epsilon)
    if "labels" in values:
        logits = x[torch.arange(rows), integers("last")] @ weights["score.weight"].T
        return logits, torch.nn.functional.cross_entropy(logits, integers("labels"))
    head = weights.get("lm_head.weight", weights["model.embed_tokens.weight"])
    logits = (x @ head.T).view(rows * length, -1)
    return logits, torch.nn.functional.cross_entropy(logits, integers("targets"))


def layer_of(name):
    found = re.match(r"model\.layers\.(\d+)\.(\w+)", name)
    return f"layer {found[1]} {found[2]}" if found else name.replace("model.", "").replace(".weight", "")


def compare(folder, precision):
    """Largest absolute difference between Java and PyTorch over loss, logits and every gradient."""
    values, integers, parameters = description(folder)
    flat, weights, offset = doubles(folder / "weights"), {}, 0
    for name, sizes in parameters:
        count = int(numpy.prod(sizes))
        part = flat[offset : offset + count].view(sizes).to(getattr(torch, precision))
        weights[name], offset = part.clone().requires_grad_(), offset + count
    logits, loss = forward(weights, values, integers)
    loss.backward()

    results = folder / precision
    rows = {
        "loss": ((loss.double() - doubles(results / "loss")).abs().max().item(), loss.item()),
    }
    java = doubles(results / "logits").view(logits.shape)
    # Java hands logits out as float32 in every precision, so that in float64 they are compared after that rounding
    rows["logits"] = ((logits.float().double() - java).abs().max().item(), logits.abs().max().item())
    gradient, offset = doubles(results / "gradient"), 0
    for name, sizes in parameters:
        count = int(numpy.prod(sizes))
        expected = weights[name].grad.double().flatten()
        difference = (gradient[offset : offset + count] - expected).abs().max().item()
        known = rows.get(layer_of(name), (0, 0))
        rows[layer_of(name)] = (max(difference, known[0]), max(expected.abs().max().item(), known[1]))
        offset += count
    return rows


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    print(f"PyTorch {torch.__version__}, its own autograd")
    print(f"  {'model':12} {'layer':32} {'max |value|':>14} {'float64':>12} {'float32':>12}")
    worst = {"float64": float((folder / "finite_differences").read_text()), "float32": 0.0}
    for model in sorted(path.name for path in folder.iterdir() if path.is_dir()):
        rows = {precision: compare(folder / model, precision) for precision in worst}
        for layer, (difference, size) in rows["float64"].items():
            print(f"  {model:12} {layer:32} {size:14.4f} {difference:12.2e} {rows['float32'][layer][0]:12.2e}")
        for precision in worst:
            for layer, (difference, _) in rows[precision].items():
                worst[precision] = max(worst[precision], difference)
    print(f"max_abs_difference_f64={worst['float64']:.3e}")
    print(f"max_abs_difference_f32={worst['float32']:.3e}")
    if not worst["float64"] <= 1e-6:
        sys.exit("the float64 gradients differ by more than 1e-6")


main()
