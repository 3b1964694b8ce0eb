package io.rootstock.bench.data.cleaning;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.engine.job.CorpusManifest;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.engine.job.CorpusSpec;
import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.worker.RecipeRun;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.shard.StoredDataset;
import io.rootstock.corpus.worker.step.RecipeSteps;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.dataset.DatasetManifest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Result of a recipe over one file of JSON lines, run by the local engine with the classes of {@code rootstock data run}.
 *
 * @param workspace its work directory
 * @param spec specification of its steps
 * @param report documents and bytes of each step
 * @param dataset manifest of its token shards, all in the training split
 */
record RecipeOutcome(Path workspace, CorpusSpec spec, CorpusReport report, DatasetManifest dataset) {
    private static final int THREADS = 2;
    private static final int BUCKETS = 16;

    /**
     * Runs a recipe.
     *
     * @param folder folder of {@code NAME.jsonl}; receives the work directory
     * @param name name of the source
     * @param steps steps as YAML
     * @param store receives the shards
     */
    static RecipeOutcome run(Path folder, String name, String steps, PreparedTokenizer tokenizer, ArtifactStore store)
            throws IOException {
        String yaml = """
                version: 1
                sources: [{name: %s, files: %s.jsonl}]
                unit_bytes: 1048576
                tokenizer: tokenizers/cleaning
                steps:%s
                """.formatted(name, name, steps);
        Recipe recipe = new RecipeReader(RecipeSteps.kinds())
                .read("recipe", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
        RecipePlan plan =
                RecipePlan.of("recipe", recipe, InputRoots.of(folder, List.of(folder)), Optional.of(tokenizer));
        Path workspace = folder.resolve("work-" + Integer.toHexString(yaml.hashCode()));
        CorpusReport report = new RecipeRun(workspace, THREADS, BUCKETS).run(plan, JobControl.NONE);
        Digest dataset = StoredDataset.store(workspace, store);
        return new RecipeOutcome(workspace, plan.spec(), report, DatasetManifest.read(store, dataset));
    }

    /** Reads the texts by number of the document. */
    Map<Integer, String> texts() throws IOException {
        Map<Integer, String> texts = new HashMap<>();
        for (CorpusManifest.OutputUnit unit : CorpusManifest.read(workspace).units()) {
            try (UnitFileReader reader = new UnitFileReader(workspace.resolve(unit.path()))) {
                for (Document document = reader.next(); document != null; document = reader.next()) {
                    int number = Integer.parseInt(document.url().substring(DirtyCorpus.ADDRESS.length()));
                    texts.put(number, document.text().toString());
                }
            }
        }
        return texts;
    }

    /** Training split of the shards. */
    DatasetManifest.Split split() {
        return dataset.sources().getFirst().split(DatasetManifest.TRAIN);
    }
}
