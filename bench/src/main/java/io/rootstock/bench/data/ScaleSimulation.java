package io.rootstock.bench.data;

import io.rootstock.corpus.worker.plan.StageEstimate;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Simulates recipes on 100 nodes with the speeds of the stages. Prints {@code hours= dollars= shuffled_gigabytes=} of the
 * mix of GPT-3.
 */
public final class ScaleSimulation {
    private static final double TERABYTE = 1e12;
    private static final double GIGABYTE = 1e9;
    private static final double SECONDS_PER_HOUR = 3600;
    private static final double DOLLARS_PER_CORE_HOUR = 0.05;

    /** Bytes of a web page's text. */
    private static final double DOCUMENT_BYTES = 4_000;

    /** Exact duplicates: two keys of 16 bytes and the document's number. */
    private static final double EXACT_BYTES = 2 * 24;

    /** Near duplicates: 20 bands, each a key of 8 bytes and the document's number. */
    private static final double NEAR_BYTES = 20 * 16;

    /** Union-find of 200 M documents and 400 M pairs takes 66 s of one core. */
    private static final double DOCUMENTS_PER_SECOND = 200e6 / 66;

    private static final SimulatedCluster CLUSTER = new SimulatedCluster(100, 16, 0.6e9, 256e6);

    private static final List<SimulatedStage> CLEANING = List.of(
            SimulatedStage.local("unicode-repair", 1),
            SimulatedStage.local("language", 0.45),
            SimulatedStage.local("gopher-repetition", 0.7),
            SimulatedStage.local("gopher-quality", 0.7),
            SimulatedStage.local("c4-quality", 0.8),
            SimulatedStage.local("fineweb-quality", 0.8),
            SimulatedStage.local("pii-masking", 1),
            SimulatedStage.local("decontamination", 1),
            new SimulatedStage("exact-duplicates", 0.8, EXACT_BYTES),
            new SimulatedStage("near-duplicates", 0.6, NEAR_BYTES),
            SimulatedStage.local("write", 1),
            SimulatedStage.local("tokenize", 1));

    private static final List<SimulatedStage> CURATED = List.of(
            SimulatedStage.local("unicode-repair", 1),
            SimulatedStage.local("pii-masking", 1),
            SimulatedStage.local("decontamination", 1),
            new SimulatedStage("near-duplicates", 0.95, NEAR_BYTES),
            SimulatedStage.local("write", 1),
            SimulatedStage.local("tokenize", 1));

    private final SplittableRandom random = new SplittableRandom(1);
    private double seconds;
    private double coreSeconds;
    private double shuffled;

    public static void main(String[] arguments) {
        new ScaleSimulation().run("1 TB of text of web pages", "read", TERABYTE, CLEANING);
        ScaleSimulation mix = new ScaleSimulation();
        mix.run("Common Crawl, 45 TB of compressed text", "read", 45 * 3.5 * TERABYTE, CLEANING);
        mix.run("WebText2, Books1, Books2 and Wikipedia: 90 G tokens", "read", 90e9 * 4.2, CURATED);
        System.out.printf(
                Locale.ROOT,
                "hours=%.1f dollars=%.0f shuffled_gigabytes=%.0f%n",
                mix.seconds / SECONDS_PER_HOUR,
                mix.coreSeconds / SECONDS_PER_HOUR * DOLLARS_PER_CORE_HOUR,
                mix.shuffled / GIGABYTE);
    }

    private void run(String title, String reading, double bytes, List<SimulatedStage> stages) {
        System.out.println();
        System.out.printf(Locale.ROOT, "%s; %d nodes of %d cores%n", title, CLUSTER.nodes(), CLUSTER.cores());
        System.out.printf(
                Locale.ROOT,
                "  %-18s %12s %14s %10s %10s %12s%n",
                "stage",
                "text, GB",
                "MB/s per core",
                "minutes",
                "dollars",
                "shuffled, GB");
        double left = stage(reading, bytes, new SimulatedStage(reading, 1, 0));
        for (SimulatedStage stage : stages) {
            left = stage(stage.name(), left, stage);
        }
        System.out.printf(
                Locale.ROOT,
                "  %.0f GB of text are left: about %.0f G tokens%n",
                left / GIGABYTE,
                left / 4.2 / GIGABYTE);
    }

    private double stage(String name, double bytes, SimulatedStage stage) {
        double documents = bytes / DOCUMENT_BYTES;
        SimulatedCluster.Work work =
                CLUSTER.run(bytes, StageEstimate.speed(name), documents * stage.shuffledBytes(), random);
        double alone = name.equals("near-duplicates") ? documents / DOCUMENTS_PER_SECOND : 0;
        seconds += work.seconds() + alone;
        coreSeconds += (work.seconds() + alone) * CLUSTER.nodes() * CLUSTER.cores();
        shuffled += work.shuffledBytes();
        System.out.printf(
                Locale.ROOT,
                "  %-18s %12.0f %14.0f %10.1f %10.1f %12.1f%n",
                name,
                bytes / GIGABYTE,
                StageEstimate.speed(name),
                (work.seconds() + alone) / 60,
                (work.seconds() + alone) * CLUSTER.nodes() * CLUSTER.cores() / SECONDS_PER_HOUR * DOLLARS_PER_CORE_HOUR,
                work.shuffledBytes() / GIGABYTE);
        return bytes * stage.keptBytes();
    }
}
