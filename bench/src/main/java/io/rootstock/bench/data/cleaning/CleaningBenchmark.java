package io.rootstock.bench.data.cleaning;

import io.rootstock.bench.TextRun;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Compares pre-trainings on a corpus with 30 % planted junk and on the same corpus after cleaning by two recipes: equal model,
 * token budget and seeds, bits per byte of clean held-out text. Prints {@code bits_per_byte_raw= bits_per_byte_cleaned=
 * difference= difference_low= difference_high= seeds= junk_removed= clean_removed=} of the recipe with published thresholds, before
 * them those of the adapted recipe with the prefix {@code adapted_}.
 */
public final class CleaningBenchmark {
    private static final int SEEDS = 3;
    private static final long PLANTING_SEED = 15;

    private final CleaningArguments arguments;
    private final Path folder;

    private CleaningBenchmark(CleaningArguments arguments, Path folder) {
        this.arguments = arguments;
        this.folder = folder;
    }

    public static void main(String[] given) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("rootstock-cleaning-");
        boolean refused = false;
        try {
            new CleaningBenchmark(CleaningArguments.parse(Arrays.asList(given)), folder).run();
        } catch (IllegalArgumentException wrong) {
            System.err.println("error: " + wrong.getMessage());
            System.err.println(CleaningArguments.USAGE);
            refused = true;
        } finally {
            FileTree.delete(folder);
        }
        if (refused) {
            System.exit(2);
        }
    }

    private void run() throws IOException, InterruptedException {
        List<Side> cleanedSides = List.of(Side.ADAPTED, Side.CLEANED);
        for (Side side : cleanedSides) {
            Expectation.of(side, arguments.isQuick()).print(side);
        }
        CleanTexts texts = CleanTexts.read();
        SplittableRandom random = new SplittableRandom(PLANTING_SEED);
        DirtyCorpus corpus = DirtyCorpus.plant(texts.train(), JunkText.read(random.split()), random);
        CleaningTables.corpus(corpus);
        TextRun run = new TextRun(folder);
        Datasets datasets = Datasets.prepare(folder, corpus, texts.heldOut(), run.store());
        Map<Side, Removal> removals = new EnumMap<>(Side.class);
        for (Side side : cleanedSides) {
            removals.put(side, removal(side, corpus, datasets.outcomes().get(side)));
        }
        CleaningTables.datasets(datasets, arguments.setup());
        List<Point> points = train(datasets, run);
        for (Side side : cleanedSides) {
            PairedRuns runs = PairedRuns.of(side, points);
            CleaningTables.pairs(runs);
            Expectation.of(side, arguments.isQuick()).compare(runs, removals.get(side));
        }
        for (Side side : cleanedSides) {
            CleaningTables.figures(PairedRuns.of(side, points), removals.get(side));
        }
    }

    private static Removal removal(Side side, DirtyCorpus corpus, RecipeOutcome outcome) throws IOException {
        CleaningTables.steps(side, outcome.report());
        Map<Integer, String> survivors = outcome.texts();
        CleaningTables.removedDocuments(RemovedDocuments.of(
                corpus.documents(), survivors, outcome.spec().steps()));
        Removal removal = Removal.of(corpus.documents(), survivors);
        CleaningTables.removal(removal);
        return removal;
    }

    /** Trains the runs that the file of points lacks. */
    private List<Point> train(Datasets datasets, TextRun run) throws IOException, InterruptedException {
        List<Point> points = new ArrayList<>();
        PointFile.Header header = new PointFile.Header(datasets.digests(), arguments.setup());
        Optional<PointFile> file = arguments.points().isEmpty()
                ? Optional.empty()
                : Optional.of(PointFile.open(arguments.points().get(), header, points));
        points.forEach(CleaningTables::point);
        Pretraining pretraining = new Pretraining(run, arguments.setup());
        for (long seed = 1; seed <= SEEDS; seed++) {
            for (Side side : Side.values()) {
                long wanted = seed;
                if (points.stream().anyMatch(point -> point.side() == side && point.seed() == wanted)) {
                    continue;
                }
                Point point = pretraining.measure(side, datasets.digests().get(side), seed);
                points.add(point);
                if (file.isPresent()) {
                    file.get().add(point);
                }
                CleaningTables.point(point);
            }
        }
        return points;
    }
}
