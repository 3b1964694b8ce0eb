package io.rootstock.bench.data;

import com.sun.management.OperatingSystemMXBean;
import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.worker.RecipeRun;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.step.RecipeSteps;
import io.rootstock.files.FileTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Runs of a recipe that reads documents, removes near duplicates and writes the rest; CPU time of this process. */
final class NearRuns {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** The parameters of FineWeb, which the peers have. */
    private static final String NEAR = "[near-duplicates: {bands: 14, rows: 8, min_similarity: 0}]";

    private final Path folder;
    private final Path documents;
    private final double[] seconds;
    private final Set<Integer> kept = new HashSet<>();

    NearRuns(Path folder, StageDocuments documents, int rounds) throws IOException {
        this.folder = folder;
        this.documents = documents.file();
        seconds = new double[rounds];
        run();
        for (int round = 0; round < rounds; round++) {
            seconds[round] = run();
        }
    }

    private double run() throws IOException {
        String yaml = "version: 1\nsources:\n- {name: documents, files: " + documents.getFileName() + "}\nsteps: "
                + NEAR + "\n";
        RecipePlan plan = RecipePlan.of(
                "recipe.yaml",
                new RecipeReader(RecipeSteps.kinds())
                        .read("recipe.yaml", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))),
                InputRoots.of(folder, List.of(folder)));
        Path work = folder.resolve("near");
        long begin = PROCESS.getProcessCpuTime();
        new RecipeRun(work, 1, 16).run(plan, JobControl.NONE);
        double taken = (PROCESS.getProcessCpuTime() - begin) / 1e9;
        kept.clear();
        try (Stream<Path> files = Files.list(work.resolve("output"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".unit")).toList()) {
                try (UnitFileReader reader = new UnitFileReader(file)) {
                    for (Document document = reader.next(); document != null; document = reader.next()) {
                        kept.add(Integer.parseInt(document.url().substring(PlantedCorpus.ADDRESS.length())));
                    }
                }
            }
        }
        FileTree.delete(work);
        return taken;
    }

    /** Median CPU seconds of a run. */
    double seconds() {
        return MeasuredStages.median(seconds);
    }

    /** Numbers of the documents that near-duplicate removal kept. */
    Set<Integer> kept() {
        return Set.copyOf(kept);
    }
}
