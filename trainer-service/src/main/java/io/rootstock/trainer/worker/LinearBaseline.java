package io.rootstock.trainer.worker;

import io.rootstock.dataset.DatasetManifest;
import io.rootstock.evaluation.baseline.LabelledText;
import io.rootstock.evaluation.baseline.LinearClassifier;
import io.rootstock.evaluation.metric.classes.ConfusionMatrix;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.data.RowTexts;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Logistic regression on hashed n-grams, trained and evaluated on the rows of a classification run: what a model must
 * exceed to be useful. Depends on the dataset only.
 */
final class LinearBaseline {
    /** Prefix of the metrics on the rows of a validation during training. */
    static final String SAMPLE = "validation sample";

    private static final long SEED = 1;

    private LinearBaseline() {}

    /** Returns linear_accuracy and linear_macro_f1 by split, such as {@code test.linear_accuracy}. */
    static Map<String, Double> metrics(PreparedRun run, Map<String, Corpus> splits) {
        RowTexts texts = new RowTexts(run.tokenizerFiles());
        int classes = run.plan().classes();
        Corpus train = splits.get(DatasetManifest.TRAIN);
        List<LabelledText> rows =
                texts.labelled(train, train.rowsOf(RowTexts.BASELINE_TOKENS)).toList();
        LinearClassifier model = LinearClassifier.train(rows, classes, SEED);
        Map<String, Double> metrics = new HashMap<>();
        for (String split : List.of(DatasetManifest.VALIDATION, DatasetManifest.TEST)) {
            metrics.putAll(metrics(model, classes, texts, splits.get(split), Integer.MAX_VALUE, split));
        }
        Corpus validation = splits.get(DatasetManifest.VALIDATION);
        metrics.putAll(metrics(model, classes, texts, validation, Evaluator.SAMPLED_ROWS, SAMPLE));
        return metrics;
    }

    private static Map<String, Double> metrics(
            LinearClassifier model, int classes, RowTexts texts, Corpus corpus, int mostRows, String prefix) {
        ConfusionMatrix matrix = new ConfusionMatrix(classes);
        texts.labelled(corpus, mostRows).forEach(row -> matrix.add(row.label(), model.classify(row.text())));
        return matrix.rows() == 0
                ? Map.of()
                : Map.of(prefix + ".linear_accuracy", matrix.accuracy(), prefix + ".linear_macro_f1", matrix.macroF1());
    }

    /** Describes the accuracy for users; empty without held-out rows. */
    static Optional<String> message(Map<String, Double> metrics) {
        return accuracy(metrics, DatasetManifest.VALIDATION)
                .or(() -> accuracy(metrics, DatasetManifest.TEST))
                .map(accuracy ->
                        "linear baseline (logistic regression on hashed words and character n-grams): " + accuracy);
    }

    /** Compares a model's accuracy on a split; empty unless it is below the baseline's. */
    static Optional<String> warning(String split, double accuracy, Map<String, Double> metrics) {
        return Optional.ofNullable(metrics.get("linear_accuracy"))
                .filter(linear -> accuracy < linear)
                .map(linear -> String.format(
                        Locale.ROOT,
                        "warning: %s accuracy %.3f is below the %.3f of the linear baseline",
                        split,
                        accuracy,
                        linear));
    }

    private static Optional<String> accuracy(Map<String, Double> metrics, String split) {
        return Optional.ofNullable(metrics.get(split + ".linear_accuracy"))
                .map(accuracy -> String.format(Locale.ROOT, "%s accuracy %.3f", split, accuracy));
    }
}
