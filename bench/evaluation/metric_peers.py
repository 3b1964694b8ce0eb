"""Writes generated cases with the values of public metric libraries: metric_peers.py FILE [--cases N] [--seed N]

Each line of FILE is a JSON object: kind, peer, options and input of a case, and the peer's values as numbers and texts in
the order of io.rootstock.bench.evaluation.
"""

import argparse
import json
import logging
import random
import re
import string
import warnings

import numpy as np
from metric_statistics import bootstrap_cases, case, interval_cases
from metric_texts import WORDS, characters, corpus, labels, probabilities, words
from nltk.lm import Laplace
from nltk.lm.preprocessing import padded_everygram_pipeline
from nltk.stem.porter import PorterStemmer
from nltk.translate.bleu_score import corpus_bleu
from nltk.translate.chrf_score import sentence_chrf
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF
from scipy.stats import gmean
from sklearn.calibration import calibration_curve
from sklearn.metrics import (accuracy_score, brier_score_loss, confusion_matrix, f1_score, matthews_corrcoef,
                             precision_recall_fscore_support, roc_auc_score)

ROWS = 6  # of a corpus, at most


def streams(references):
    """sacreBLEU's order: the n-th reference of every text; None where a text has fewer."""
    most = max(len(one) for one in references)
    return [[one[at] if at < len(one) else None for one in references] for at in range(most)]


def sacrebleu_case(kind, metric, options, texts, references):
    """Statistics and score of each text alone, the score of the corpus, and the signature without the version."""
    numbers = []
    for one, expected in zip(texts, references):
        numbers += metric._extract_corpus_statistics([one], [[line] for line in expected])[0]
        numbers.append(metric.sentence_score(one, expected).score)
    numbers.append(metric.corpus_score(texts, streams(references)).score)
    signature = str(metric.get_signature()).rsplit("|version:", 1)[0]
    return case(kind, "sacrebleu", options, {"texts": texts, "references": references}, numbers,
                [metric.corpus_score(texts, streams(references)).name, signature])


def bleu_options(rng):
    smoothing = rng.choice(["exp", "exp", "none", "floor", "add-k"])
    return {"tokenizer": rng.choice(["13a", "13a", "intl", "none", "char"]), "smoothing": smoothing,
            "value": {"floor": rng.choice([0.1, 0.01, 0.5]), "add-k": rng.choice([1, 0.5, 2])}.get(smoothing, 0),
            "order": rng.choice([4, 4, 4, 1, 2, 6]), "effective": rng.random() < 0.4, "lowercase": rng.random() < 0.3}


def bleu(options):
    return BLEU(tokenize=options["tokenizer"], smooth_method=options["smoothing"], smooth_value=options["value"] or None,
                max_ngram_order=options["order"], effective_order=options["effective"], lowercase=options["lowercase"])


def chrf_options(rng):
    return {"characters": rng.choice([6, 6, 6, 4, 1]), "words": rng.choice([0, 2, 2, 1, 3]), "beta": rng.choice([2, 2, 1, 3]),
            "lowercase": rng.random() < 0.3, "whitespace": rng.random() < 0.3, "epsilon": rng.random() < 0.4}


def chrf(options):
    return CHRF(char_order=options["characters"], word_order=options["words"], beta=options["beta"],
                lowercase=options["lowercase"], whitespace=options["whitespace"], eps_smoothing=options["epsilon"])


def text_cases(rng, count):
    for _ in range(count):
        texts, references = corpus(rng, rng.randint(1, ROWS))
        options = bleu_options(rng)
        yield sacrebleu_case("bleu", bleu(options), options, texts, references)
        options = chrf_options(rng)
        yield sacrebleu_case("chrf", chrf(options), options, texts, references)
    every = characters()
    expected = [[one.lower()] for one in every]
    for tokenizer in ("13a", "intl", "none", "char"):
        options = {"tokenizer": tokenizer, "smoothing": "exp", "value": 0, "order": 2, "effective": False, "lowercase": True}
        yield sacrebleu_case("bleu", bleu(options), options, every, expected)
    options = {"characters": 2, "words": 2, "beta": 2, "lowercase": True, "whitespace": False, "epsilon": False}
    yield sacrebleu_case("chrf", chrf(options), options, every, expected)


