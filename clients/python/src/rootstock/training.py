"""Jobs: their specification, and following them to their end."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from tqdm.auto import tqdm

from rootstock.errors import JobFailed, translated
from rootstock.names import enum_name, enum_value, resource, set_fields, version
from rootstock.registry.v1 import job_pb2, job_pb2_grpc, job_state_pb2
from rootstock.trainer.v1 import mixture_pb2, run_pb2

_RECONNECT_SECONDS = 2.0
_RECONNECT_FOR_SECONDS = 120.0
_RETRYABLE = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)
_STOPPED = (
    job_state_pb2.JOB_STATE_PAUSED,
    job_state_pb2.JOB_STATE_NEEDS_RECOVERY,
    job_state_pb2.JOB_STATE_SUCCEEDED,
    job_state_pb2.JOB_STATE_FAILED,
    job_state_pb2.JOB_STATE_CANCELLED,
)


def specification(
    model: str,
    task: str,
    dataset: str,
    base: str,
    quantizations: bool,
    settings: dict[str, Any],
    mixture: dict[str, Any] | None = None,
) -> job_pb2.JobSpec:
    """A job's specification, with a dataset or a mixture. Settings are fields of Architecture and Hyperparameters; those of LoraSettings begin with
    lora_, except base_weights."""
    spec = job_pb2.JobSpec(
        task=enum_value(run_pb2.Task.DESCRIPTOR, task),
        dataset=resource("datasets", dataset) if dataset else "",
        mixture=mixture_message(mixture) if mixture is not None else None,
        base=version(base) if base else "",
        output_model=resource("models", model),
        skip_quantizations=not quantizations,
    )
    lora = {key.removeprefix("lora_"): settings.pop(key) for key in list(settings) if key.startswith("lora_")}
    if "base_weights" in settings:
        weights = settings.pop("base_weights")
        lora["base_weights"] = "hugging_face" if weights == "float" else f"gguf_{weights}"
    shape = {key: settings.pop(key) for key in list(settings) if key in spec.architecture.DESCRIPTOR.fields_by_name}
    set_fields(spec.hyperparameters, settings)
    if lora:
        set_fields(spec.hyperparameters.lora, lora)
    if shape:
        set_fields(spec.architecture, shape)
    return spec


def mixture_message(mixture: dict[str, Any]) -> mixture_pb2.Mixture:
    """A mixture with the keys of a mixture file: sources, weighting, temperature, curriculum. TypeError names an unknown
    key, ValueError an unknown weighting or source."""
    known = ("sources", "weighting", "temperature", "curriculum")
    _require_known(mixture, known, "mixture")
    if not mixture.get("sources"):
        raise ValueError("a mixture needs sources, such as [{'dataset': 'web', 'weight': 0.8}]")
    message = mixture_pb2.Mixture(
        weighting=enum_value(mixture_pb2.MixtureWeighting.DESCRIPTOR, mixture.get("weighting", "absolute")),
        temperature=mixture.get("temperature", 0),
    )
    names: list[str] = []
    for source in mixture["sources"]:
        _require_known(source, ("dataset", "source", "weight", "epochs"), "source")
        dataset, part = resource("datasets", source["dataset"]), source.get("source", "")
        names.append(dataset.removeprefix("datasets/") + (f"/{part}" if part else ""))
        message.sources.add(
            dataset=dataset, source=part, weight=source.get("weight", 0), epochs=source.get("epochs", 0)
        )
    for phase in mixture.get("curriculum", ()):
        _require_known(phase, ("until", "weights"), "phase")
        weights = phase.get("weights")
        if unknown := sorted(set(weights or ()) - set(names)):
            raise ValueError(f"'{unknown[0]}' is not one of the sources {', '.join(names)}")
        message.phases.add(
            until=phase["until"], weights=[] if weights is None else [weights.get(name, 0) for name in names]
        )
    return message


def _require_known(values: dict[str, Any], known: Sequence[str], kind: str) -> None:
    for key in values:
        if key not in known:
            raise TypeError(f"unknown key '{key}' of a {kind}; keys are {', '.join(known)}")


@dataclass(frozen=True)
class Watch:
    """Follows jobs by their events; reconnects after a lost connection and misses no event."""

    jobs: job_pb2_grpc.JobServiceStub

    def events(self, name: str) -> Iterator[job_pb2.JobEvent]:
        """All events of a job, until it ends or waits (paused, needs recovery)."""
        sequence = 0
        last = time.monotonic()
        while True:
            try:
                request = job_pb2.WatchJobRequest(name=name, after_sequence=sequence)
                for response in self.jobs.WatchJob(request):
                    sequence = response.event.sequence
                    last = time.monotonic()
                    yield response.event
                    if response.event.state_changed.state in _STOPPED and self.job(name).state in _STOPPED:
                        return
                if self.job(name).state in _STOPPED:
                    return
            except grpc.RpcError as failure:
                if failure.code() not in _RETRYABLE or time.monotonic() - last > _RECONNECT_FOR_SECONDS:
                    raise
            time.sleep(_RECONNECT_SECONDS)

    def job(self, name: str) -> job_pb2.Job:
        return self.jobs.GetJob(job_pb2.GetJobRequest(name=name)).job

    def follow(
        self, name: str, progress: bool, on_event: Callable[[job_pb2.JobEvent], None] | None = None
    ) -> job_pb2.Job:
        """Waits for the end of a job with a progress bar. JobFailed if it ends without a version."""
        with translated(), tqdm(total=100, desc=name.removeprefix("jobs/"), unit="%", disable=not progress) as bar:
            for event in self.events(name):
                if on_event:
                    on_event(event)
                if event.run_event.HasField("progress"):
                    now = event.run_event.progress
                    bar.set_postfix_str(
                        f"step {now.step}, loss {now.loss:.3f}, {now.tokens_per_second:,.0f} tok/s,"
                        f" ETA {now.eta_seconds:.0f} s",
                        refresh=False,
                    )
                    bar.update(max(0.0, round(100 * now.done, 1) - bar.n))
                elif event.run_event.HasField("export"):
                    bar.set_postfix_str(event.run_event.export.stage)
            job = self.job(name)
        if job.state != job_state_pb2.JOB_STATE_SUCCEEDED:
            state = enum_name(job_state_pb2.JobState.DESCRIPTOR, job.state).replace("_", " ")
            raise JobFailed(job.name, state, job.message)
        return job
