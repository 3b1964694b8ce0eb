package io.rootstock.cli.display;

import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.RefusedRow;
import io.rootstock.tokenizer.v1.RowPlace;
import io.rootstock.tokenizer.v1.SourceStatistics;
import io.rootstock.tokenizer.v1.SplitStatistics;
import java.util.ArrayList;
import java.util.List;

/** What a dataset holds: its mixture, its splits, its classes, rows in two splits and refused rows. */
public final class MixtureTable {
    private static final int SHOWN_ROWS = 5;

    private MixtureTable() {}

    /**
     * The mixture: bytes, tokens and weight of each source, and how often a run reads it.
     *
     * @param trainingTokens tokens of the run; 0: one pass over all sources together
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

    /** The splits; loss tokens where the loss is on tokens. */
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

    /** Rows of each class and split. */
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

    /** Held-out rows that are in another split too; no line where there is none. */
    static List<String> duplicates(Dataset dataset) {
        if (dataset.getDuplicateRowCount() == 0) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("  warning: %d held-out rows are in another split too (all are kept), such as:"
                .formatted(dataset.getDuplicateRowCount()));
        dataset.getDuplicateRowsList().stream()
                .limit(SHOWN_ROWS)
                .map(row -> "    %s is also %s".formatted(place(row.getRow()), place(row.getSameAs())))
                .forEach(lines::add);
        return lines;
    }

    private static String place(RowPlace row) {
        return "%s %s:%d".formatted(row.getSplit(), row.getFile(), row.getLine());
    }

    /** Prints everything about a dataset. */
    public static void print(Dataset dataset, Console console) {
        console.print("%s  %s, tokenizer %s, sha256 %s"
                .formatted(
                        dataset.getName(),
                        Labels.of(dataset.getKind()),
                        dataset.getTokenizer(),
                        Format.digest(dataset.getDigest())));
        sources(dataset, 0).print(console);
        console.print("");
        splits(dataset).print(console);
        if (dataset.getLabelsCount() > 0) {
            console.print("");
            classes(dataset).print(console);
        }
        duplicates(dataset).forEach(console::print);
        if (dataset.getRefusedRowCount() > 0) {
            console.print("");
            console.print("  %d rows refused, such as:".formatted(dataset.getRefusedRowCount()));
            for (RefusedRow row :
                    dataset.getRefusedRowsList().stream().limit(SHOWN_ROWS).toList()) {
                console.print("    %s:%d  %s".formatted(row.getFile(), row.getLine(), row.getReason()));
            }
        }
    }
}
