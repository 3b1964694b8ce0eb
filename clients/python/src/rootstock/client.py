"""The client: one object for all services."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from rootstock.endpoints import Endpoints
from rootstock.errors import RootstockError, translated
from rootstock.inference.v1 import (
    chat_pb2,
    completion_pb2,
    inference_pb2_grpc,
    pooling_pb2,
    served_model_pb2,
)
from rootstock.names import enum_name, enum_value, resource, version
from rootstock.registry.v1 import (
    alias_pb2,
    identity_pb2,
    identity_pb2_grpc,
    job_pb2,
    job_pb2_grpc,
    model_pb2_grpc,
    version_pb2,
)
from rootstock.tokenizer.v1 import (
    dataset_pb2,
    dataset_pb2_grpc,
    dataset_source_pb2,
    source_pb2,
    source_pb2_grpc,
    tokenizer_pb2,
    tokenizer_pb2_grpc,
)
from rootstock.training import Watch, specification

_CHUNK_BYTES = 512 << 10
_POLL_SECONDS = 0.2

File = str | PathLike[str]


@dataclass(frozen=True)
class Label:
    """Class of a text: the most probable label, and the probability of every label."""

    label: str
    probabilities: dict[str, float]


@dataclass(frozen=True)
class Answer:
    """A generated text; stopped is why it ends, such as "stop" or "length"."""

    text: str
    stopped: str
    prompt_tokens: int
    completion_tokens: int
    version: str


def connect(home: File | None = None, endpoints: Endpoints | None = None) -> "Client":
    """Connects to the installation in a data directory (default: ROOTSTOCK_HOME, else ~/.rootstock), or to endpoints."""
    return Client(endpoints or Endpoints.find(home))


class Client:
    """All services. Close it, or use it as a context manager. Failed calls raise RootstockError."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._channels = {name: endpoints.channel(name) for name in ("registry", "tokenizer", "inference")}
        self.sources = source_pb2_grpc.SourceServiceStub(self._channels["tokenizer"])
        self.tokenizers = tokenizer_pb2_grpc.TokenizerServiceStub(self._channels["tokenizer"])
        self.datasets = dataset_pb2_grpc.DatasetServiceStub(self._channels["tokenizer"])
        self.identity = identity_pb2_grpc.IdentityServiceStub(self._channels["registry"])
        self.jobs = job_pb2_grpc.JobServiceStub(self._channels["registry"])
        self.models = model_pb2_grpc.ModelServiceStub(self._channels["registry"])
        self.inference = inference_pb2_grpc.InferenceServiceStub(self._channels["inference"])

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for channel in self._channels.values():
            channel.close()

    def whoami(self) -> identity_pb2.GetCallerResponse:
        """Returns the caller's name, its grants (also those of its groups) and the expiry of its token."""
        with translated():
            return self.identity.GetCaller(identity_pb2.GetCallerRequest())

    # Data

    def upload(self, file: File) -> source_pb2.Source:
        """Stores a file (.txt, .jsonl, .json, .csv, .tsv, also .gz or .zst) for training data."""
        path = Path(file)

        def parts() -> Iterator[source_pb2.UploadSourceRequest]:
            yield source_pb2.UploadSourceRequest(header=source_pb2.SourceHeader(file_name=path.name))
            with path.open("rb") as content:
                while chunk := content.read(_CHUNK_BYTES):
                    yield source_pb2.UploadSourceRequest(chunk=chunk)

        if not path.is_file():
            raise FileNotFoundError(path)
        with translated():
            return self.sources.UploadSource(parts()).source

    def train_tokenizer(self, name: str, files: Sequence[File], vocabulary: int = 4096) -> tokenizer_pb2.Tokenizer:
        """Trains a byte-level BPE tokenizer."""
        digests = [self.upload(file).digest for file in files]
        with translated():
            *_, last = self.tokenizers.TrainTokenizer(
                tokenizer_pb2.TrainTokenizerRequest(
                    name=resource("tokenizers", name), source_digests=digests, vocabulary_size=vocabulary
                )
            )
        return last.tokenizer

    def prepare(
        self,
        name: str,
        kind: str,
        tokenizer: str,
        files: Sequence[File],
        validation_files: Sequence[File] = (),
        test_files: Sequence[File] = (),
        splits: tuple[float, float, float] | None = None,
        fields: dict[str, str] | None = None,
        columns: str = "",
        max_tokens: int = 0,
        max_rejected_rows: int = 0,
        seed: int = 42,
    ) -> dataset_pb2.Dataset:
        """Prepares a dataset: kind is "pretraining", "instruction", "classification" or "preference".

        splits: fractions for training, validation and test [default: 0.9, 0.05, 0.05; 0 for a split that has files].
        fields: fields of the rows, such as {"text": "review"}. columns: names for CSV and TSV files without a header.
        """
        sources: list[dataset_source_pb2.DatasetSource] = []
        for split, given in (("", files), ("validation", validation_files), ("test", test_files)):
            for file in given:
                source = dataset_source_pb2.DatasetSource(name=Path(file).name, digest=self.upload(file).digest, split=split)
                same = sum(other.name.split("#")[0] == source.name for other in sources)
                source.name += f"#{same + 1}" if same else ""
                sources.append(source)
        train, validation, test = splits or (0.9, 0.0 if validation_files else 0.05, 0.0 if test_files else 0.05)
        if not splits:
            train = 1 - validation - test
        with translated():
            *_, last = self.datasets.PrepareDataset(
                dataset_pb2.PrepareDatasetRequest(
                    name=resource("datasets", name),
                    kind=enum_value(dataset_source_pb2.DatasetKind.DESCRIPTOR, kind),
                    tokenizer=resource("tokenizers", tokenizer),
                    sources=sources,
                    splits=dataset_pb2.SplitFractions(train=train, validation=validation, test=test),
                    fields=dataset_source_pb2.FieldNames(**(fields or {})),
                    columns=columns,
                    max_tokens=max_tokens,
                    maximum_refused_rows=max_rejected_rows,
                    seed=seed,
                )
            )
        return last.dataset

    # Training

    def pretrain(
        self,
        model: str,
        dataset: str = "",
        base: str = "",
        quantizations: bool = True,
        mixture: dict[str, Any] | None = None,
        **settings: Any,
    ) -> job_pb2.Job:
        """Creates a job that trains on text; settings such as depth=4, tokens=10_000_000. It starts from random weights,
        or continues from a base: MODEL (its latest version), MODEL@ALIAS or MODEL:NUMBER.

        mixture: in place of a dataset, the content of a mixture file, such as
        {"sources": [{"dataset": "web", "weight": 0.8}, {"dataset": "books", "weight": 0.2, "epochs": 2}]}.
        """
        if bool(dataset) == (mixture is not None):
            raise ValueError("pretrain needs either a dataset or a mixture")
        return self._create(specification(model, "pretrain", dataset, base, quantizations, settings, mixture))

    def finetune(
        self, model: str, task: str, base: str, dataset: str, quantizations: bool = True, **settings: Any
    ) -> job_pb2.Job:
        """Creates a job that fine-tunes a base: task is "instruction", "classification" or "preference".

        base: MODEL (its latest version), MODEL@ALIAS or MODEL:NUMBER. settings: such as method="lora", lora_rank=16,
        epochs=3, learning_rate=5e-4; unset ones are chosen by the trainer.
        """
        return self._create(specification(model, task, dataset, base, quantizations, settings))

    def follow(
        self,
        job: job_pb2.Job | str,
        progress: bool = True,
        on_event: Callable[[job_pb2.JobEvent], None] | None = None,
    ) -> job_pb2.Job:
        """Waits until the job has ended, with a progress bar (also in notebooks). JobFailed if it has no version."""
        name = job if isinstance(job, str) else job.name
        return Watch(self.jobs).follow(resource("jobs", name), progress, on_event)

    def cancel(self, job: job_pb2.Job | str) -> job_pb2.Job:
        """Cancels a job; its checkpoints are kept."""
        name = job if isinstance(job, str) else job.name
        with translated():
            return self.jobs.CancelJob(job_pb2.CancelJobRequest(name=resource("jobs", name))).job

    def _create(self, spec: job_pb2.JobSpec) -> job_pb2.Job:
        with translated():
            return self.jobs.CreateJob(job_pb2.CreateJobRequest(spec=spec)).job

    # Models

    def promote(self, model: str, to: str, alias: str = "production", timeout: float = 600) -> alias_pb2.Alias:
        """Points an alias at a version (its resource name or MODEL:NUMBER) and waits until production is served."""
        with translated():
            found = self.models.GetVersion(version_pb2.GetVersionRequest(name=version(to))).version.name
            name = f"{resource('models', model)}/aliases/{alias}"
            moved = self.models.SetAlias(alias_pb2.SetAliasRequest(name=name, version=found)).alias
            if alias == "production":
                self._await_served(name, found, time.monotonic() + timeout)
            return moved

    def _await_served(self, alias: str, wanted: str, deadline: float) -> None:
        while True:
            served = self.inference.ListServedModels(served_model_pb2.ListServedModelsRequest(page_size=1000)).models
            for model in served:
                if model.alias == alias and model.state == served_model_pb2.SERVED_STATE_LOAD_FAILED:
                    raise RootstockError(f"{wanted} does not load: {model.error}", "FAILED_PRECONDITION")
                if model.alias == alias and model.version == wanted:
                    return
            if time.monotonic() > deadline:
                raise RootstockError(f"{wanted} is not served yet", "DEADLINE_EXCEEDED")
            time.sleep(_POLL_SECONDS)

    # Use of served models

    def chat(self, model: str, messages: Sequence[dict[str, str]] | str, **options: Any) -> Answer:
        """Answers a conversation, [{"role": "user", "content": "..."}], or one question."""
        request = chat_pb2.ChatRequest(
            model=resource("models", model), messages=_messages(messages), options=_options(options)
        )
        with translated():
            answer = self.inference.Chat(request).answers[0]
        return _answer(answer.message.content, answer.finish)

    def stream_chat(self, model: str, messages: Sequence[dict[str, str]] | str, **options: Any) -> Iterator[str]:
        """The pieces of an answer as they are generated."""
        request = chat_pb2.ChatStreamRequest(
            model=resource("models", model), messages=_messages(messages), options=_options(options)
        )
        with translated():
            for delta in self.inference.ChatStream(request):
                if delta.text:
                    yield delta.text

    def generate(self, model: str, prompt: str, **options: Any) -> Answer:
        """Continues a text."""
        request = completion_pb2.GenerateRequest(
            model=resource("models", model), prompt=prompt, options=_options(options)
        )
        with translated():
            completion = self.inference.Generate(request).completions[0]
        return _answer(completion.text, completion.finish)

    def classify(self, model: str, texts: Sequence[str]) -> list[Label]:
        """Labels of texts, in their order; any number."""
        labels: list[Label] = []
        for start in range(0, len(texts), 1000):
            request = pooling_pb2.ClassifyRequest(
                model=resource("models", model), texts=texts[start : start + 1000]
            )
            with translated():
                answers = self.inference.Classify(request).classifications
            labels += [
                Label(answer.label, {item.label: item.probability for item in answer.probabilities})
                for answer in answers
            ]
        return labels

    def embed(self, model: str, texts: Sequence[str], normalize: bool = True) -> list[list[float]]:
        """Embeddings of at most 2,048 texts."""
        request = pooling_pb2.EmbedRequest(model=resource("models", model), texts=texts, normalize=normalize)
        with translated():
            return [list(embedding.values) for embedding in self.inference.Embed(request).embeddings]


def _messages(given: Sequence[dict[str, str]] | str) -> list[chat_pb2.Message]:
    messages = [{"role": "user", "content": given}] if isinstance(given, str) else given
    return [chat_pb2.Message(**message) for message in messages]


def _options(given: dict[str, Any]) -> completion_pb2.GenerationOptions:
    """temperature, top_p and others of Sampling; max_tokens, stop and others of GenerationOptions."""
    options = completion_pb2.GenerationOptions()
    sampling = {key: given.pop(key) for key in list(given) if key in options.sampling.DESCRIPTOR.fields_by_name}
    for target, values in ((options.sampling, sampling), (options, given)):
        for key, value in values.items():
            if key not in target.DESCRIPTOR.fields_by_name:
                raise TypeError(f"unknown option '{key}'")
        target.MergeFrom(type(target)(**values))
    return options


def _answer(text: str, finish: completion_pb2.Finish) -> Answer:
    reason = enum_name(completion_pb2.FinishReason.DESCRIPTOR, finish.reason)
    return Answer(text, reason, finish.prompt_tokens, finish.completion_tokens, finish.version)
