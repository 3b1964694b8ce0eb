package io.rootstock.bench.data;

import io.rootstock.bench.BenchmarkData;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Recipes without and with steps over raw files, each in a process of its own with a heap of 1 GB.
 *
 * @param folder folder with {@code evaluation/} and, where a model is given, {@code lid.ftz}
 * @param bytes bytes of the JSON lines
 * @param model fastText model; without one, the recipe has no language detection
 */
record WholeRecipes(Path folder, long bytes, Optional<Path> model) {
    /** Runs the recipes one after the other. */
    void run(ThroughputTable table) throws IOException, InterruptedException {
        new RawCorpus(folder, bytes)
                .write(LinePool.read(BenchmarkData.file("books").getParent()));
        double megabytes = text(folder.resolve("lines")) / 1e6;
        String sources =
                "version: 1\nsources:\n- {name: lines, files: \"lines/*.jsonl\"}\nunit_bytes: 16777216\nsteps:";
        Files.writeString(folder.resolve("none.yaml"), sources + " []\n");
        Files.writeString(folder.resolve("near.yaml"), sources + " [near-duplicates]\n");
        Files.writeString(
                folder.resolve("all.yaml"),
                sources
                        + """

                        - unicode-repair
                        %s- gopher-quality: {min_stop_words: 0, min_alphabetic_words: 0.5}
                        - gopher-repetition
                        - fineweb-quality
                        - decontamination: {files: ["evaluation/*.jsonl"]}
                        - pii-masking
                        - exact-duplicates
                        - near-duplicates
                        """.formatted(
                                        model.isEmpty()
                                                ? ""
                                                : "- language: {model: \"" + folder.resolve("lid.ftz")
                                                        + "\", min_probability: 0}\n"));
        System.out.printf(Locale.ROOT, "%nwhole recipes over %.0f MB of JSON lines, 2 threads, heap 1 GB%n", megabytes);
        WorkerRun none = run("none", "read and write");
        WorkerRun near = run("near", "with near duplicates");
        WorkerRun all = run("all", "with all steps");
        table.add("near-duplicates", 50, megabytes / (near.cpuSeconds() - none.cpuSeconds()));
        table.value("read_and_write_mb_per_second", megabytes / none.cpuSeconds());
        table.value("end_to_end_mb_per_second", megabytes / all.cpuSeconds());
        table.value("peak_memory_mb", Math.max(near.peakMegabytes(), all.peakMegabytes()));
    }

    private WorkerRun run(String recipe, String title) throws IOException, InterruptedException {
        Path work = folder.resolve("work");
        WorkerRun run = WorkerRun.run(folder, recipe + ".yaml", work, 2, "1g");
        FileTree.delete(work);
        System.out.printf(
                Locale.ROOT,
                "%-22s %7.1f CPU s %7.1f s, peak %5.0f MB%n",
                title,
                run.cpuSeconds(),
                run.seconds(),
                run.peakMegabytes());
        return run;
    }

    private static long text(Path lines) throws IOException {
        try (Stream<Path> files = Files.list(lines)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
