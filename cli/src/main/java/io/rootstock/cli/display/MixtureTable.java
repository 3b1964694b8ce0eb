package io.rootstock.cli.display;

import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.RefusedRow;
import io.rootstock.tokenizer.v1.RowPlace;
import io.rootstock.tokenizer.v1.SourceShape;
import io.rootstock.tokenizer.v1.SourceStatistics;
import io.rootstock.tokenizer.v1.SplitStatistics;
import java.util.ArrayList;
import java.util.List;

/** Tables of a dataset: sources, splits, classes, warnings, duplicate rows and rejected rows. */
public final class MixtureTable {
    private static final int SHOWN_ROWS = 5;

    private MixtureTable() {}

    /**
     * Bytes, tokens, weight and epochs of each source.
     *
     * @param trainingTokens tokens of the run, which determine the epochs; 0: the tokens of all sources
     */
    public static Table sources(Dataset dataset, long trainingTokens) {
        long all = dataset.getSourcesList().stream()
                .mapToLong(SourceStatistics::getTokens)
                .sum();
        double budget = trainingTokens > 0 ? trainingTokens : all;
        Table table = new Table("source", "rows", "bytes", "tokens", "bytes/token", "weight", "epochs");
        for (SourceStatistics source : dataset.getSourcesList()) {
            double tokens = Math.max(1, source.getTokens());
            table.row(
                    source.getName(),
                    Format.count(source.getRows()),
                    Format.bytes(source.getBytes()),
                    Format.count(source.getTokens()),
                    source.getTextTokens() == 0
                            ? "-"
                            : Format.fixed((double) source.getBytes() / source.getTextTokens(), 2),
                    Format.fixed(source.getWeight(), 3),
                    Format.fixed(budget * source.getWeight() / tokens, 2));
        }
        return table;
    }

    /** Rows, bytes and tokens of each split; loss tokens except for classification. */
    public static Table splits(Dataset dataset) {
        List<String> header = new ArrayList<>(List.of("split", "rows", "bytes", "tokens"));
        boolean lossTokens = dataset.getKind() != DatasetKind.DATASET_KIND_CLASSIFICATION;
        if (lossTokens) {
            header.add("loss tokens");
        }
        Table table = new Table(header.toArray(String[]::new));
        for (SplitStatistics split : dataset.getSplitsList()) {
            List<Object> row = new ArrayList<>(List.of(
                    split.getSplit(),
                    Format.count(split.getRows()),
                    Format.bytes(split.getBytes()),
                    Format.count(split.getTokens())));
            if (lossTokens) {
                row.add(Format.count(split.getLossTokens()));
            }
            table.row(row.toArray());
        }
        return table;
    }

    /** Rows of each class by split. */
    public static Table classes(Dataset dataset) {
        List<String> header = new ArrayList<>(List.of("class"));
        dataset.getSplitsList().forEach(split -> header.add(split.getSplit()));
        Table table = new Table(header.toArray(String[]::new));
        for (int label = 0; label < dataset.getLabelsCount(); label++) {
            List<Object> row = new ArrayList<>(List.of(dataset.getLabels(label)));
            for (SplitStatistics split : dataset.getSplitsList()) {
                row.add(label < split.getRowsPerLabelCount() ? split.getRowsPerLabel(label) : 0L);
            }
            table.row(row.toArray());
        }
        return table;
    }

    /** Warning about held-out rows that are also in another split; empty if there are none. */
    static List<String> duplicates(Dataset dataset) {
        if (dataset.getDuplicateRowCount() == 0) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("warning: %d held-out rows are duplicates of rows in another split (not removed), for example:"
                .formatted(dataset.getDuplicateRowCount()));
        dataset.getDuplicateRowsList().stream()
                .limit(SHOWN_ROWS)
                .map(row -> "  %s duplicates %s".formatted(place(row.getRow()), place(row.getSameAs())))
                .forEach(lines::add);
        return lines;
    }

    private static String place(RowPlace row) {
        return "%s %s:%d".formatted(row.getSplit(), row.getFile(), row.getLine());
    }

    /** Line about the shape of a source: {@code rows.jsonl  shape: sharegpt (rows 1-100 have ...)}. */
    public static String shape(SourceShape shape) {
        return "%s  shape: %s (%s)"
                .formatted(shape.getFile(), Labels.of(shape.getShape()).replace(' ', '-'), shape.getReason());
    }

    /** Prints all tables of a dataset. */
    public static void print(Dataset dataset, Console console) {
        console.print("%s  %s, tokenizer %s, sha256 %s"
                .formatted(
                        dataset.getName(),
                        Labels.of(dataset.getKind()),
                        dataset.getTokenizer(),
                        Format.digest(dataset.getDigest())));
        dataset.getShapesList().forEach(shape -> console.print(shape(shape)));
        sources(dataset, 0).print(console);
        console.print("");
        splits(dataset).print(console);
        if (dataset.getLabelsCount() > 0) {
            console.print("");
            classes(dataset).print(console);
        }
        if (dataset.getWarningsCount() > 0) {
            console.print("");
            dataset.getWarningsList().forEach(warning -> console.print("warning: " + warning));
        }
        duplicates(dataset).forEach(console::print);
        if (dataset.getRefusedRowCount() > 0) {
            console.print("");
            console.print(Format.counted(dataset.getRefusedRowCount(), "row") + " rejected, for example:");
            for (RefusedRow row :
                    dataset.getRefusedRowsList().stream().limit(SHOWN_ROWS).toList()) {
                console.print("  %s:%d  %s".formatted(row.getFile(), row.getLine(), row.getReason()));
            }
        }
    }
}
