"""The PyTorch half of bench/training/gpu.sh: pytorch_eager.py's decoder on a GPU, eager or through torch.compile.

Reads the folder that OurSide.java wrote, then does what its input says: `steps N` answers N lines `step SECONDS LOSS`.
"""

import sys
import time
from pathlib import Path

import torch

from pytorch_eager import Decoder, read


def main():
    folder, mode = Path(sys.argv[1]), sys.argv[2]
    values, tensors, batches = read(folder)
    model = Decoder(values, {name: tensor.cuda() for name, tensor in tensors.items()})
    model.cos, model.sin = model.cos.cuda(), model.sin.cuda()
    batches = [tuple(part.cuda() for part in batch) for batch in batches]
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
    loss_of = torch.compile(model.loss) if mode == "compile" else model.loss
    done = 0

    def step(batch):
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=half):
            loss = loss_of(*batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, float(values["gradient_clip"]), foreach=True)
        optimizer.step()
        return loss.item()  # waits for all of it

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


if __name__ == "__main__":
    main()
