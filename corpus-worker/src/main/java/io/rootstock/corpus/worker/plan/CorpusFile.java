package io.rootstock.corpus.worker.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.rootstock.corpus.engine.job.CorpusManifest;
import io.rootstock.corpus.recipe.CanonicalRecipe;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code corpus.json} of a prepared corpus, written last: the recipe that made it, and its sources.
 *
 * @param recipeDigest SHA-256 of the recipe's canonical form
 * @param recipe the canonical form
 * @param sources sources in the order of the recipe
 * @param dataset digest of {@code dataset.json}; empty if the result is text
 */
public record CorpusFile(String recipeDigest, JsonNode recipe, List<PreparedSource> sources, Optional<String> dataset) {
    /** Name in the workspace. */
    public static final String NAME = "corpus.json";

    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    public CorpusFile {
        sources = List.copyOf(sources);
    }

    /** Removes the file of an earlier run: until the next one ends, the workspace holds no finished corpus. */
    public static void delete(Path workspace) throws IOException {
        Files.deleteIfExists(workspace.resolve(NAME));
    }

    /** Writes the file of a finished job, from its manifest. */
    public static CorpusFile write(Path workspace, RecipePlan plan, Optional<String> dataset) throws IOException {
        CorpusManifest manifest = CorpusManifest.read(workspace);
        CorpusFile file = new CorpusFile(
                CanonicalRecipe.digest(plan.recipe()),
                CanonicalRecipe.json(plan.recipe()),
                PreparedSource.of(plan.recipe(), plan.sources(), manifest),
                dataset);
        AtomicFile.write(
                workspace.resolve(NAME), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(file));
        return file;
    }
}
