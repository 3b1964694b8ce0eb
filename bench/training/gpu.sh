#!/usr/bin/env bash
# The trainer's steps on an NVIDIA GPU beside PyTorch eager's and torch.compile's of the same model, in one run, losses
# compared first. Runs bench/training/cuda-checks before, which need no GPU.
#   bench/training/gpu.sh
# The peer is the wheel of bench/requirements/torch.txt; its libtorch is ours too, unless ROOTSTOCK_LIBTORCH names another.
# ROOTSTOCK_PEER_PYTHON names another Python with PyTorch for CUDA, of at least 2.10.
# Last lines: gpu= (none where there is none), and with a GPU tokens_per_second= eager_ratio= compile_ratio= mfu=
. "$(dirname "${BASH_SOURCE[0]}")/../lib/java.sh"
. bench/lib/python.sh

bench/training/cuda-checks

if [ -z "${ROOTSTOCK_PEER_PYTHON:-}" ] && [ -e /dev/nvidiactl ]; then
    python_peers torch || exit 0
    export ROOTSTOCK_PEER_PYTHON=$PYTHON
fi
if [ -z "${ROOTSTOCK_LIBTORCH:-}" ] && [ -n "${ROOTSTOCK_PEER_PYTHON:-}" ]; then
    ROOTSTOCK_LIBTORCH=$("$ROOTSTOCK_PEER_PYTHON" -c 'import torch, pathlib; print(pathlib.Path(torch.__file__).parent / "lib")')
    export ROOTSTOCK_LIBTORCH
fi
run_java io.rootstock.bench.training.GpuTraining "$@"
