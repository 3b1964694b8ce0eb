"""Runs lm-evaluation-harness against our OpenAI-compatible API and with its hf model, and compares every sample:
lm_eval_parity.py FOLDER DATA [--limit N]

Reads ROOTSTOCK_URL and ROOTSTOCK_MODEL. Tasks are local YAML files over rows of DATA, so that nothing is downloaded.
"""

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from lm_eval import simple_evaluate
from lm_eval.tasks import TaskManager

LIMIT = 1e-3
PIECE = 200  # characters of a rolling text: the difference of a sum grows with its tokens, 1e-5 for each


@dataclass
class Task:
    """A task and the rows that it reads."""

    name: str
    rows: list
    settings: dict
    share: float = 1  # of --limit

    def write(self, folder):
        data = folder / f"{self.name}.jsonl"
        data.write_text("".join(json.dumps(row) + "\n" for row in self.rows))
        (folder / f"{self.name}.yaml").write_text(yaml.safe_dump({
            "task": self.name,
            "dataset_path": "json",
            "dataset_kwargs": {"data_files": {"test": str(data)}},
            "test_split": "test",
            **self.settings,
        }))


def tasks(data):
    evaluation = Path(data) / "evaluation"

    def rows(name):
        return [json.loads(line) for line in (evaluation / name).read_text().splitlines()]

    shakespeare = (Path(data) / "tinyshakespeare.txt").read_text()
    choice = {"output_type": "multiple_choice", "doc_to_target": "gold", "doc_to_choice": "choices",
              "metric_list": [{"metric": "acc"}]}
    return [
        Task("arc_easy", rows("core/arc_easy.jsonl"), {**choice, "doc_to_text": "{{query}}\nAnswer:"}),
        Task("copa", rows("core/copa.jsonl"), {**choice, "doc_to_text": "{{query}}"}),
        Task("lambada", rows("core/lambada_openai.jsonl"),
             {"output_type": "loglikelihood", "doc_to_text": "{{context}}", "doc_to_target": "{{continuation}}",
              "metric_list": [{"metric": "acc"}]}),
        Task("gsm8k", rows("math/gsm8k-test.jsonl"),
             {"output_type": "generate_until", "doc_to_text": "Question: {{question}}\nAnswer:",
              "doc_to_target": "{{answer}}", "metric_list": [{"metric": "exact_match"}],
              "generation_kwargs": {"until": ["\n\n", "Question:"], "do_sample": False, "temperature": 0,
                                    "max_gen_toks": 48}}, 0.25),
        Task("shakespeare", [{"text": shakespeare[at:at + PIECE]} for at in range(0, 100 * PIECE, PIECE)],
             {"output_type": "loglikelihood_rolling", "doc_to_text": "", "doc_to_target": "{{text}}",
              "metric_list": [{"metric": "bits_per_byte"}]}, 0.25),
    ]


class Harness:
    """lm-evaluation-harness with a model and requests as a user would state them."""

    def __init__(self, folder, manager, limit):
        self.folder, self.manager, self.limit = folder, manager, limit
        self.known = {}

    def samples(self, task, runner, chat, **arguments):
        """Samples of a task by doc_id, and the seconds that they took; those of hf are kept."""
        key = (task.name, runner, chat, json.dumps(arguments, sort_keys=True))
        if key not in self.known:
            started = time.perf_counter()
            results = simple_evaluate(
                model=runner, model_args=arguments, tasks=[task.name], task_manager=self.manager,
                limit=max(1, int(self.limit * task.share)), apply_chat_template=chat, bootstrap_iters=0,
                log_samples=True, batch_size=1)
            self.known[key] = ({sample["doc_id"]: sample["filtered_resps"] for sample in results["samples"][task.name]},
                               time.perf_counter() - started)
        return self.known[key]

    def of_hf(self, task, chat):
        return self.samples(task, "hf", chat, pretrained=self.folder, dtype="float32", device="cpu")

    def of_ours(self, task, kind, chat):
        url = os.environ["ROOTSTOCK_URL"]
        common = {"model": os.environ["ROOTSTOCK_MODEL"], "num_concurrent": 4, "max_retries": 1}
        if kind == "messages":
            return self.samples(task, "local-chat-completions", chat, base_url=url + "/chat/completions", **common)
        return self.samples(task, "local-completions", chat, base_url=url + "/completions", tokenizer=self.folder,
                            tokenized_requests=kind == "tokens", **common)


@dataclass
class Figures:
    """What all comparisons found."""

    difference: float = 0
    choices: int = 0
    same_choices: int = 0
    texts: int = 0
    same_texts: int = 0


def compare(harness, task, kind, chat, figures):
    """Compares the samples of a task, prints a line and adds to the figures."""
    theirs, their_seconds = harness.of_hf(task, chat)
    ours, our_seconds = harness.of_ours(task, kind, chat)
    assert ours.keys() == theirs.keys()
    difference, same = 0.0, 0
    for row, expected in theirs.items():
        given = ours[row]
        if task.settings["output_type"] == "generate_until":
            same += given == expected
            if given != expected:
                print(f"{task.name} row {row} ({kind}): ours {given[0]!r}, hf {expected[0]!r}")
            continue
        pairs = [(one, other) if isinstance(one, float) else (one[0], other[0]) for one, other in zip(given, expected)]
        difference = max([difference] + [abs(one - other) for one, other in pairs])
        same += decisions(given) == decisions(expected)
    if task.settings["output_type"] == "generate_until":
        figures.texts += len(theirs)
        figures.same_texts += same
    else:
        figures.choices += len(theirs)
        figures.same_choices += same
        figures.difference = max(figures.difference, difference)
    print(f"{task.name:<12} {kind:<9} {'yes' if chat else 'no':<9} {len(theirs):>5} {same:>5} {difference:>16.2e} "
          f"{our_seconds:>8.1f} {their_seconds:>8.1f}", flush=True)


def decisions(responses):
    """Index of the most probable choice, and which choices are greedy; None for a rolling request."""
    if isinstance(responses[0], float):
        return None
    sums = [response[0] for response in responses]
    return sums.index(max(sums)), [bool(response[1]) for response in responses]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("data")
    parser.add_argument("--limit", type=int, default=100)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        arc, copa, lambada, gsm8k, shakespeare = every = tasks(arguments.data)
        for task in every:
            task.write(Path(folder))
        harness = Harness(arguments.folder, TaskManager(include_path=folder), arguments.limit)
        print(f"{'task':<12} {'requests':<9} {'template':<9} {'rows':>5} {'same':>5} {'max |difference|':>16} "
              f"{'ours s':>8} {'hf s':>8}")
        for task in (arc, lambada, shakespeare, gsm8k):
            compare(harness, task, "tokens", False, figures)
            compare(harness, task, "text", False, figures)
        compare(harness, copa, "tokens", True, figures)
        compare(harness, gsm8k, "messages", True, figures)
    print(f"max_abs_difference={figures.difference:.2e}")
    print(f"identical_choices={figures.same_choices / figures.choices:.4g}")
    print(f"generations={figures.same_texts / figures.texts:.4g}")
    sys.exit(0 if figures.difference < LIMIT and figures.same_choices == figures.choices else 1)


if __name__ == "__main__":
    main()