def nltk_cases(rng, count):
    """NLTK counts an n-gram of texts that have none, and U+001C to U+001F as characters in chrF, unlike sacreBLEU: texts of
    at least four words, without these."""
    separators = str.maketrans({point: " " for point in range(0x1C, 0x20)})
    for _ in range(count):
        texts, references = corpus(rng, ROWS)
        texts = [one.translate(separators) for one in texts]
        references = [[line.translate(separators) for line in one] for one in references]
        rows = [(one, expected) for one, expected in zip(texts, references)
                if min(len(line.split()) for line in [one, *expected]) >= 4]
        if not rows:
            continue
        texts, references = [list(one) for one in zip(*rows)]
        score = corpus_bleu([[line.split() for line in one] for one in references], [one.split() for one in texts])
        yield case("bleu-corpus", "nltk", {"smoothing": "none"}, {"texts": texts, "references": references}, [100 * score])
        numbers = [100 * sentence_chrf(expected[0], one) for one, expected in rows]
        yield case("chrf-rows", "nltk", {}, {"texts": texts, "references": [one[:1] for one in references]}, numbers)
    stemmer = PorterStemmer()
    for _ in range(20):
        every = words(rng, 500)
        yield case("porter", "nltk", {}, every, [], [stemmer.stem(one) for one in every])


def rouge_cases(rng, count):
    kinds = ["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"]
    for _ in range(count):
        stemming = rng.random() < 0.5
        scorer = RougeScorer(kinds, use_stemmer=stemming)
        texts, references = corpus(rng, 1, rng.choice(["english", "english", "german", "korean", "mixed"]))
        if rng.random() < 0.3:
            made = words(rng, 30)[12:]
            texts = [" ".join(rng.choices(made, k=15))]
            references = [[" ".join(rng.choices(made, k=15)) for _ in references[0]]]
        scores = scorer.score_multi(references[0], texts[0])
        yield case("rouge", "rouge-score", {"kinds": kinds, "stemming": stemming},
                   {"text": texts[0], "references": references[0]},
                   [number for kind in kinds for number in scores[kind]])


class AnswerTokens:
    """The words of an answer after the normalization of the SQuAD script, as a tokenizer of rouge-score."""

    def tokenize(self, text):
        plain = "".join(one for one in text.lower() if one not in string.punctuation)
        return re.sub(r"\b(a|an|the)\b", " ", plain).split()


def answer_cases(rng, count):
    """F1 of answers is ROUGE-1 of normalized words; where both sides are empty, SQuAD 2.0 gives 1."""
    tokens = AnswerTokens()
    scorer = RougeScorer(["rouge1"], tokenizer=tokens)
    for _ in range(count):
        texts, references = corpus(rng, 1)
        answer = rng.choice([" ".join(texts[0].split(" ")[:rng.randint(0, 5)]), rng.choice(references[0]), "the", "An a!"])
        expected = rng.choice([references[0], [" ".join(one.split(" ")[:rng.randint(0, 5)]) for one in references[0]], ["a"]])
        equal = [tokens.tokenize(answer) == tokens.tokenize(one) for one in expected]
        f1 = scorer.score_multi(expected, answer)["rouge1"].fmeasure
        yield case("answer", "rouge-score", {}, {"text": answer, "references": expected},
                   [any(equal), 1 if any(equal) else f1])


