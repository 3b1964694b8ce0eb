"""The PyTorch half of bench/training/gpu.sh: pytorch_eager.py's decoder on a GPU, eager or through torch.compile.

Reads the folder that OurSide.java wrote, then does what its input says: `steps N` answers N lines `step SECONDS LOSS`.
"""

import sys
from pathlib import Path

import torch

from pytorch_eager import Decoder, read, serve


def main():
    folder, mode = Path(sys.argv[1]), sys.argv[2]
    values, tensors, batches = read(folder)
    model = Decoder(values, {name: tensor.cuda() for name, tensor in tensors.items()})
    model.cos, model.sin = model.cos.cuda(), model.sin.cuda()
    batches = [tuple(part.cuda() for part in batch) for batch in batches]
    serve(values, model, batches, "cuda", torch.compile(model.loss) if mode == "compile" else model.loss)


if __name__ == "__main__":
    main()
