"""The transformers + PEFT half of bench/training/base: LlamaForCausalLM with the weights and rows of BaseSide.java.

Full fine-tuning trains float32 weights, with autocast for bfloat16 (Trainer's bf16=True). LoRA keeps the base in the
row's precision and the adapters in float32 (PEFT's default). Rows are padded to the longest of a step, as transformers'
collators do. Commands on standard input: `steps N` answers N lines `step CPU_SECONDS WALL_SECONDS LOSS`.

usage: base_peft.py FOLDER sdpa|eager    (FOLDER `idle`: import everything and print the resident bytes)
"""

import os
import resource
import sys
import time
from pathlib import Path

import numpy
import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
IGNORED = -100  # label of a token without loss


def resident():
    with open("/proc/self/status") as status:
        return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def description(folder):
    values, shapes = {}, []
    for line in (folder / "description").read_text().splitlines():
        key, rest = line.split(" ", 1)
        if key == "parameter":
            name, *sizes = rest.split()
            shapes.append((name, [int(size) for size in sizes]))
        else:
            values[key] = rest
    return values, shapes


def load(folder, values, shapes, attention):
    config = LlamaConfig(
        vocab_size=dict(shapes)["model.embed_tokens.weight"][0],
        hidden_size=dict(shapes)["model.embed_tokens.weight"][1],
        intermediate_size=dict(shapes)["model.layers.0.mlp.gate_proj.weight"][0],
        num_hidden_layers=int(values["layers"]),
        num_attention_heads=int(values["heads"]),
        num_key_value_heads=int(values["key_value_heads"]),
        rms_norm_eps=float(values["epsilon"]),
        max_position_embeddings=int(values["context"]),
        tie_word_embeddings=True,
        attn_implementation=attention,
        use_cache=False,
    )
    config.rope_parameters = {"rope_type": "default", "rope_theta": float(values["theta"])}
    lora = float(values["lora_scale"]) != 0
    half = values["precision"] == "BFLOAT16"
    with torch.device("meta"):
        model = LlamaForCausalLM(config)
    model = model.to(torch.bfloat16 if lora and half else torch.float32).to_empty(device="cpu")
    model.model.rotary_emb = type(model.model.rotary_emb)(config)  # buffers that no file has
    model.tie_weights()
    if lora:
        rank = int(values["lora_rank"])
        alpha = float(values["lora_scale"]) * rank
        model = get_peft_model(
            model, LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=0.0, target_modules=TARGETS, task_type="CAUSAL_LM")
        )
    named = dict(model.named_parameters())
    with open(folder / "weights", "rb") as file, torch.no_grad():
        for name, sizes in shapes:
            tensor = torch.from_numpy(numpy.fromfile(file, dtype="<f4", count=int(numpy.prod(sizes)))).view(sizes)
            named[peft_name(name, named)].copy_(tensor)
    return model, half


def peft_name(name, named):
    if not any(".lora_A" in other for other in named):
        return name
    if ".lora_" in name:
        return "base_model.model." + name.replace(".weight", ".default.weight")
    full = "base_model.model." + name
    return full if full in named else full.replace(".weight", ".base_layer.weight")


def batches(folder, values):
    """Each step's rows: input ids [B,L], labels [B,L] and attention mask [B,L], right-padded."""
    found = []
    for index in range(int(values["batches"])):
        read = lambda kind: numpy.fromfile(folder / f"{kind}-{index}", dtype="<i4").astype(numpy.int64)
        lengths, ids, labels = read("lengths"), read("ids"), read("labels")
        shape = len(lengths), int(lengths.max())
        mask = numpy.arange(shape[1])[None, :] < lengths[:, None]
        padded = numpy.zeros(shape, dtype=numpy.int64), numpy.full(shape, IGNORED, dtype=numpy.int64)
        for target, source in zip(padded, (ids, labels)):
            target[mask] = source
        found.append(tuple(map(torch.from_numpy, (*padded, mask.astype(numpy.int64)))))
    return found


def main():
    if sys.argv[1] == "idle":
        torch.randn(64, 64) @ torch.randn(64, 64)
        print("idle", resident())
        return
    folder = Path(sys.argv[1])
    values, shapes = description(folder)
    torch.set_num_threads(int(values["threads"]))
    model, half = load(folder, values, shapes, sys.argv[2])
    model.train()
    rows = batches(folder, values)
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in parameters if p.dim() > 1], "weight_decay": float(values["weight_decay"])},
            {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0.0},
        ],
        lr=float(values["learning_rate"]),
        betas=(float(values["beta1"]), float(values["beta2"])),
        eps=float(values["adam_epsilon"]),
        fused=True,
    )
    done = 0
    print("ready", flush=True)
    for line in sys.stdin:
        for _ in range(int(line.split()[1])):
            ids, labels, mask = rows[done % len(rows)]
            cpu, wall = cpu_seconds(), time.perf_counter()
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
                loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, float(values["gradient_clip"]), foreach=True)
            optimizer.step()
            value = loss.item()
            print(f"step {cpu_seconds() - cpu:.6f} {time.perf_counter() - wall:.6f} {value:.9g}", flush=True)
            done += 1


if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    main()
