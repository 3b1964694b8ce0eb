"""Encodes texts with tiktoken for bench/tokenizer/encode. Reads commands from standard input, one a line, fields separated by
tabs, and answers each with one line:

    load NAME RANKS PATTERN_FILE   ranks and pattern of an encoding; answers "loaded"
    encode NAME FILE               documents of a file: for each its number of bytes (4 bytes, big-endian) and UTF-8; answers CPU
                                   seconds of encoding and the SHA-256 of all ids (4 bytes each, big-endian)
"""
import array
import hashlib
import pathlib
import sys
import time

import tiktoken
from tiktoken.load import load_tiktoken_bpe

encodings = {}
documents = {}


def read(path):
    if path not in documents:
        data = pathlib.Path(path).read_bytes()
        texts, at = [], 0
        while at < len(data):
            length = int.from_bytes(data[at : at + 4], "big")
            texts.append(data[at + 4 : at + 4 + length].decode())
            at += 4 + length
        documents[path] = texts
    return documents[path]


for line in sys.stdin:
    command, name, *fields = line.rstrip("\n").split("\t")
    if command == "load":
        pattern = pathlib.Path(fields[1]).read_text(encoding="utf8")
        ranks = load_tiktoken_bpe(fields[0])
        encodings[name] = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
        print("loaded", flush=True)
    else:
        encoding, texts = encodings[name], read(fields[0])
        begin = time.thread_time()
        ids = [encoding.encode_ordinary(text) for text in texts]
        seconds = time.thread_time() - begin
        digest = hashlib.sha256()
        for tokens in ids:
            values = array.array("I", tokens)
            values.byteswap()
            digest.update(values.tobytes())
        print(f"{seconds}\t{digest.hexdigest()}", flush=True)
