"""Writes task files over local rows, and the requests that lm-evaluation-harness sends for them:
lm_eval_requests.py DATA FOLDER [--limit N]

FOLDER receives the task files and rows of one suite, and expected.jsonl: one line per task, format, shots and row. A model
that tokenizes characters records the requests after the harness has moved white space from context to continuation. Its
chat template (--apply_chat_template) writes the messages as JSON.
"""

import argparse
import contextlib
import gzip
import io
import json
import logging
import os
import shutil
from pathlib import Path

import yaml
from lm_eval import simple_evaluate
from lm_eval.api.model import TemplateLM
from lm_eval.models.utils import normalize_gen_kwargs
from lm_eval.tasks import TaskManager

BEGIN = -1  # token before a text


class Recorder(TemplateLM):
    """Records requests; every response is equal."""

    def __init__(self):
        super().__init__()
        self.requests = {}

    @property
    def eot_token_id(self):
        return BEGIN

    @property
    def prefix_token_id(self):
        return BEGIN

    @property
    def tokenizer_name(self):
        return "characters"

    def apply_chat_template(self, chat_history, add_generation_prompt=True):
        return json.dumps(chat_history)

    def tok_encode(self, string, add_special_tokens=None, **kwargs):
        return [ord(character) for character in string]

    def add(self, instance, request):
        self.requests.setdefault(instance.doc_id, []).append(request)

    def loglikelihood(self, requests, disable_tqdm=False):
        self.instances = iter(requests)
        return super().loglikelihood(requests, disable_tqdm)

    def _loglikelihood_tokens(self, requests, disable_tqdm=False, **kwargs):
        def text(tokens):
            return "".join(chr(token) for token in tokens if token != BEGIN)

        for _, context, continuation in requests:
            self.add(next(self.instances), {**prompt(text(context)), "continuation": text(continuation)})
        return [(-1.0, False)] * len(requests)

    def loglikelihood_rolling(self, requests, disable_tqdm=False):
        for instance in requests:
            self.add(instance, {"text": instance.args[0]})
        return [-1.0] * len(requests)

    def generate_until(self, requests, disable_tqdm=False):
        for instance in requests:
            context, options = instance.args
            options = normalize_gen_kwargs(options)
            self.add(instance, {**prompt(context), "until": options["until"], "max_tokens": options["max_gen_toks"]})
        return [""] * len(requests)


def prompt(context):
    """The messages of a rendered conversation, or a text."""
    return {"messages": json.loads(context)} if context.startswith('[{"role": "') else {"context": context}


