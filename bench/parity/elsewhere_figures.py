"""Prints the figures of FOLDER/python.json and, where it is there, FOLDER/node.json. Usage: elsewhere_figures.py FOLDER."""

import json
import pathlib
import sys

files = [pathlib.Path(sys.argv[1]) / name for name in ("python.json", "node.json")]
counts = [json.loads(file.read_text()) for file in files if file.exists()]
for kind in ("continuations", "chats", "labels"):
    pairs = [count[kind] for count in counts if kind in count]
    print(f"identical_{kind}={sum(p[0] for p in pairs) / sum(p[1] for p in pairs):.4f}")
