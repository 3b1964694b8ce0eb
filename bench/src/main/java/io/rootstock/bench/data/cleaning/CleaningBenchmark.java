package io.rootstock.bench.data.cleaning;

import io.rootstock.artifacts.Digest;
import io.rootstock.bench.TextRun;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Compares pre-trainings on a corpus with 30 % planted junk and on the same corpus after cleaning: equal model, token budget and
 * seeds, bits per byte of clean held-out text. Prints {@code bits_per_byte_raw= bits_per_byte_cleaned= difference=
 * difference_low= difference_high= seeds= junk_removed= clean_removed=}.
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

    /** Entry point. */
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
        Expectation expectation = Expectation.of(arguments.isQuick());
        expectation.print();
        CleanTexts texts = CleanTexts.read();
        SplittableRandom random = new SplittableRandom(PLANTING_SEED);
        DirtyCorpus corpus = DirtyCorpus.plant(texts.train(), JunkText.read(random.split()), random);
        CleaningTables.corpus(corpus);
        TextRun run = new TextRun(folder);
        Datasets datasets = Datasets.prepare(folder, corpus, texts.heldOut(), run.store());
        CleaningTables.steps(datasets.cleaned().report());
        Map<Integer, String> survivors = datasets.cleaned().texts();
        CleaningTables.removedDocuments(RemovedDocuments.of(
                corpus.documents(), survivors, datasets.cleaned().spec().steps()));
        Removal removal = Removal.of(corpus.documents(), survivors);
        CleaningTables.removal(removal);
        CleaningTables.datasets(datasets, arguments.setup());
        PairedRuns runs = PairedRuns.of(train(datasets, run));
        CleaningTables.pairs(runs);
        expectation.compare(runs, removal);
        System.out.printf(
                Locale.ROOT,
                """

                bits_per_byte_raw=%.4f
                bits_per_byte_cleaned=%.4f
                difference=%.4f
                difference_low=%.4f
                difference_high=%.4f
                seeds=%d
                junk_removed=%.4f
                clean_removed=%.4f
                """,
                runs.mean(Side.RAW),
                runs.mean(Side.CLEANED),
                runs.difference().mean(),
                runs.interval().low(),
                runs.interval().high(),
                runs.pairs().size(),
                removal.allJunk().removed(),
                removal.allClean().removed());
    }

    /** Trains the runs that the file of points lacks. */
    private List<Point> train(Datasets datasets, TextRun run) throws IOException, InterruptedException {
        List<Point> points = new ArrayList<>();
        PointFile.Header header = new PointFile.Header(
                datasets.digest(Side.RAW).value(), datasets.digest(Side.CLEANED).value(), arguments.setup());
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
                Digest dataset = datasets.digest(side);
                Point point = pretraining.measure(side, dataset, seed);
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
