"""Compares our answers with those of a plain user of transformers and PEFT. Usage: elsewhere_peers.py FOLDER.

Nothing is done to the models or tokenizers but what the libraries do by themselves. Writes FOLDER/python.json:
{"continuations": [identical, all], "chats": [...], "labels": [...]}, and prints a line for each reader and model.
"""

import json
import pathlib
import sys
import warnings

import torch
import transformers
from peft import AutoPeftModelForCausalLM, PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer

TOKENS = 48
folder = pathlib.Path(sys.argv[1])
counts = {"continuations": [0, 0], "chats": [0, 0], "labels": [0, 0]}
transformers.logging.set_verbosity_error()
warnings.filterwarnings("ignore")


def count(reader, model, kind, expected, actual):
    identical = sum(e == a for e, a in zip(expected, actual))
    counts[kind][0] += identical
    counts[kind][1] += len(expected)
    print(f"{reader:<40} {model:<12} {kind:<14} {identical:>4} of {len(expected)}")
    for e, a in zip(expected, actual):
        if e != a:
            print(f"    ours {e!r}\n  theirs {a!r}", file=sys.stderr)


def text(model, tokenizer, inputs):
    output = model.generate(**inputs, max_new_tokens=TOKENS, do_sample=False)
    return tokenizer.decode(output[0, inputs["input_ids"].shape[1]:], skip_special_tokens=True)


def language_model(reader, name, model, tokenizer, expected):
    actual = [text(model, tokenizer, tokenizer(c["prompt"], return_tensors="pt")) for c in expected["continuations"]]
    count(reader, name, "continuations", [c["text"] for c in expected["continuations"]], actual)
    if "chats" in expected:
        actual = [
            text(model, tokenizer, tokenizer.apply_chat_template(
                c["messages"], add_generation_prompt=True, return_tensors="pt", return_dict=True))
            for c in expected["chats"]
        ]
        count(reader, name, "chats", [c["text"] for c in expected["chats"]], actual)


def expected(name):
    return json.loads((folder / name / "expected.json").read_text())


with torch.inference_mode():
    for name in ("base", "instruction", "lora"):
        path = folder / name / "huggingface"
        language_model(
            "transformers AutoModelForCausalLM", name,
            AutoModelForCausalLM.from_pretrained(path), AutoTokenizer.from_pretrained(path), expected(name))

    adapter, base = folder / "lora/adapter", folder / "lora/base"
    # AutoPeftModel without a task refuses every adapter that states its task.
    for reader, model in (
        ("PEFT AutoPeftModelForCausalLM", AutoPeftModelForCausalLM.from_pretrained(adapter)),
        ("PEFT PeftModel on the base", PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), adapter)),
    ):
        language_model(reader, "lora", model, AutoTokenizer.from_pretrained(base), expected("lora"))

    path = folder / "classifier/huggingface"
    model = AutoModelForSequenceClassification.from_pretrained(path)
    tokenizer = AutoTokenizer.from_pretrained(path)
    rows = expected("classifier")["labels"]
    labels = []
    for row in rows:
        logits = model(**tokenizer(row["text"], truncation=True, return_tensors="pt")).logits
        labels.append(model.config.id2label[int(logits.argmax())])
    count("transformers AutoModelForSequence...", "classifier", "labels", [r["label"] for r in rows], labels)
    # Padded on the right, as tokenizers do by default: the model looks for the last token that is not padding.
    batch = tokenizer([r["text"] for r in rows], truncation=True, padding=True, return_tensors="pt")
    labels = [model.config.id2label[i] for i in model(**batch).logits.argmax(-1).tolist()]
    count("  the same in one padded batch", "classifier", "labels", [r["label"] for r in rows], labels)

(folder / "python.json").write_text(json.dumps(counts))
