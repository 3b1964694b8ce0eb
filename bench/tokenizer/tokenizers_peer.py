"""Trains byte-level BPE with Hugging Face tokenizers for bench/tokenizer/train:
tokenizers_peer.py DOCUMENTS VOCABULARY MINIMUM_FREQUENCY MERGES

DOCUMENTS has for each document its number of bytes (4 bytes, big-endian) and UTF-8. Writes the merges to the file MERGES, one a
line, and prints CPU seconds and peak memory in MB, separated by a tab.
"""
import json
import pathlib
import resource
import sys
import time

from tokenizers import Tokenizer, models, pre_tokenizers, trainers


def documents(data):
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 4 + length].decode()
        at += 4 + length


source, vocabulary, frequency, target = sys.argv[1:]
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
trainer = trainers.BpeTrainer(
    vocab_size=int(vocabulary),
    min_frequency=int(frequency),
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    show_progress=False,
)
texts = list(documents(pathlib.Path(source).read_bytes()))
begin = time.process_time()
tokenizer.train_from_iterator(texts, trainer)
seconds = time.process_time() - begin
merges = json.loads(tokenizer.to_str())["model"]["merges"]
lines = [merge if isinstance(merge, str) else " ".join(merge) for merge in merges]
pathlib.Path(target).write_text("".join(line + "\n" for line in lines), encoding="utf8")
print(f"{seconds}\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}")
