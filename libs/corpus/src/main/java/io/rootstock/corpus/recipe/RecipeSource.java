package io.rootstock.corpus.recipe;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Raw files of one origin.
 *
 * @param name lower-case letters, digits and hyphens
 * @param files paths or globs, relative to the folder of the recipe, or addresses such as {@code s3://crawl/2026/*.warc.gz};
 *     directories and prefixes are read recursively
 * @param format format of all files; empty: by the name of each file
 * @param fields names of the fields of a record: {@code text}, {@code url}, {@code licence}
 * @param licence SPDX identifier of documents whose record names none; empty if unknown
 * @param weight weight in the mixture, above 0
 * @param maximumEpochs largest number of passes in one training; empty: unlimited
 */
public record RecipeSource(
        String name,
        List<String> files,
        Optional<String> format,
        Map<String, String> fields,
        String licence,
        double weight,
        Optional<Double> maximumEpochs) {
    public RecipeSource {
        files = List.copyOf(files);
        fields = Map.copyOf(fields);
    }
}
