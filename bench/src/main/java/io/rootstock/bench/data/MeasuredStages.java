package io.rootstock.bench.data;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.duplicate.MinHash;
import io.rootstock.corpus.duplicate.MinHashParameters;
import io.rootstock.corpus.engine.job.NearDuplicates;
import io.rootstock.corpus.html.HtmlExtractor;
import io.rootstock.corpus.html.HtmlSettings;
import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.worker.step.RecipeSteps;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** CPU throughput of stages on one thread of this process. */
final class MeasuredStages {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final double WARM_UP_SECONDS = 2;
    private static final double ROUND_SECONDS = 0.5;

    private final Path folder;
    private final StageDocuments documents;

    MeasuredStages(Path folder, StageDocuments documents) {
        this.folder = folder;
        this.documents = documents;
    }

    /** Creates a step as a recipe of the folder states it: {@code "pii-masking"}, {@code "language: {languages: [en]}"}. */
    DocumentStep step(String yaml) throws IOException {
        String recipe = "version: 1\nsources:\n- {name: none, files: none.jsonl}\nsteps:\n- " + yaml + "\n";
        Recipe read = new RecipeReader(RecipeSteps.kinds())
                .read("recipe.yaml", new ByteArrayInputStream(recipe.getBytes(StandardCharsets.UTF_8)));
        return new RecipeSteps()
                .create(RecipeSteps.describe(read.steps().getFirst(), InputRoots.of(folder, List.of(folder)), _ -> {}))
                .orElseThrow();
    }

    /** Outcomes of a step, one for each document. */
    List<Outcome> outcomes(DocumentStep step) {
        return documents.documents().stream().map(step::apply).toList();
    }

    /** Texts of the pages. */
    List<String> extracted() {
        HtmlExtractor extractor = new HtmlExtractor(HtmlSettings.DEFAULT);
        return documents.pages().stream().map(extractor::extract).toList();
    }

    /** Prepares the measurement of a step. */
    Rounds rounds(DocumentStep step) {
        return new Rounds(() -> {
            long kept = 0;
            for (Document document : documents.documents()) {
                kept += step.apply(document) instanceof Outcome.Kept ? 1 : 0;
            }
            return kept;
        });
    }

    /** Prepares the measurement of text extraction from all pages. */
    Rounds extraction() {
        HtmlExtractor extractor = new HtmlExtractor(HtmlSettings.DEFAULT);
        return new Rounds(() -> {
            long length = 0;
            for (String page : documents.pages()) {
                length += extractor.extract(page).length();
            }
            return length;
        });
    }

    /** Prepares the measurement of MinHash signatures and bands of all documents. */
    Rounds signatures() {
        MinHashParameters parameters = NearDuplicates.DEFAULT.minHash();
        MinHash minHash = new MinHash(parameters);
        long[] lanes = new long[parameters.lanes()];
        long[] hashes = new long[parameters.bands()];
        return new Rounds(() -> {
            long sum = 0;
            for (Document document : documents.documents()) {
                if (minHash.sign(document.text(), lanes)) {
                    minHash.bands(lanes, hashes);
                    sum += hashes[0];
                }
            }
            return sum;
        });
    }

    /** A pass over all documents; its value only keeps the work from being optimised away. */
    @FunctionalInterface
    private interface Pass {
        long run();
    }

    /** Rounds of one stage, after a warm-up. */
    static final class Rounds {
        private final Pass pass;
        private long value;

        private Rounds(Pass pass) {
            this.pass = pass;
            long begin = THREADS.getCurrentThreadCpuTime();
            do {
                value += pass.run();
            } while (since(begin) < WARM_UP_SECONDS);
        }

        /** Returns the CPU seconds of one pass, the mean of a round of several. */
        double next() {
            long begin = THREADS.getCurrentThreadCpuTime();
            int passes = 0;
            do {
                value += pass.run();
                passes++;
            } while (since(begin) < ROUND_SECONDS);
            return since(begin) / passes;
        }

        /** Sum of the values of all passes. */
        long value() {
            return value;
        }
    }

    private static double since(long begin) {
        return (THREADS.getCurrentThreadCpuTime() - begin) / 1e9;
    }

    /** Median of some values. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
