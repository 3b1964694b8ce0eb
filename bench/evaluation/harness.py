"""Evaluates a served model with `rootstock eval run`, and its folder with lm-evaluation-harness' hf model, on one suite:
harness.py FOLDER DATA [--limit N]

Reads ROOTSTOCK_MODEL and ROOTSTOCK_HOME. Writes the suite, creates it, evaluates it with both, and compares every
log-probability and choice. Nothing is downloaded.
"""

import argparse
import contextlib
import gzip
import io
import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from lm_eval import simple_evaluate
from lm_eval.tasks import TaskManager

LIMIT = 2e-3
SUITE = "harness"
ROOTSTOCK = Path("rootstock").resolve()
TASKS = {
    "arc_easy": ("core/arc_easy.jsonl", {
        "output_type": "multiple_choice", "doc_to_text": "{{query}}\nAnswer:", "doc_to_choice": "choices",
        "doc_to_target": "gold", "metric_list": [{"metric": "acc"}, {"metric": "acc_norm"}]}),
    "lambada": ("core/lambada_openai.jsonl", {
        "output_type": "loglikelihood", "doc_to_text": "{{context}}", "doc_to_target": " {{continuation}}",
        "metric_list": [{"metric": "acc"}, {"metric": "perplexity"}]}),
    "blimp": ("grammar/blimp-200-each.jsonl.gz", {
        "output_type": "multiple_choice", "doc_to_text": "", "doc_to_target": 0,
        "doc_to_choice": "{{[sentence_good, sentence_bad]}}", "metric_list": [{"metric": "acc"}]}),
    "winogrande": ("core/winogrande.jsonl", {
        "output_type": "multiple_choice", "doc_to_text": "gold", "doc_to_choice": "context_options",
        "doc_to_target": "{{continuation}}", "metric_list": [{"metric": "acc"}]}),
}