def write_tasks(data, folder):
    """Copies rows and writes task files; returns the names of the tasks with the shots of each."""
    evaluation = Path(data) / "evaluation"
    for name in ("core/arc_easy.jsonl", "core/copa.jsonl", "core/winogrande.jsonl", "core/lambada_openai.jsonl",
                 "core/boolq.jsonl", "math/gsm8k-test.jsonl", "summaries/xsum-test.jsonl", "sentiment/sst2-train.tsv",
                 "sentiment/sst2-test.tsv", "grammar/blimp-200-each.jsonl.gz", "korean/chatbot.csv"):
        target = folder / "rows" / Path(name).name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(evaluation / name, target)
        target.chmod(0o644)
    nsmc = (evaluation / "korean/nsmc-test.tsv").read_text().splitlines()
    (folder / "rows/nsmc.tsv").write_text("\n".join(nsmc[:3000]) + "\n")
    arc = (evaluation / "core/arc_easy.jsonl").read_text().splitlines()
    (folder / "rows/arc_train.jsonl").write_text("\n".join(arc[1000:]) + "\n")
    (folder / "rows/arc_test.json").write_text("[" + ",\n".join(arc[:1000]) + "]\n")
    with gzip.open(evaluation / "translation/test_2016_flickr.en.gz", "rt") as captions:
        (folder / "rows/captions.txt").write_text(captions.read())

    choice = {"output_type": "multiple_choice", "doc_to_target": "gold", "doc_to_choice": "choices"}
    sentiment = {"dataset_path": "csv", "output_type": "multiple_choice", "doc_to_target": "label",
                 "doc_to_choice": ["negative", "positive"], "fewshot_split": "train"}
    tasks = {
        "arc_easy": {**choice, "doc_to_text": "{{query}}\nAnswer:", **rows("json", "arc_easy.jsonl"),
                     "metric_list": [{"metric": "acc"}, {"metric": "acc_norm"}]},
        "arc_same_split": {**choice, "doc_to_text": "{{query}}\nAnswer:", **rows("json", "arc_easy.jsonl"),
                           "fewshot_split": "test", "description": "Answer the questions.\n\n"},
        "arc_two_splits": {**choice, "doc_to_text": "{{query}}\nAnswer: ",
                           **rows("json", "arc_test.json", train="arc_train.jsonl"), "training_split": "train",
                           "doc_to_target": "{{gold}}", "doc_to_choice": "{{choices}}", "fewshot_delimiter": "\n###\n"},
        "arc_validation": {**choice, "doc_to_text": "{{query}}\nAnswer:", "dataset_path": "json",
                           "dataset_kwargs": {"data_files": {"validation": "rows/arc_easy.jsonl"}},
                           "validation_split": "validation", "fewshot_config": {"sampler": "first_n"}},
        "sst2": {**sentiment, "doc_to_text": "Review: {{text}}\nSentiment:",
                 "metric_list": [{"metric": "acc"}, {"metric": "acc_mutual_info"}],
                 "dataset_kwargs": {"data_files": {"train": "rows/sst2-train.tsv", "test": "rows/sst2-test.tsv"},
                                    "delimiter": "\t", "column_names": ["text", "label"], "quoting": 3},
                 "test_split": "test"},
        "nsmc": {**sentiment, "doc_to_text": "리뷰: {{document|trim}}\n감정:", "doc_to_choice": ["부정", "긍정"],
                 "dataset_kwargs": {"data_files": {"test": "rows/nsmc.tsv"}, "delimiter": "\t", "quoting": 3},
                 "test_split": "test", "fewshot_split": "test", "fewshot_config": {"sampler": "first_n"}},
        "blimp": {"output_type": "multiple_choice", "doc_to_text": "", "doc_to_target": 0,
                  "doc_to_choice": "{{[sentence_good, sentence_bad]}}", **rows("json", "blimp-200-each.jsonl.gz")},
        "copa": {**choice, "doc_to_text": "{{query}}", **rows("json", "copa.jsonl")},
        "boolq": {**choice, "doc_to_text": "query", "target_delimiter": "\nAnswer: ", "doc_to_choice": ["no", "yes"],
                  "doc_to_target": "{{choices[gold]}}", **rows("json", "boolq.jsonl")},
        "winogrande": {"output_type": "multiple_choice", "doc_to_text": "gold", "doc_to_target": "{{continuation}}",
                       "doc_to_choice": "context_options", **rows("json", "winogrande.jsonl")},
        "lambada": {"output_type": "loglikelihood", "doc_to_text": "{{context}}", "doc_to_target": " {{continuation}}",
                    **rows("json", "lambada_openai.jsonl")},
        "gsm8k": {"output_type": "generate_until", "doc_to_text": "Question: {{question}}\nAnswer:",
                  "doc_to_target": "{{answer.split('####')[-1].strip() if answer is defined else answer}}",
                  "generation_kwargs": {"until": ["\n\n", "Question:"], "do_sample": False, "max_gen_toks": 48},
                  **rows("json", "gsm8k-test.jsonl"), "metric_list": [{"metric": "exact_match"}]},
        "xsum": {"output_type": "loglikelihood_rolling", "doc_to_text": "", "doc_to_target": "{{document}}",
                 **rows("json", "xsum-test.jsonl")},
        "captions": {"output_type": "generate_until", "doc_to_text": "{{text|upper}} ->", "doc_to_target": "text",
                     **rows("text", "captions.txt"), "generation_kwargs": {"until": "\n"}},
        "chatbot": {"output_type": "generate_until", "doc_to_text": "Q: {{Q}}\nA:", "doc_to_target": "A",
                    "description": "{% if label == 0 %}일상{% else %}이별 {{label}}{% endif %}\n",
                    **rows("csv", "chatbot.csv")},
        "lines": {"output_type": "generate_until", "doc_to_target": "{{choices[gold]|regex_replace('[aeiou]', '_')}}",
                  "doc_to_text": "{# letters #}\n{{query}}\n  {% for choice in choices %}\n"
                                 "{{ 'ABCDEFGH'[loop.index0] }}. {{ choice|replace('the', 'THE') }}\n  {% endfor %}\n"
                                 "{%- set best = choices|map('length')|max -%}\n ({{best}} \"%}\")\n",
                  **rows("json", "arc_easy.jsonl")},
    }
    (folder / "exact.yaml").write_text(yaml.safe_dump({"metric_list": [{"metric": "exact_match"}], "test_split": "test"}))
    for name, settings in tasks.items():
        task = {"task": name, **settings}
        if task["output_type"] == "generate_until":
            task["include"] = "exact.yaml"
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(task, allow_unicode=True))
    suite = {"suite": "requests", "tasks": [f"{name}.yaml" for name in tasks]}
    (folder / "suite.yaml").write_text(yaml.safe_dump(suite))
    return {name: [0] if name in ("blimp", "xsum") else [0, 3] for name in tasks}


def rows(builder, test, **splits):
    files = {split: f"rows/{name}" for split, name in {"test": test, **splits}.items()}
    return {"dataset_path": builder, "dataset_kwargs": {"data_files": files}, "test_split": "test"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("folder")
    parser.add_argument("--limit", type=int, default=300)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    folder = Path(arguments.folder)
    every = write_tasks(arguments.data, folder)
    os.chdir(folder)
    manager = TaskManager(include_path=".", include_defaults=False)
    with open("expected.jsonl", "w") as expected:
        for name, chat, count in ((n, c, s) for n, shots in every.items() for c in (False, True) for s in shots):
            recorder = Recorder()
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                simple_evaluate(model=recorder, tasks=[name], task_manager=manager, num_fewshot=count,
                                limit=arguments.limit, bootstrap_iters=0, apply_chat_template=chat,
                                fewshot_as_multiturn=chat)
            for row, requests in sorted(recorder.requests.items()):
                line = {"task": name, "chat": chat, "shots": count, "row": row, "requests": requests}
                expected.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
