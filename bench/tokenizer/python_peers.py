"""Encodes texts with tiktoken and quicktok for bench/tokenizer/encode. Reads commands from standard input, one a line, fields
separated by tabs, and answers each with one line:

    load NAME RANKS PATTERN_FILE   ranks and pattern of an encoding, for tiktoken; answers whether quicktok has the encoding
    tiktoken NAME FILE             documents of a file: for each its number of bytes (4 bytes, big-endian) and UTF-8; answers CPU
                                   seconds of encoding and the SHA-256 of all ids (4 bytes each, big-endian)
    quicktok NAME FILE             the same with quicktok on one thread: the shorter of its time for arrays of ids, and of its time
                                   to count them, which has no cost of Python's
"""
import array
import hashlib
import pathlib
import sys
import time

import numpy
import quicktok
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


def load(name, ranks, pattern):
    pattern = pathlib.Path(pattern).read_text(encoding="utf8")
    encodings["tiktoken", name] = tiktoken.Encoding(
        name, pat_str=pattern, mergeable_ranks=load_tiktoken_bpe(ranks), special_tokens={}
    )
    try:
        encodings["quicktok", name] = quicktok.get_encoding(name)
    except RuntimeError:
        return "false"
    return "true"


def digest(ids):
    sha = hashlib.sha256()
    for tokens in ids:
        values = array.array("I", tokens)
        values.byteswap()
        sha.update(values.tobytes())
    return sha.hexdigest()


def with_tiktoken(name, path):
    encoding, texts = encodings["tiktoken", name], read(path)
    begin = time.thread_time()
    ids = [encoding.encode_ordinary(text) for text in texts]
    return f"{time.thread_time() - begin}\t{digest(ids)}"


def with_quicktok(name, path):
    encoding, texts = encodings["quicktok", name], read(path)
    begin = time.process_time()
    ids, offsets = encoding.encode_batch(texts, 1)
    arrays = time.process_time() - begin
    begin = time.process_time()
    counts = [encoding.count(text) for text in texts]
    seconds = min(arrays, time.process_time() - begin)
    assert sum(counts) == len(ids)
    return f"{seconds}\t{digest(numpy.split(ids, offsets[1:-1]))}"


actions = {"load": load, "tiktoken": with_tiktoken, "quicktok": with_quicktok}
for line in sys.stdin:
    command, *fields = line.rstrip("\n").split("\t")
    print(actions[command](*fields), flush=True)
