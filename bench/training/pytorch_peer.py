"""The PyTorch side of bench/training/cpu and gpu.sh: the same Llama decoder, as fast as PyTorch makes it.

    pytorch_peer.py FOLDER cpu|cuda eager|compile

Joint projections, F.rms_norm, scaled_dot_product_attention, the output projection on positions with a loss only, fused
AdamW, bf16 by autocast; "compile" passes the loss through torch.compile. Reads the folder that OurSide.java wrote, then
runs the commands of its standard input: `steps N` prints N lines `step SECONDS LOSS`.
"""

import sys
import time
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F

TARGETS = {  # each joint projection and the adapters beside its blocks
    "qkv": ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
    "o": ["self_attn.o_proj"],
    "gate_up": ["mlp.gate_proj", "mlp.up_proj"],
    "down": ["mlp.down_proj"],
}


class Linear:
    """x W^T, with what the adapters add: (scale x A^T) B^T for each block of W's rows."""

    def __init__(self, blocks, adapters, scale):
        self.weight = torch.cat(blocks) if len(blocks) > 1 else blocks[0]
        self.weight.requires_grad_(not adapters)
        self.scale = scale
        self.b = [b.requires_grad_() for _, b in adapters]
        self.a = torch.cat([a for a, _ in adapters]).requires_grad_() if adapters else None

    def parameters(self):
        return [self.a, *self.b] if self.b else [self.weight]

    def __call__(self, x):
        y = F.linear(x, self.weight)
        if not self.b:
            return y
        reduced = (F.linear(x, self.a) * self.scale).chunk(len(self.b), dim=-1)
        added = [F.linear(part, b) for part, b in zip(reduced, self.b)]
        return y + (torch.cat(added, dim=-1) if len(added) > 1 else added[0])


class Decoder:
    def __init__(self, values, tensors):
        self.heads, self.shared = int(values["heads"]), int(values["key_value_heads"])
        self.epsilon, self.scale = float(values["epsilon"]), float(values["lora_scale"])
        full = self.scale == 0
        take = lambda name: tensors.pop(f"{name}.weight")
        self.embedding = take("model.embed_tokens").requires_grad_(full)
        self.layers = []
        for layer in range(int(values["layers"])):
            prefix = f"model.layers.{layer}."
            projections = {}
            for name, parts in TARGETS.items():
                adapters = [(take(f"{prefix}{p}.lora_A"), take(f"{prefix}{p}.lora_B")) for p in parts if not full]
                projections[name] = Linear([take(prefix + part) for part in parts], adapters, self.scale)
            gains = [take(prefix + part).requires_grad_(full) for part in ("input_layernorm", "post_attention_layernorm")]
            self.layers.append((gains, projections))
        self.final = take("model.norm").requires_grad_(full)
        self.head = tensors.pop("score.weight", self.embedding)
        self.head.requires_grad_(full or self.head is not self.embedding)
        width = self.embedding.shape[1] // self.heads
        frequencies = float(values["theta"]) ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
        angles = torch.outer(torch.arange(int(values["length"]), dtype=torch.float64), frequencies)
        self.cos, self.sin = (torch.cat([f(angles)] * 2, dim=-1).float()[None, :, None] for f in (torch.cos, torch.sin))

    def parameters(self):
        everything = [self.embedding, self.final, *([self.head] if self.head is not self.embedding else [])]
        for gains, projections in self.layers:
            everything += gains + [p for projection in projections.values() for p in projection.parameters()]
        return [parameter for parameter in everything if parameter.requires_grad]

    def norm(self, x, gain):
        return F.rms_norm(x, gain.shape, gain, self.epsilon)

    def turn(self, x):
        first, second = x.chunk(2, dim=-1)
        return x * self.cos + torch.cat([-second, first], dim=-1) * self.sin

    def attention(self, qkv):
        rows, length, _ = qkv.shape
        qkv = qkv.view(rows, length, self.heads + 2 * self.shared, -1)
        turned, v = qkv.split([self.heads + self.shared, self.shared], dim=2)
        q, k = self.turn(turned).to(qkv.dtype).split([self.heads, self.shared], dim=2)
        group = self.heads // self.shared
        if group > 1 and q.is_cuda:  # with enable_gqa its float32 attention has no fused kernel on a GPU
            k, v = (y.repeat_interleave(group, dim=2) for y in (k, v))
        q, k, v = (y.transpose(1, 2) for y in (q, k, v))
        o = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=k.shape[1] != q.shape[1])
        return o.transpose(1, 2).reshape(rows, length, -1)

    def loss(self, tokens, positions, targets):
        """tokens [B,L]; positions with a loss [M], counted over the whole batch; targets [M]"""
        x = F.embedding(tokens, self.embedding)
        for (before, between), layer in self.layers:
            x = x + layer["o"](self.attention(layer["qkv"](self.norm(x, before))))
            gate, up = layer["gate_up"](self.norm(x, between)).chunk(2, dim=-1)
            x = x + layer["down"](F.silu(gate) * up)
        x = x.flatten(0, 1)
        if len(positions) < len(x):
            x = x[positions]
        return F.cross_entropy(F.linear(self.norm(x, self.final), self.head), targets)


