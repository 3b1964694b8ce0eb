"""An idle process with torch imported. Prints the library's name and `ready`, then waits for the end of its input."""

import re
import sys

import torch

configuration = torch.__config__.show()
mkl = re.search(r"Math Kernel Library Version (\S+?)-", configuration)
onednn = re.search(r"MKL-DNN v(\S+)", configuration)
print(
    f"library PyTorch {torch.__version__}, MKL {mkl.group(1) if mkl else 'none'}, "
    f"oneDNN {onednn.group(1) if onednn else 'none'}, {torch.backends.cpu.get_cpu_capability()}"
)
print("ready", flush=True)
sys.stdin.read()
