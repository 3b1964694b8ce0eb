#!/usr/bin/env bash
# The trainer's steps on an NVIDIA GPU beside PyTorch eager's and torch.compile's of the same model, in one run, losses
# compared first. Everything that needs no GPU is checked before, so that the script says something everywhere.
#   bench/training/gpu.sh
# ROOTSTOCK_PEER_PYTHON (python3) is a Python with PyTorch for CUDA, of at least 2.10; its libtorch is ours too, unless
# ROOTSTOCK_LIBTORCH names another.
# Last lines: gpu= (none where there is none), and with a GPU tokens_per_second= eager_ratio= compile_ratio= mfu=
. "$(dirname "${BASH_SOURCE[0]}")/../lib/java.sh"

echo "kernels for sm_80 and sm_90, launch geometry, the graph's plan, the kernels' results when compiled for the host:"
tests='Cuda*Test,GeometryTest,DriverHeaderTest,GpuTest,NvrtcTest,StepInputsTest,DeviceChoiceTest,WorkspaceTest'
log=target/gpu-checks.log
mkdir -p target
if ! ./rootstock --unit-tests libs/cuda,libs/torch,trainer-service "$tests" >"$log" 2>&1; then
    grep -E '^\[ERROR\]' "$log" | head -n 30 >&2
    echo "checks=failed (whole log: $log)"
    exit 1
fi
grep -hE 'Tests run:.*Time elapsed' "$log" | sed 's/^\[[A-Z]*\] *//; s/Tests run: /  /'

python=${ROOTSTOCK_PEER_PYTHON:-python3}
if [ -z "${ROOTSTOCK_LIBTORCH:-}" ]; then
    libtorch=$("$python" -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>/dev/null || true)
    if [ -n "$libtorch" ] && [ -e "$libtorch/libtorch_cuda.so" ]; then
        export ROOTSTOCK_LIBTORCH=$libtorch
    fi
fi
run_java io.rootstock.bench.training.GpuTraining "$@"