def read(folder):
    values, shapes = {}, []
    for line in (folder / "description").read_text().splitlines():
        key, rest = line.split(" ", 1)
        if key == "parameter":
            name, *sizes = rest.split()
            shapes.append((name, [int(size) for size in sizes]))
        else:
            values[key] = rest
    tensors = {}
    with open(folder / "weights", "rb") as file:
        for name, sizes in shapes:
            values_of = numpy.fromfile(file, dtype="<f4", count=int(numpy.prod(sizes)))
            tensors[name] = torch.from_numpy(values_of).view(sizes)
    batches = []
    for index in range(int(values["batches"])):
        kinds = ("tokens", "positions", "targets")
        parts = [numpy.fromfile(folder / f"{kind}-{index}", dtype="<i4").astype(numpy.int64) for kind in kinds]
        tokens, positions, targets = map(torch.from_numpy, parts)
        batches.append((tokens.view(-1, int(values["length"])), positions, targets))
    return values, tensors, batches


def serve(values, model, batches, device, loss_of):
    """Runs the steps that standard input requests: `steps N` prints N lines `step SECONDS LOSS`."""
    parameters = model.parameters()
    matrices, gains = ([p for p in parameters if (p.dim() > 1) == wide] for wide in (True, False))
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": float(values["weight_decay"])}, {"params": gains, "weight_decay": 0.0}],
        lr=float(values["learning_rate"]),
        betas=(float(values["beta1"]), float(values["beta2"])),
        eps=float(values["adam_epsilon"]),
        fused=True,
    )
    half = values["precision"] == "BFLOAT16"
    done = 0

    def step(batch):
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=half):
            loss = loss_of(*batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, float(values["gradient_clip"]), foreach=True)
        optimizer.step()
        return loss.item()  # on a GPU it waits for all of it

    print("ready", flush=True)
    for line in sys.stdin:
        command, count = line.split()
        if command != "steps":
            sys.exit(f"unknown command {command}")
        for _ in range(int(count)):
            begin = time.perf_counter()
            loss = step(batches[done % len(batches)])
            print(f"step {time.perf_counter() - begin:.6f} {loss:.9g}", flush=True)
            done += 1


def refuse_slow_builds():
    """Builds without MKL and oneDNN (some distributions' packages) are many times slower than the wheel."""
    if not (torch.backends.mkl.is_available() and torch.backends.mkldnn.is_available()):
        sys.exit(f"PyTorch {torch.__version__} here has no MKL or no oneDNN; install bench/requirements/torch.txt")


def main():
    folder, device, mode = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    values, tensors, batches = read(folder)
    if device == "cpu":
        refuse_slow_builds()
        torch.set_num_threads(int(values["threads"]))
    model = Decoder(values, {name: tensor.to(device) for name, tensor in tensors.items()})
    model.cos, model.sin = model.cos.to(device), model.sin.to(device)
    batches = [tuple(part.to(device) for part in batch) for batch in batches]
    serve(values, model, batches, device, torch.compile(model.loss) if mode == "compile" else model.loss)


if __name__ == "__main__":
    main()
