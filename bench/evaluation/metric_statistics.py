"""Cases of intervals, tests and bootstrap comparisons for metric_peers.py, with the values of SciPy.

The resamples of a bootstrap are those of java.util.SplittableRandom (SplitMix64), so that both sides score the same ones;
the peers' own functions score them.
"""

from itertools import combinations
from types import SimpleNamespace

import numpy as np
from metric_texts import corpus, edited, labels
from sacrebleu.metrics import BLEU, CHRF
from scipy import optimize, stats
from sklearn.metrics import f1_score, roc_auc_score

CONFIDENCES = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999]


def case(kind, peer, options, given, numbers, texts=()):
    """A case as io.rootstock.bench.evaluation.MetricParity reads it; numbers and texts are the peer's values."""
    return {"kind": kind, "peer": peer, "options": options, "input": given,
            "numbers": [float(number) for number in numbers], "texts": list(texts)}


def closed_testing(values):
    """Holm's adjusted p-values by their definition: the largest Bonferroni p-value of a set of tests with the test."""
    tests = range(len(values))
    sets = [one for size in range(1, len(values) + 1) for one in combinations(tests, size)]
    return [max(min(1, len(one) * min(values[other] for other in one)) for one in sets if test in one) for test in tests]


def connor(effect, discordant, level, power):
    """Rows that Connor's formula (1987) needs to detect an effect."""
    upper, lower = stats.norm.isf(level / 2), stats.norm.ppf(power)
    return ((upper * np.sqrt(discordant) + lower * np.sqrt(discordant - effect ** 2)) / effect) ** 2


def interval_cases(rng, count):
    for _ in range(count):
        confidence = rng.choice(CONFIDENCES)
        first, second = (rng.choice([0, 1, rng.randint(0, 40), rng.randint(0, 3000)]) for _ in range(2))
        p = stats.binomtest(first, first + second, 0.5).pvalue if first + second else 1
        yield case("mcnemar", "scipy", {}, [first, second], [p])

        rows = rng.choice([1, 10, rng.randint(1, 100), rng.randint(100, 10000)])
        successes = rng.choice([0, rows, rng.randint(0, rows)])
        share = successes / rows
        wilson = stats.binomtest(successes, rows).proportion_ci(confidence, "wilson")
        error = np.sqrt(share * (1 - share) / rows)
        normal = stats.norm.interval(confidence, share, error) if error else (share, share)
        yield case("proportion", "scipy", {"confidence": confidence}, [successes, rows],
                   [*wilson, *np.clip(normal, 0, 1)])

        values = [rng.choice([0, 1, 0.5, rng.gauss(3, 2)]) for _ in range(rng.randint(2, 200))]
        error = stats.sem(values)
        normal = stats.norm.interval(confidence, np.mean(values), error) if error else [np.mean(values)] * 2
        yield case("mean", "scipy", {"confidence": confidence}, values, [np.mean(values), error, *normal])

        several = [rng.choice([rng.random(), rng.random() / 50, 0.01]) for _ in range(rng.randint(1, 7))]
        yield case("holm", "closed testing", {}, several, closed_testing(several))

        level, power, error = rng.choice([0.05, 0.01, 0.1]), rng.choice([0.8, 0.9, 0.5]), rng.random() + 0.01
        effect = (stats.norm.isf(level / 2) + stats.norm.ppf(power)) * error
        upper, true = stats.norm.isf(level / 2), rng.uniform(0, 4) * error
        found = stats.norm.sf(upper, true / error) + stats.norm.cdf(-upper, true / error)
        rows, discordant = rng.randint(200, 5000), rng.choice([0.1, 0.3, 0.9])
        shares = optimize.brentq(lambda one: connor(one, discordant, level, power) - rows, 1e-6, discordant, xtol=1e-13)
        yield case("effect", "scipy", {"level": level, "power": power}, [error, true, rows, discordant],
                   [effect, found, shares])


def mixed(seed, count):
    """The first outputs of SplittableRandom.nextLong()."""
    with np.errstate(over="ignore"):
        state = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return state ^ (state >> np.uint64(31))


def draws(seed, units, resamples):
    """Units of each resample, [resamples, units]: the upper half of the product of a random number and their number."""
    numbers, size = mixed(seed, units * resamples), np.uint64(units)
    low = (numbers & np.uint64(0xFFFFFFFF)) * size >> np.uint64(32)
    return ((numbers >> np.uint64(32)) * size + low >> np.uint64(32)).astype(int).reshape(resamples, units)