def write_suite(data, limit):
    """Writes task files and rows below the working directory."""
    Path("rows").mkdir()
    for name, (source, settings) in TASKS.items():
        path = Path(data) / "evaluation" / source
        opened = gzip.open(path, "rt", encoding="utf-8") if source.endswith(".gz") else open(path, encoding="utf-8")
        with opened as file:
            lines = file.read().splitlines()
        count = min(limit, len(lines))
        rows = [lines[index * len(lines) // count] for index in range(count)]
        Path(f"rows/{name}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
        task = {"task": name, "dataset_path": "json", "dataset_kwargs": {"data_files": {"test": f"rows/{name}.jsonl"}},
                "test_split": "test", **settings}
        Path(f"{name}.yaml").write_text(yaml.safe_dump(task), encoding="utf-8")
    suite = {"suite": SUITE, "tasks": [f"{name}.yaml" for name in TASKS]}
    Path("suite.yaml").write_text(yaml.safe_dump(suite), encoding="utf-8")


def rootstock(*arguments):
    """Standard output of a command of our command line."""
    finished = subprocess.run([ROOTSTOCK, *arguments], stdout=subprocess.PIPE, encoding="utf-8")
    if finished.returncode != 0:
        sys.exit(f"rootstock {' '.join(map(str, arguments))} failed:\n{finished.stdout[-2000:]}")
    return finished.stdout


def our_rows():
    """Row records of our evaluation, by task and row; and its metrics by task."""
    rootstock("suites", "create", SUITE, "--from", ".")
    printed = rootstock("eval", "run", os.environ["ROOTSTOCK_MODEL"], "--suite", SUITE, "--quantization", "f32", "--json")
    evaluation = next(json.loads(line) for line in reversed(printed.splitlines()) if '"results"' in line)
    records = rootstock("eval", "rows", evaluation["name"].removeprefix("evaluations/"), "--json")
    rows = {name: {} for name in TASKS}
    for line in records.splitlines():
        record = json.loads(line)
        rows[record["task"]][record["row"]] = record
    metrics = {result["task"]: {metric["metric"]: metric["value"] for metric in result["metrics"]}
               for result in evaluation["results"]}
    return rows, metrics


def harness_samples(folder):
    """The harness' samples by task and row, and its metrics by task."""
    # The harness prints to standard output, which must contain only the table.
    with contextlib.redirect_stdout(io.StringIO()):
        results = simple_evaluate(
            model="hf", model_args={"pretrained": folder, "dtype": "float32", "device": "cpu"}, tasks=list(TASKS),
            task_manager=TaskManager(include_path=".", include_defaults=False), bootstrap_iters=0, log_samples=True,
            batch_size=1)
    samples = {name: {sample["doc_id"]: sample["filtered_resps"] for sample in results["samples"][name]} for name in TASKS}
    metrics = {name: {key.removesuffix(",none"): value for key, value in results["results"][name].items()}
               for name in TASKS}
    return samples, metrics


def best(logprobs):
    """Index of the first of the largest sums."""
    return logprobs.index(max(logprobs))


def compare(name, ours, theirs):
    """Prints a line for the task and returns the largest difference, rows, equal rows, and other rows without a tie."""
    assert ours.keys() == theirs.keys() and ours, f"{name}: {len(ours)} of our rows, {len(theirs)} of the harness"
    largest, same, ties, choices = 0.0, 0, 0, 0
    for row, samples in sorted(theirs.items()):
        ours_of_row = ours[row]["responses"]
        assert len(ours_of_row) == len(samples)
        choices += len(samples)
        logprobs = [response["logprob"] for response in ours_of_row]
        expected = [sample[0] for sample in samples]
        largest = max([largest] + [abs(one - other) for one, other in zip(logprobs, expected)])
        if len(samples) == 1:
            equal = ours_of_row[0]["greedy"] == bool(samples[0][1])
            tie = False
        else:
            equal = ours[row]["prediction"] == best(expected)
            ranked = sorted(expected)
            tie = ranked[-1] - ranked[-2] < LIMIT
        same += equal
        ties += not equal and tie
        if not equal:
            print(f"{name} row {row}{' (tie)' if tie else ''}: ours {logprobs}, harness {expected}")
    print(f"{name:<10} {len(theirs):>5} {choices:>9} {same:>5} {ties:>5} {largest:>17.2e}", end="")
    return largest, len(theirs), same, len(theirs) - same - ties


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("data")
    parser.add_argument("--limit", type=int, default=250)
    arguments = parser.parse_args()
    folder, data = Path(arguments.folder).resolve(), Path(arguments.data).resolve()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as suite:
        os.environ["GIT_DIR"] = str(ROOTSTOCK.parent / ".git")
        os.environ["HF_HOME"] = str(Path(suite) / "cache")
        os.chdir(suite)
        write_suite(data, arguments.limit)
        ours, our_metrics = our_rows()
        theirs, their_metrics = harness_samples(str(folder))
    print(f"{'task':<10} {'rows':>5} {'log-probs':>9} {'same':>5} {'ties':>5} {'max |difference|':>17}  metric: ours, harness")
    difference, rows, same, unequal = 0.0, 0, 0, 0
    for name in TASKS:
        largest, count, equal, missed = compare(name, ours[name], theirs[name])
        figures = [f"{metric} {value:.4f}, {their_metrics[name][metric]:.4f}" for metric, value in our_metrics[name].items()]
        print("  " + "; ".join(figures), flush=True)
        difference, rows, same, unequal = max(difference, largest), rows + count, same + equal, unequal + missed
    print("same: the same most probable choice, of LAMBADA whether the continuation is greedy; ties: other choices whose"
          f" log-probabilities are within {LIMIT:g}")
    print(f"rows={rows}")
    print(f"max_abs_logprob_difference={difference:.2e}")
    print(f"identical_choices={same / rows:.4g}")
    sys.exit(0 if difference < LIMIT and unequal == 0 else 1)


if __name__ == "__main__":
    main()
