"""The peers of bench/quality/base: python base_reference.py REQUEST.json prints the predicted labels as a JSON list.

The request names a kind (linear, lora or full), the splits' rows ([text, label]) and, for lora and full, the base's folder
and the settings that Rootstock chose: rank, alpha, targets, learning_rate, epochs, batch_rows, warmup, weight_decay, clip,
patience, seed, max_tokens.
"""

import json
import math
import random
import sys

MICRO_BATCH_ROWS = 8


def linear(request):
    """TF-IDF with logistic regression; features and C are those with the best validation accuracy."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts, labels = zip(*request["train"])
    held_texts, held_labels = zip(*request["validation"])
    best = None
    for features in (
        {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
        {"analyzer": "char_wb", "ngram_range": (2, 5)},
    ):
        vectorizer = TfidfVectorizer(sublinear_tf=True, **features)
        rows = vectorizer.fit_transform(texts)
        held = vectorizer.transform(held_texts)
        for c in (1, 10, 100):
            model = LogisticRegression(C=c, max_iter=1000).fit(rows, labels)
            score = model.score(held, held_labels)
            if best is None or score > best[0]:
                best = (score, vectorizer, model)
    _, vectorizer, model = best
    return model.predict(vectorizer.transform([text for text, _ in request["test"]])).tolist()


def neural(request):
    """transformers' classifier, with PEFT's adapters or whole: AdamW, cosine schedule, the best weights by validation."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, get_cosine_schedule_with_warmup

    torch.set_num_threads(request["threads"])
    torch.manual_seed(request["seed"])
    tokenizer = AutoTokenizer.from_pretrained(request["base"])
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    labels = sorted({label for _, label in request["train"]})
    ids = {label: index for index, label in enumerate(labels)}
    model = AutoModelForSequenceClassification.from_pretrained(
        request["base"],
        num_labels=len(labels),
        dtype=torch.float32,
        attn_implementation="eager",  # faster than sdpa at these lengths
    )
    model.config.pad_token_id = tokenizer.pad_token_id
    if request["kind"] == "lora":
        from peft import LoraConfig, get_peft_model

        model = get_peft_model(
            model,
            LoraConfig(
                task_type="SEQ_CLS", r=request["rank"], lora_alpha=request["alpha"], target_modules=request["targets"]
            ),
        )

    def encoded(split):
        texts = [text for text, _ in request[split]]
        rows = tokenizer(texts, truncation=True, max_length=request["max_tokens"])["input_ids"]
        return [(row or [tokenizer.pad_token_id], ids.get(label, -1)) for row, (_, label) in zip(rows, request[split])]

    def logits(rows):
        batch = tokenizer.pad({"input_ids": [row for row, _ in rows]}, return_tensors="pt")
        with torch.autocast("cpu", torch.bfloat16, enabled=request["bfloat16"]):
            return model(**batch).logits.float()

    def predicted(rows):
        model.eval()
        order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
        answers = [0] * len(rows)
        with torch.no_grad():
            for start in range(0, len(order), 32):
                some = order[start : start + 32]
                for i, answer in zip(some, logits([rows[i] for i in some]).argmax(-1).tolist()):
                    answers[i] = answer
        model.train()
        return answers

    train, validation, test = encoded("train"), encoded("validation"), encoded("test")
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    decayed = [parameter for parameter in trained if parameter.dim() > 1]
    others = [parameter for parameter in trained if parameter.dim() <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": request["weight_decay"]}, {"params": others, "weight_decay": 0.0}],
        lr=request["learning_rate"],
    )
    size = request["batch_rows"]
    steps = math.ceil(request["epochs"] * len(train) / size)
    schedule = get_cosine_schedule_with_warmup(optimizer, round(request["warmup"] * steps), steps)
    interval = max(1, len(train) // size // 2)
    best, best_weights, since = -1.0, None, 0
    order, shuffled = [], random.Random(request["seed"])
    model.train()
    for step in range(1, steps + 1):
        while len(order) < size:
            epoch = list(range(len(train)))
            shuffled.shuffle(epoch)
            order += epoch
        rows, order = [train[i] for i in order[:size]], order[size:]
        # The mean over the step's rows, in micro-batches of rows of similar length: the same gradient with less padding.
        rows.sort(key=lambda row: len(row[0]))
        for start in range(0, size, MICRO_BATCH_ROWS):
            some = rows[start : start + MICRO_BATCH_ROWS]
            expected = torch.tensor([label for _, label in some])
            loss = torch.nn.functional.cross_entropy(logits(some), expected, reduction="sum") / size
            loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, request["clip"])
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        if step % interval == 0 or step == steps:
            right = sum(answer == label for answer, (_, label) in zip(predicted(validation), validation))
            accuracy = right / len(validation)
            print(f"{request['kind']} step {step} of {steps}: validation accuracy {accuracy:.3f}", file=sys.stderr)
            if accuracy > best:
                best, since = accuracy, 0
                best_weights = [parameter.detach().clone() for parameter in trained]
            else:
                since += 1
                if request["patience"] and since >= request["patience"]:
                    break
    with torch.no_grad():
        for parameter, value in zip(trained, best_weights):
            parameter.copy_(value)
    return [labels[answer] for answer in predicted(test)]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    answers = linear(request) if request["kind"] == "linear" else neural(request)
    print(json.dumps(answers, ensure_ascii=False))


main()