def compared(first, second, rows, clusters, options):
    """Scores, error, interval and p-value of the difference; first and second score a list of rows."""
    members = [[row for row in range(rows) if clusters[row] == one] for one in range(max(clusters) + 1)]
    samples = [[row for one in drawn for row in members[one]]
               for drawn in draws(options["seed"], len(members), options["resamples"])]
    differences = np.array([second(sample) - first(sample) for sample in samples])
    differences = differences[~np.isnan(differences)]
    scores = first(range(rows)), second(range(rows))
    difference = scores[1] - scores[0]
    result = stats.bootstrap((np.arange(2.0),), np.mean, n_resamples=0, method="percentile",
                             confidence_level=options["confidence"],
                             bootstrap_result=SimpleNamespace(bootstrap_distribution=differences))
    large = np.abs(differences - difference) >= np.abs(difference) * (1 - 1e-9)
    p = (1 + large.sum()) / (1 + len(differences))
    return [*scores, difference, result.standard_error, *result.confidence_interval, p, len(differences)]


def text_systems(rng, metric, rows):
    """Two systems' texts, one nearer to the references, and scores from the sums of sacreBLEU's statistics."""
    first, references = corpus(rng, rows, "english", 2)
    second = [edited(rng, rng.choice([text, one[0]])) for text, one in zip(first, references)]

    def score(texts):
        statistics = np.array([metric._extract_corpus_statistics([text], [[line] for line in one])[0]
                               for text, one in zip(texts, references)])
        return lambda sample: metric._compute_score_from_stats(list(statistics[list(sample)].sum(0))).score

    return {"first": first, "second": second, "references": references}, score(first), score(second)


def class_systems(rng, rows):
    true, first = labels(rng, 4, rows)
    second = [label if rng.random() < 0.2 else one for label, one in zip(true, first)]

    def score(predicted):
        true_array, array = np.array(true), np.array(predicted)
        return lambda sample: f1_score(true_array[list(sample)], array[list(sample)], average="macro", zero_division=0)

    return {"labels": true, "first": first, "second": second}, score(first), score(second)


def area_systems(rng, rows):
    positive = [rng.random() < 0.4 for _ in range(rows - 2)] + [True, False]
    first = [rng.choice([rng.random(), 0.5]) + 0.2 * one for one in positive]
    second = [value + rng.random() * one for value, one in zip(first, positive)]

    def score(values):
        array, true = np.array(values), np.array(positive)
        return lambda sample: roc_auc_score(true[list(sample)], array[list(sample)])

    return {"positive": positive, "first": first, "second": second}, score(first), score(second)


def likelihood_systems(rng, rows):
    bytes_ = [rng.randint(1, 200) for _ in range(rows)]
    first = [rng.uniform(0.3, 1.5) * one for one in bytes_]
    second = [value * rng.uniform(0.9, 1.08) for value in first]

    def score(nats):
        sums = np.array([nats, bytes_])
        return lambda sample: sums[0, list(sample)].sum() / np.log(2) / sums[1, list(sample)].sum()

    return {"bytes": bytes_, "first": first, "second": second}, score(first), score(second)


def mean_systems(rng, rows):
    first = [rng.choice([0, 1, 0.5]) for _ in range(rows)]
    second = [rng.choice([value, value, 1]) for value in first]

    def score(values):
        array = np.array(values, dtype=float)
        return lambda sample: array[list(sample)].mean()

    return {"first": first, "second": second}, score(first), score(second)


def bootstrap_cases(rng, count):
    """Every tenth comparison of texts has 10,000 resamples, the others 200."""
    for at in range(count):
        metric = ["bleu", "chrf", "macro F1", "ROC area", "bits per byte", "mean"][at % 6]
        rows = rng.randint(12, 50)
        given, first, second = {
            "bleu": lambda: text_systems(rng, BLEU(), rows),
            "chrf": lambda: text_systems(rng, CHRF(word_order=2), rows),
            "macro F1": lambda: class_systems(rng, rows),
            "ROC area": lambda: area_systems(rng, rows),
            "bits per byte": lambda: likelihood_systems(rng, rows),
            "mean": lambda: mean_systems(rng, rows),
        }[metric]()
        clustered = rng.random() < 0.4
        clusters = [row // 3 if clustered else row for row in range(rows)]
        peer = {"bleu": "sacrebleu", "chrf": "sacrebleu", "macro F1": "scikit-learn", "ROC area": "scikit-learn"}
        long = metric in ("bleu", "chrf", "mean") and at % 60 < 6
        options = {"metric": metric, "seed": rng.randint(0, 2 ** 40), "resamples": 10000 if long else 200,
                   "confidence": rng.choice(CONFIDENCES[1:5]), "clusters": clusters}
        yield case("bootstrap", peer.get(metric, "numpy") + ", scipy", options, given,
                   compared(first, second, rows, clusters, options))
