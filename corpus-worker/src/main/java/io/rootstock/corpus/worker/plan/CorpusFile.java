package io.rootstock.corpus.worker.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.rootstock.corpus.engine.job.CorpusManifest;
import io.rootstock.corpus.engine.job.CorpusManifest.OutputUnit;
import io.rootstock.corpus.recipe.CanonicalRecipe;
import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.recipe.RecipeSource;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /**
     * A source of a prepared corpus.
     *
     * @param name name of the source
     * @param weight share in the mixture, 0 to 1
     * @param maximumEpochs largest number of passes in one training; 0: unlimited
     * @param firstUnit index of its first file in the manifest
     * @param units number of its files
     * @param documents documents in them
     * @param textBytes UTF-8 bytes of their texts
     */
    private record PreparedSource(
            String name,
            double weight,
            double maximumEpochs,
            int firstUnit,
            int units,
            long documents,
            long textBytes) {
        /** Sums the files of a manifest by source. */
        static List<PreparedSource> of(Recipe recipe, List<RecipePlan.PlannedSource> planned, CorpusManifest manifest) {
            List<PreparedSource> sources = new ArrayList<>();
            int first = 0;
            for (int i = 0; i < planned.size(); i++) {
                RecipeSource source = recipe.sources().get(i);
                List<OutputUnit> units =
                        manifest.units().subList(first, first + planned.get(i).units());
                sources.add(new PreparedSource(
                        source.name(),
                        recipe.share(source),
                        source.maximumEpochs().orElse(0.0),
                        first,
                        units.size(),
                        units.stream().mapToLong(OutputUnit::documents).sum(),
                        units.stream().mapToLong(OutputUnit::textBytes).sum()));
                first += units.size();
            }
            return sources;
        }
    }
}
