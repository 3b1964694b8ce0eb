package io.rootstock.corpus.worker.plan;

import io.rootstock.corpus.engine.job.CorpusManifest;
import io.rootstock.corpus.engine.job.CorpusManifest.OutputUnit;
import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.recipe.RecipeSource;
import java.util.ArrayList;
import java.util.List;

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
public record PreparedSource(
        String name, double weight, double maximumEpochs, int firstUnit, int units, long documents, long textBytes) {
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
