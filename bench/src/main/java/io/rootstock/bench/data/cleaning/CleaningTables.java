package io.rootstock.bench.data.cleaning;

import io.rootstock.corpus.engine.count.StepCounts;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.dataset.DatasetManifest;
import java.util.Locale;

/** Tables of the corpus, the steps and the runs on standard output. */
final class CleaningTables {
    private CleaningTables() {}

    static void corpus(DirtyCorpus corpus) {
        long bytes = corpus.bytes();
        System.out.printf(Locale.ROOT, "%n%-36s %9s %8s %7s%n", "raw corpus", "documents", "MB", "share");
        long junk = 0;
        for (JunkKind kind : JunkKind.values()) {
            long documents = corpus.documents().stream()
                    .filter(document -> document.bytes(kind) > 0)
                    .count();
            row(kind.label(), documents, corpus.bytes(kind), bytes);
            junk += corpus.bytes(kind);
        }
        row(
                "all junk",
                corpus.documents().stream()
                        .filter(document -> document.cleanBytes() < document.bytes())
                        .count(),
                junk,
                bytes);
        row(
                "clean text",
                corpus.documents().stream()
                        .filter(document -> document.cleanBytes() > 0)
                        .count(),
                bytes - junk,
                bytes);
        row("all", corpus.documents().size(), bytes, bytes);
    }

    private static void row(String name, long documents, long part, long all) {
        System.out.printf(Locale.ROOT, "%-36s %9d %8.3f %6.2f%%%n", name, documents, part / 1e6, 100.0 * part / all);
    }

    static void steps(Side side, CorpusReport report) {
        System.out.printf("%nrecipe of the side %s:%s%n", side.label(), side.steps());
        System.out.printf(
                "%n%-18s %9s %9s %9s %9s  %s%n",
                "step", "documents", "left", "MB", "left", "removed documents, changes");
        for (StepCounts step : report.steps()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %9d %9d %9.3f %9.3f  %s%n",
                    step.step(),
                    step.documentsIn(),
                    step.documentsOut(),
                    step.bytesIn() / 1e6,
                    step.bytesOut() / 1e6,
                    (step.removed().isEmpty() ? "" : step.removed())
                            + (step.edits().isEmpty() ? "" : " " + step.edits()));
        }
    }

    static void removedDocuments(RemovedDocuments removed) {
        System.out.printf("%n%-18s %-46s %8s %8s %8s%n", "removed by", "rule", "junk MB", "clean MB", "of clean");
        removed.rows()
                .forEach(row -> System.out.printf(
                        Locale.ROOT,
                        "%-18s %-46s %8.3f %8.3f %7.2f%%%n",
                        row.step(),
                        row.rule(),
                        row.junkBytes() / 1e6,
                        row.cleanBytes() / 1e6,
                        100.0 * row.cleanBytes() / removed.cleanBytes()));
    }

    static void removal(Removal removal) {
        System.out.printf("%n%-36s %9s %9s %8s%n", "by the planted truth", "MB", "left", "removed");
        removal.rows()
                .forEach((name, amount) -> System.out.printf(
                        Locale.ROOT,
                        "%-36s %9.3f %9.3f %7.2f%%%n",
                        name,
                        amount.before() / 1e6,
                        amount.left() / 1e6,
                        100 * amount.removed()));
    }

    static void datasets(Datasets datasets, Setup setup) {
        System.out.printf(
                "%none tokenizer of %d tokens, trained on the raw corpus; budget %d tokens, depth %d%n",
                Datasets.VOCABULARY, setup.tokens(), setup.depth());
        System.out.printf("%-10s %9s %9s %12s %16s%n", "dataset", "documents", "MB", "tokens", "epochs of budget");
        for (Side side : Side.values()) {
            DatasetManifest.Split split = datasets.outcomes().get(side).split();
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %9d %9.3f %12d %16.2f%n",
                    side.label(),
                    split.rows(),
                    split.bytes() / 1e6,
                    split.tokens(),
                    (double) setup.tokens() / split.tokens());
        }
        DatasetManifest.Split heldOut = datasets.heldOut().split();
        System.out.printf(
                Locale.ROOT,
                "%-10s %9d %9.3f %12d%n%n",
                "held out",
                heldOut.rows(),
                heldOut.bytes() / 1e6,
                heldOut.tokens());
    }

    static void point(Point point) {
        System.out.printf(
                Locale.ROOT,
                "%-8s seed %d: %.4f bits per byte, training loss %.3f, %d steps, %d tokens, %.2f M parameters,"
                        + " learning rate %.2e, %.0f CPU s%n",
                point.side().label(),
                point.seed(),
                point.bitsPerByte(),
                point.loss(),
                point.steps(),
                point.tokens(),
                point.parameters() / 1e6,
                point.learningRate(),
                point.cpuSeconds());
    }

    static void pairs(PairedRuns runs) {
        System.out.printf("%n%-6s %10s %10s %12s%n", "seed", "raw", runs.side().label(), "difference");
        for (PairedRuns.Pair pair : runs.pairs()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-6d %10.4f %10.4f %+12.4f%n",
                    pair.raw().seed(),
                    pair.raw().bitsPerByte(),
                    pair.cleaned().bitsPerByte(),
                    pair.difference());
        }
        System.out.printf(
                Locale.ROOT,
                "%-6s %10.4f %10.4f %+12.4f, interval of 95 %% over seeds %+.4f to %+.4f (Student's t)%n",
                "mean",
                runs.rawMean(),
                runs.cleanedMean(),
                runs.difference().mean(),
                runs.interval().low(),
                runs.interval().high());
    }

    /** Prints the figures as key=value lines; the keys of the adapted recipe begin with its name. */
    static void figures(PairedRuns runs, Removal removal) {
        String prefix = runs.side() == Side.CLEANED ? "" : runs.side().label() + "_";
        System.out.printf(
                Locale.ROOT,
                """

                %1$sbits_per_byte_raw=%2$.4f
                %1$sbits_per_byte_cleaned=%3$.4f
                %1$sdifference=%4$.4f
                %1$sdifference_low=%5$.4f
                %1$sdifference_high=%6$.4f
                %1$sseeds=%7$d
                %1$sjunk_removed=%8$.4f
                %1$sclean_removed=%9$.4f
                """,
                prefix,
                runs.rawMean(),
                runs.cleanedMean(),
                runs.difference().mean(),
                runs.interval().low(),
                runs.interval().high(),
                runs.pairs().size(),
                removal.allJunk().removed(),
                removal.allClean().removed());
    }
}
