"""Uses clients/python against running services: python_client.py FOLDER

FOLDER has chats.jsonl. Reads ROOTSTOCK_HOME, where the services were started, and ROOTSTOCK_MODEL, a base.
"""

import json
import os
import sys
from pathlib import Path

import rootstock
from rootstock.registry.v1 import job_pb2, job_state_pb2

TEXTS = [("a good film", "positive"), ("a bad film", "negative")]


class Checks:
    """Counts checks and prints the failed ones."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def equal(self, name, actual, expected):
        self.count += 1
        if actual != expected:
            self.failed += 1
            print(f"failed: {name}: {actual!r} instead of {expected!r}")

    def raises(self, name, error, text, call):
        try:
            call()
            self.equal(name, "no error", error.__name__)
        except error as failure:
            self.equal(name, text in str(failure) or str(failure), True)
            return failure


def data(checks, client, folder):
    prose = folder / "prose.txt"
    prose.write_text("".join(f"The {thing} number {i} is red.\n" for i in range(200) for thing in ("ship", "house")))
    tokenizer = client.train_tokenizer("letters", [prose], vocabulary=300)
    checks.equal("vocabulary", tokenizer.vocabulary_size, 300)
    rows = folder / "rows.jsonl"
    rows.write_text("".join(
        json.dumps({"review": f"{text} {i}", "class": label}) + "\n" for i in range(60) for text, label in TEXTS))
    reviews = client.prepare(
        "reviews", kind="classification", tokenizer="tiny", files=[rows],
        fields={"text": "review", "label": "class"}, splits=(0.8, 0.1, 0.1))
    checks.equal("splits", {split.split: split.rows for split in reviews.splits},
                 {"train": 96, "validation": 12, "test": 12})
    apart = client.prepare("apart", kind="classification", tokenizer="tiny", files=[rows], test_files=[rows],
                           fields={"text": "review", "label": "class"})
    checks.equal("test file is the test split", apart.splits[2].rows, 120)
    chats = client.prepare("chats", kind="instruction", tokenizer="tiny", files=[folder / "chats.jsonl"])
    checks.equal("chats", chats.name, "datasets/chats")


def training(checks, client, base):
    events = []
    # Six epochs of so few rows do not learn reliably; a run that is stopped early does not count as whole.
    job = client.finetune("reviews", task="classification", base=base, dataset="reviews", epochs=12, patience=0,
                          quantizations=False)
    done = client.follow(job, on_event=events.append)
    checks.equal("classifier", done.version, "models/reviews/versions/1")
    checks.equal("every event once", [event.sequence for event in events], list(range(1, len(events) + 1)))
    shares = [event.run_event.progress.done for event in events if event.run_event.HasField("progress")]
    checks.equal("progress grows to 1", (shares == sorted(shares), shares[-1]), (True, 1.0))
    checks.equal("promoted", client.promote("reviews", done.version).version, done.version)
    labels = client.classify("reviews", [text for text, _ in TEXTS] * 600)
    checks.equal("one label a text", len(labels), 1200)
    checks.equal("labels", [label.label for label in labels[:2]], [label for _, label in TEXTS])
    checks.equal("probabilities", round(sum(labels[0].probabilities.values()), 5), 1.0)

    adapter = client.finetune("helper", task="instruction", base=base, dataset="chats", method="lora", lora_rank=4,
                              epochs=1, quantizations=False)
    checks.equal("rank as given", adapter.spec.hyperparameters.lora.rank, 4)
    client.promote("helper", client.follow(adapter, progress=False).version)
    answer = client.chat("helper", "What is the ship like?", max_tokens=12, temperature=0)
    checks.equal("chat", (answer.version, answer.completion_tokens <= 12), ("models/helper/versions/1", True))
    streamed = "".join(client.stream_chat(
        "helper", [{"role": "user", "content": "What is the ship like?"}], max_tokens=12, temperature=0))
    checks.equal("streamed text", streamed, answer.text)
    client.promote(base, f"{base}:1")
    completion = client.generate(base, "The ship", max_tokens=8, temperature=0)
    checks.equal("completion", completion.completion_tokens, 8)
    first, second = client.embed(base, ["The ship", "The ship"])
    checks.equal("embeddings", (first == second, round(sum(value * value for value in first), 4)), (True, 1.0))


def refusals(checks, client, base):
    fine_tune = dict(task="classification", base=base, dataset="reviews")
    failure = checks.raises("learning rate", rootstock.RootstockError, "learning_rate",
                            lambda: client.finetune("x", **fine_tune, learning_rate=-1.0))
    checks.equal("code and field", (failure.code, list(failure.fields)),
                 ("INVALID_ARGUMENT", ["spec.hyperparameters.learning_rate"]))
    failure = checks.raises("unknown base", rootstock.RootstockError, "models/none does not exist",
                            lambda: client.finetune("x", **{**fine_tune, "base": "none"}))
    checks.equal("reason", (failure.code, failure.reason), ("NOT_FOUND", "RESOURCE_NOT_FOUND"))
    checks.raises("unknown task", ValueError, "instruction, classification, preference",
                  lambda: client.finetune("x", **{**fine_tune, "task": "regression"}))
    checks.raises("misspelt mixture", TypeError, "unknown key 'wieght' of a source",
                  lambda: client.pretrain("nothing", mixture={"sources": [{"dataset": "web", "wieght": 1}]}))
    checks.raises("dataset and mixture", ValueError, "either a dataset or a mixture",
                  lambda: client.pretrain("nothing", dataset="web", mixture={"sources": []}))
    checks.raises("misspelt setting", TypeError, "unknown setting 'epoch'",
                  lambda: client.finetune("x", **fine_tune, epoch=2))
    checks.raises("misspelt option", TypeError, "unknown option 'max_token'",
                  lambda: client.generate(base, "The", max_token=2))
    checks.raises("missing file", FileNotFoundError, "none.txt", lambda: client.train_tokenizer("x", ["none.txt"]))
    job = client.finetune("long", **fine_tune, epochs=10_000)
    client.cancel(job)
    failure = checks.raises("cancelled job", rootstock.JobFailed, "cancelled", lambda: client.follow(job, progress=False))
    checks.equal("state", client.jobs.GetJob(job_pb2.GetJobRequest(name=job.name)).job.state,
                 job_state_pb2.JOB_STATE_CANCELLED)
    unreachable = rootstock.connect(endpoints=rootstock.Endpoints(*["127.0.0.1:1"] * 4))
    checks.raises("no service", rootstock.RootstockError, "rootstock up", lambda: unreachable.cancel("x"))


def main():
    folder = Path(sys.argv[1])
    base = os.environ["ROOTSTOCK_MODEL"]
    checks = Checks()
    with rootstock.connect() as client:
        checks.equal("caller", client.whoami().name, "users/local")
        data(checks, client, folder)
        training(checks, client, base)
        refusals(checks, client, base)
    print(f"checks={checks.count} failed={checks.failed}")
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
