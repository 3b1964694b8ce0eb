"""Compares a served model with a peer on the same weights: smollm_compare.py MODEL [--limit N] [--label NAME] [--figures FILE]
MODEL is a Hugging Face folder (peer: transformers) or a GGUF file (peer: llama.cpp). FILE collects the figures of several
comparisons; smollm_compare.py --summary FILE prints the worst of them.

Reads ROOTSTOCK_URL and ROOTSTOCK_MODEL. Every conversation and text is answered greedily by both sides. Log-probabilities
are compared on the prompt and on the tokens that we made, by one forward pass of the peer over both.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from smollm_peers import open_peer

TOKENS = 64
LIMIT = 1e-3
HERE = Path(__file__).resolve().parent


def call(path, **body):
    request = urllib.request.Request(
        os.environ["ROOTSTOCK_URL"] + path,
        json.dumps({"model": os.environ["ROOTSTOCK_MODEL"], "temperature": 0, "max_tokens": TOKENS, **body}).encode(),
        {"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=300) as response:
            return json.load(response)
    except urllib.error.HTTPError as refusal:
        sys.exit(f"{path} answered {refusal.code}: {refusal.read().decode()}")


@dataclass
class Answer:
    """What we answered."""

    prompt: list  # token ids of the prompt
    made: list  # token ids of the answer, the one that ends it included
    logprobs: list  # log-probabilities of prompt and answer; None for the first token
    text: str  # of the answer


class Comparison:
    """The figures of one kind of prompt."""

    def __init__(self, name, peer):
        self.name, self.peer = name, peer
        self.rows, self.prompts, self.answers, self.worst = 0, 0, 0, 0.0
        self.ours, self.theirs = 0.0, 0.0  # seconds

    def add(self, label, expected, ours):
        """Compares our answer with the answer of the peer, the token ids ``expected``."""
        self.rows += 1
        self.prompts += ours.prompt == expected
        if ours.prompt != expected:
            at = parting(ours.prompt, expected)
            print(f"{label}: prompts part at token {at}: ours {ours.prompt[at:at + 4]}, {self.peer.name} "
                  f"{expected[at:at + 4]}, at {self.peer.text(expected[max(0, at - 3):at + 4])!r}")
        tokens = ours.prompt + ours.made
        rows = self.peer.logprobs(tokens)
        for place, logprob in enumerate(ours.logprobs[1:]):
            self.worst = max(self.worst, abs(logprob - float(rows[place, tokens[place + 1]])))
        started = time.perf_counter()
        made = self.peer.generate(expected)
        self.theirs += time.perf_counter() - started
        # Our text leaves out a character that the last token leaves unfinished; peers write U+FFFD for it.
        same = ours.made == made and ours.text.rstrip("\ufffd") == self.peer.text(made).rstrip("\ufffd")
        self.answers += same
        if not same and ours.prompt == expected:
            self.explain(label, expected, ours, made)

    def explain(self, label, prompt, ours, made):
        """Says how near the two most probable tokens are where the answers differ: sums in float32 depend on their order."""
        at = parting(ours.made, made)
        last = sorted(self.peer.logprobs(prompt + made[:at])[-1])
        print(f"{label}: answers part at token {at}: ours {ours.made[at:at + 3]}, {self.peer.name} {made[at:at + 3]}; "
              f"its two most probable tokens are {last[-1] - last[-2]:.2e} apart")

    def print(self, label):
        print(f"{label:<8} {self.peer.name:<13} {self.name:<14} {self.rows:>5} {self.prompts:>8} {self.answers:>8} "
              f"{self.worst:>20.2e} {self.ours:>8.1f} {self.theirs:>8.1f}")


def parting(left, right):
    """The first place where two lists differ."""
    return next((i for i, pair in enumerate(zip(left, right)) if pair[0] != pair[1]), min(len(left), len(right)))


def compare_chats(peer, conversations):
    chats = Comparison("conversations", peer)
    for number, messages in enumerate(conversations):
        started = time.perf_counter()
        response = call("/chat/completions", messages=messages, logprobs=True, prompt_logprobs=True)
        chats.ours += time.perf_counter() - started
        choice = response["choices"][0]
        prompt, made = response["prompt_logprobs"], choice["logprobs"]["content"]
        chats.add(f"conversation {number}", peer.chat_tokens(messages), Answer(
            [entry["id"] for entry in prompt], [entry["id"] for entry in made],
            [entry.get("logprob") for entry in prompt + made], choice["message"]["content"]))
    return chats


def compare_texts(peer, texts):
    """Also returns for how many texts a request of tokens is answered as one of text, at the right offsets."""
    continuations, alike = Comparison("texts", peer), 0
    for number, text in enumerate(texts):
        tokens = peer.text_tokens(text)
        started = time.perf_counter()
        response = call("/completions", prompt=text, logprobs=1, echo=True)
        continuations.ours += time.perf_counter() - started
        choice, listed = response["choices"][0], response["choices"][0]["logprobs"]
        count = response["usage"]["prompt_tokens"]
        of_tokens = call("/completions", prompt=tokens, logprobs=1, echo=True, max_tokens=8)["choices"][0]["logprobs"]
        same = listed["tokens"][:count + 8] == of_tokens["tokens"] and all(
            abs((one or 0) - (other or 0)) < LIMIT / 10
            for one, other in zip(listed["token_logprobs"], of_tokens["token_logprobs"]))
        placed = all(is_placed(choice["text"], *pair) for pair in zip(listed["text_offset"], listed["tokens"]))
        alike += same and placed
        if not (same and placed):
            print(f"text {number}: same answer to text and tokens {same}, every offset right {placed}")
        ids = [peer.id(token) for token in listed["tokens"]]
        continuations.add(f"text {number}", tokens, Answer(
            ids[:count], ids[count:], listed["token_logprobs"], choice["text"][len(text):]))
    return continuations, alike


def is_placed(text, offset, token):
    """Whether a token stands at the offset, or stands for no text there (the token that ends it), or for a part of a
    character."""
    return text.startswith(token, offset) or offset == len(text) or token.startswith("bytes:")


def difference(arguments):
    """Name of the figure: llama.cpp's kernels round activations to 8 bits in ways of their own beside quantized weights."""
    return "max_abs_logprob_difference" + ("_quantized" if arguments.quantized else "")