def class_cases(rng, count):
    for _ in range(count):
        classes = rng.choice([2, 2, 3, 5, 20])
        true, predicted = labels(rng, classes, rng.choice([1, 5, 30, 100]))
        every = range(classes)
        parts = precision_recall_fscore_support(true, predicted, labels=every, zero_division=0)
        averages = [f1_score(true, predicted, average=one, zero_division=0) for one in ("macro", "micro", "weighted")]
        yield case("classes", "scikit-learn", {"classes": classes}, {"labels": true, "predicted": predicted},
                   [accuracy_score(true, predicted), *averages, matthews_corrcoef(true, predicted),
                    *np.concatenate(parts), *confusion_matrix(true, predicted, labels=every).ravel()])


def probability_cases(rng, count):
    for _ in range(count):
        classes = rng.choice([2, 3, 6])
        true = [*range(classes), *(rng.randrange(classes) for _ in range(rng.choice([0, 10, 60])))]
        rows = probabilities(rng, true, classes)
        positive, scores = [label == 1 for label in true], [row[1] for row in rows]
        bins = rng.choice([1, 5, 10, 15])
        observed, means = calibration_curve(positive, scores, n_bins=bins)
        sizes = np.bincount(np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], scores), minlength=bins)
        sizes = sizes[sizes > 0]
        macro, weighted = roc_auc_score(positive, scores), roc_auc_score(positive, scores)
        if classes > 2:
            macro, weighted = (roc_auc_score(true, rows, multi_class="ovr", average=one) for one in ("macro", "weighted"))
        yield case("probabilities", "scikit-learn", {"bins": bins}, {"labels": true, "probabilities": rows},
                   [roc_auc_score(positive, scores), macro, weighted, brier_score_loss(positive, scores),
                    brier_score_loss(true, rows, labels=range(classes), scale_by_half=False),
                    np.average(np.abs(observed - means), weights=sizes), np.abs(observed - means).max(),
                    *sizes, *means, *observed])


def likelihood_cases(rng, count):
    """Perplexity of a bigram model with Laplace smoothing, and its entropy in bits for each byte."""
    for _ in range(count):
        style = rng.choice(list(WORDS))
        texts = [one.split() for one in corpus(rng, 40, style)[0]]
        train, vocabulary = padded_everygram_pipeline(2, texts[:30])
        model = Laplace(2)
        model.fit(train, vocabulary)
        rows = []
        for one in texts[30:]:
            pairs = list(zip(["<s>", *one], [*one, "</s>"]))
            rows.append({"pairs": pairs, "bytes": len(" ".join(one).encode()) + 1})
        pairs = [pair for row in rows for pair in row["pairs"]]
        nats = [-np.log(2) * sum(model.logscore(second, [first]) for first, second in row["pairs"]) for row in rows]
        inverse = [1 / model.score(second, [first]) for first, second in pairs]
        bits = model.entropy(pairs) * len(pairs) / sum(row["bytes"] for row in rows)
        given = [{"nats": one, "tokens": len(row["pairs"]), "bytes": row["bytes"]} for one, row in zip(nats, rows)]
        yield case("likelihood", "nltk", {}, given, [model.perplexity(pairs), np.log(2) * model.entropy(pairs), bits])
        yield case("likelihood", "scipy", {}, given, [gmean(inverse), np.log(gmean(inverse)), bits])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.cases < 100:
        parser.error(f"--cases {arguments.cases}: at least 100")
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore")
    rng = random.Random(arguments.seed)
    share = arguments.cases // 20
    with open(arguments.file, "w", encoding="utf-8") as file:
        for made in (text_cases(rng, 5 * share), nltk_cases(rng, share), rouge_cases(rng, 3 * share),
                     answer_cases(rng, 2 * share), class_cases(rng, share), probability_cases(rng, share),
                     likelihood_cases(rng, max(1, share // 5)), interval_cases(rng, share), bootstrap_cases(rng, max(6, share * 2 // 5))):
            for one in made:
                file.write(json.dumps(one) + "\n")


if __name__ == "__main__":
    main()
