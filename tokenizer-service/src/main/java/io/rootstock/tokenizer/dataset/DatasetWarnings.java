package io.rootstock.tokenizer.dataset;

import io.rootstock.service.Errors;
import io.rootstock.tokenizer.split.SplitDataset;
import io.rootstock.tokenizer.split.SplitName;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Findings about a dataset that do not prevent training, and one that makes its measurements meaningless. */
final class DatasetWarnings {
    private static final int SHOWN_LABELS = 10;

    /**
     * Tokens per character of a tokenizer that splits many characters into bytes. GPT-4's (cl100k) takes 0.2 for English
     * and 1.0 to 1.1 for Korean, Chinese and Japanese; SmolLM2's, trained on English, 0.2 and 1.8 to 2.1 (decision 0109).
     */
    private static final double MAX_TOKENS_PER_CHARACTER = 1.25;

    private final Dataset.Builder dataset;
    private final List<String> warnings = new ArrayList<>();

    private DatasetWarnings(Dataset.Builder dataset) {
        this.dataset = dataset;
    }

    /**
     * Returns the warnings.
     *
     * @param dataset the dataset with labels and splits
     * @param rows number of accepted rows of each source
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if no label of a held-out split is a training label
     */
    static List<String> of(
            Dataset.Builder dataset,
            PrepareDatasetRequest request,
            SplitDataset splits,
            List<Long> rows,
            long truncatedRows,
            int maxTokens) {
        DatasetWarnings found = new DatasetWarnings(dataset);
        for (int source = 0; source < rows.size(); source++) {
            if (rows.get(source) == 0) {
                found.add("source '" + request.getSources(source).getName() + "' has no rows; check its file");
            }
        }
        if (truncatedRows > 0) {
            found.add(truncatedRows + (truncatedRows == 1 ? " row was" : " rows were") + " truncated to max_tokens "
                    + maxTokens + "; raise it to keep the whole text");
        }
        for (int source = 0; source < rows.size(); source++) {
            found.unsuitableTokenizer(
                    request.getSources(source).getName(),
                    splits.textTokens(source),
                    splits.splits().get(source).get(SplitName.TRAIN).characters());
        }
        for (SplitStatistics split : dataset.getSplitsList()) {
            if (split.getRows() == 0
                    && SplitName.of(split.getSplit()).map(splits::assigns).orElse(false)) {
                found.add("the " + split.getSplit() + " split has no rows; use more rows or a larger fraction");
            }
        }
        if (dataset.getLabelsCount() > 0) {
            found.labels();
        }
        return found.warnings;
    }

    private void unsuitableTokenizer(String source, long textTokens, long characters) {
        if (textTokens > MAX_TOKENS_PER_CHARACTER * characters) {
            add(String.format(
                    Locale.ROOT,
                    "source '%s' has %.1f tokens per character: the tokenizer splits many characters into bytes, which costs"
                            + " time and context; use a tokenizer trained on this language, or a base with one",
                    source,
                    (double) textTokens / characters));
        }
    }

    private void labels() {
        long[] total = new long[dataset.getLabelsCount()];
        dataset.getSplitsList()
                .forEach(split -> IntStream.range(0, total.length)
                        .forEach(label -> total[label] += split.getRowsPerLabel(label)));
        addLabels("one row only, too few to learn and to test", i -> total[i] == 1);
        SplitStatistics train = split(SplitName.TRAIN);
        for (SplitName name : List.of(SplitName.VALIDATION, SplitName.TEST)) {
            SplitStatistics split = split(name);
            if (split.getRows() == 0) {
                continue;
            }
            long unseen = IntStream.range(0, total.length)
                    .filter(label -> train.getRowsPerLabel(label) == 0)
                    .mapToLong(split::getRowsPerLabel)
                    .sum();
            if (unseen == split.getRows()) {
                throw Errors.invalidArgument(
                        "sources",
                        "no label of the " + name.key() + " split occurs in the training split (for example '"
                                + firstLabel(split) + "'); write labels alike in all files");
            }
            addLabels(
                    "rows in the " + name.key() + " split (" + unseen + " rows) but none in the training split",
                    i -> train.getRowsPerLabel(i) == 0 && split.getRowsPerLabel(i) > 0);
            addLabels("no row in the " + name.key() + " split", i -> total[i] > 1 && split.getRowsPerLabel(i) == 0);
        }
    }

    private SplitStatistics split(SplitName name) {
        return dataset.getSplitsList().stream()
                .filter(split -> split.getSplit().equals(name.key()))
                .findFirst()
                .orElseThrow();
    }

    private String firstLabel(SplitStatistics split) {
        return IntStream.range(0, dataset.getLabelsCount())
                .filter(label -> split.getRowsPerLabel(label) > 0)
                .mapToObj(dataset::getLabels)
                .findFirst()
                .orElse("");
    }

    /** Adds a warning that names the labels with a property, if there are any. */
    private void addLabels(String property, IntPredicate has) {
        List<String> labels = IntStream.range(0, dataset.getLabelsCount())
                .filter(has)
                .mapToObj(dataset::getLabels)
                .toList();
        if (labels.isEmpty()) {
            return;
        }
        int more = labels.size() - SHOWN_LABELS;
        add((labels.size() == 1 ? "1 class has " : labels.size() + " classes have ") + property + ": "
                + String.join(", ", labels.subList(0, Math.min(SHOWN_LABELS, labels.size())))
                + (more > 0 ? " and " + more + " more" : ""));
    }

    private void add(String warning) {
        warnings.add(warning);
    }
}