def compare(arguments):
    """Compares with one peer, prints its lines and returns the figures."""
    peer = open_peer(arguments.model, TOKENS)
    written = json.loads((HERE / "smollm_prompts.json").read_text())
    chats = compare_chats(peer, written["conversations"][:arguments.limit])
    texts, alike = compare_texts(peer, written["texts"][:arguments.limit])
    print(f"{'import':<8} {'reader':<13} {'kind':<14} {'rows':>5} {'prompts':>8} {'answers':>8} "
          f"{'max |logprob diff|':>20} {'ours s':>8} {'reader s':>8}")
    chats.print(arguments.label)
    texts.print(arguments.label)
    return {
        "identical_prompts": (chats.prompts + texts.prompts) / (chats.rows + texts.rows),
        "identical_chats": chats.answers / chats.rows,
        "identical_continuations": texts.answers / texts.rows,
        "text_equals_tokens": alike / texts.rows,
        difference(arguments): max(chats.worst, texts.worst),
    }


def summary(file):
    """Prints the worst of all comparisons."""
    figures = [json.loads(line) for line in Path(file).read_text().splitlines()]
    for name in dict.fromkeys(name for figure in figures for name in figure):
        values = [figure[name] for figure in figures if name in figure]
        print(f"{name}={max(values):.2e}" if name.startswith("max_") else f"{name}={min(values):.4g}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", nargs="?")
    parser.add_argument("--limit", type=int, default=1 << 30)
    parser.add_argument("--label", default="")
    parser.add_argument("--figures")
    parser.add_argument("--quantized", action="store_true", help="the weights are quantized: report the difference, no limit")
    parser.add_argument("--summary")
    arguments = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    if arguments.summary:
        summary(arguments.summary)
        return
    figures = compare(arguments)
    if arguments.figures:
        with open(arguments.figures, "a") as file:
            file.write(json.dumps(figures) + "\n")
    worst = 0 if arguments.quantized else figures[difference(arguments)]
    alike = figures["identical_prompts"] == 1 and figures["text_equals_tokens"] == 1
    sys.exit(0 if alike and worst < LIMIT else 1)


if __name__ == "__main__":
    main()
