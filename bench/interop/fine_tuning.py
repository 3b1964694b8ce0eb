"""Fine-tunes with openai-python: fine_tuning.py FOLDER

FOLDER has chats.jsonl and preferences.jsonl. Reads ROOTSTOCK_URL and ROOTSTOCK_MODEL.
"""

import json
import os
import sys
import time
import urllib.request
from pathlib import Path

import openai

WAIT = 300  # seconds for a job
PART = 10_000  # bytes


class Checks:
    """Counts checks and prints the failed ones."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def that(self, name, holds):
        self.count += 1
        if not holds:
            self.failed += 1
            print(f"failed: {name}")

    def raises(self, name, error, text, call):
        try:
            call()
            self.that(f"{name}: no error", False)
        except error as failure:
            self.that(f"{name}: {failure}", text in str(failure))


def wait(client, job, status):
    end = time.time() + WAIT
    while job.status != status and job.status not in ("failed", "cancelled") and time.time() < end:
        time.sleep(0.5)
        job = client.fine_tuning.jobs.retrieve(job.id)
    return job


def upload_in_parts(client, path):
    data = path.read_bytes()
    upload = client.uploads.create(
        filename=path.name, bytes=len(data), mime_type="application/jsonl", purpose="fine-tune")
    parts = [
        client.uploads.parts.create(upload.id, data=data[start:start + PART]).id
        for start in range(0, len(data), PART)
    ]
    return client.uploads.complete(upload.id, part_ids=parts).file


def streamed(job):
    """Messages of the event stream; the client has no method for it."""
    url = f"{os.environ['ROOTSTOCK_URL']}/fine_tuning/jobs/{job.id}/events?stream=true"
    with urllib.request.urlopen(url, timeout=WAIT) as response:
        lines = [line.decode().strip() for line in response]
    events = [line.removeprefix("data: ") for line in lines if line]
    return [json.loads(event)["message"] for event in events[:-1]], events[-1]


def answer(client, model):
    completion = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "What is the river like?"}],
        temperature=0,
        max_completion_tokens=24,
    )
    return completion.choices[0].message.content


def supervised(checks, client, base, folder):
    with (folder / "chats.jsonl").open("rb") as rows:
        file = client.files.create(file=rows, purpose="fine-tune")
    checks.that("file is listed", file.id in [each.id for each in client.files.list(purpose="fine-tune")])
    checks.that("content is equal", client.files.content(file.id).read() == (folder / "chats.jsonl").read_bytes())
    job = client.fine_tuning.jobs.create(
        model=base,
        training_file=file.id,
        suffix="chat",
        metadata={"team": "a"},
        method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": 8}}},
    )
    checks.that("job is being validated", job.status == "validating_files")
    messages, last = streamed(job)
    checks.that("stream ends", last == "[DONE]" and messages[-1].startswith("The job has successfully completed"))
    job = wait(client, job, "succeeded")
    checks.that(f"job succeeds: {job.error}", job.status == "succeeded")
    checks.that("tokens are counted", (job.trained_tokens or 0) > 0)
    events = list(client.fine_tuning.jobs.list_events(job.id, limit=5))
    checks.that("events are paged", [event.message for event in reversed(events)] == messages)
    checkpoints = list(client.fine_tuning.jobs.checkpoints.list(job.id))
    checks.that("checkpoints are listed", bool(checkpoints) and checkpoints[0].step_number > 0)
    table = client.files.content(job.result_files[0]).text
    checks.that("losses are a table", table.startswith("step,train_loss,valid_loss\n"))
    checks.that("model answers", bool(answer(client, job.fine_tuned_model)))
    checks.that("jobs are filtered", [each.id for each in client.fine_tuning.jobs.list(metadata={"team": "a"})] == [job.id])
    checks.raises("cancel", openai.BadRequestError, "SUCCEEDED", lambda: client.fine_tuning.jobs.cancel(job.id))
    return job.fine_tuned_model


def preferences(checks, client, base, folder):
    file = upload_in_parts(client, folder / "preferences.jsonl")
    checks.that("parts are joined", client.files.content(file.id).read() == (folder / "preferences.jsonl").read_bytes())
    settings = {"n_epochs": 1, "beta": 0.2, "learning_rate_multiplier": 0.5}
    method = {"type": "dpo", "dpo": {"hyperparameters": settings}}
    job = client.fine_tuning.jobs.create(model=base, training_file=file.id, validation_file=file.id, method=method)
    job = wait(client, job, "succeeded")
    checks.that(f"DPO succeeds: {job.error}", job.status == "succeeded")
    checks.that("settings are kept", job.method.dpo.hyperparameters.beta == 0.2)
    checks.that("DPO model answers", bool(answer(client, job.fine_tuned_model)))

    method["dpo"]["hyperparameters"]["n_epochs"] = 500
    job = client.fine_tuning.jobs.create(model=base, training_file=file.id, method=method)
    job = wait(client, job, "running")
    client.fine_tuning.jobs.pause(job.id)
    checks.that("job pauses", wait(client, job, "paused").status == "paused")
    client.fine_tuning.jobs.resume(job.id)
    client.fine_tuning.jobs.cancel(job.id)
    job = wait(client, client.fine_tuning.jobs.retrieve(job.id), "cancelled")
    checks.that("job is cancelled", job.status == "cancelled")


def refusals(checks, client, base):
    checks.raises("unknown file", openai.BadRequestError, "training_file",
                  lambda: client.fine_tuning.jobs.create(model=base, training_file="file-none"))
    checks.raises("unknown job", openai.NotFoundError, "ftjob-none does not exist",
                  lambda: client.fine_tuning.jobs.retrieve("ftjob-none"))
    checks.raises("unknown purpose", openai.BadRequestError, "must be fine-tune",
                  lambda: client.files.create(file=("a.jsonl", b"{}\n"), purpose="assistants"))
    checks.raises("no rows", openai.BadRequestError, ".jsonl",
                  lambda: client.files.create(file=("a.txt", b"a"), purpose="fine-tune"))
    file = client.files.create(file=("bad.jsonl", b'{"messages": []}\n'), purpose="fine-tune")
    job = wait(client, client.fine_tuning.jobs.create(model=base, training_file=file.id), "succeeded")
    checks.that("bad row fails", job.status == "failed" and "bad.jsonl:1" in job.error.message)


def main():
    folder = Path(sys.argv[1])
    base = os.environ["ROOTSTOCK_MODEL"]
    client = openai.OpenAI(base_url=os.environ["ROOTSTOCK_URL"], api_key="any")
    checks = Checks()
    print(f"openai-python {openai.__version__}")
    print(f"supervised: {supervised(checks, client, base, folder)}")
    preferences(checks, client, base, folder)
    refusals(checks, client, base)
    print(f"checks={checks.count} failed={checks.failed}")
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
