package io.rootstock.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.cli.error.CliException;
import io.rootstock.trainer.v1.Mixture;
import io.rootstock.trainer.v1.MixturePhase;
import io.rootstock.trainer.v1.MixtureSource;
import io.rootstock.trainer.v1.MixtureWeighting;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureFileTest {
    private static final String SOURCES = """
            sources:
              - dataset: books
                weight: 0.6
                epochs: 2
              - {dataset: web, source: wiki, weight: 0.4}
            """;

    @TempDir
    Path directory;

    @Test
    void sourcesWeightingAndCurriculumAreRead() throws IOException {
        Mixture mixture = read(SOURCES + """
                weighting: absolute
                curriculum:
                  - until: 0.3
                    weights: {web/wiki: 3, books: 1}
                  - until: 1
                """);

        assertThat(mixture)
                .isEqualTo(Mixture.newBuilder()
                        .setWeighting(MixtureWeighting.MIXTURE_WEIGHTING_ABSOLUTE)
                        .addSources(MixtureSource.newBuilder()
                                .setDataset("datasets/books")
                                .setWeight(0.6)
                                .setEpochs(2))
                        .addSources(MixtureSource.newBuilder()
                                .setDataset("datasets/web")
                                .setSource("wiki")
                                .setWeight(0.4))
                        .addPhases(MixturePhase.newBuilder()
                                .setUntil(0.3)
                                .addWeights(1)
                                .addWeights(3))
                        .addPhases(MixturePhase.newBuilder().setUntil(1))
                        .build());
    }

    @Test
    void theSchemaForEditorsHasTheKeysOfTheReader() {
        ObjectNode schema = MixtureSchema.json();
        assertThat(keys(schema, "/properties")).isEqualTo(MixtureFile.KEYS);
        assertThat(keys(schema, "/properties/sources/items/properties")).isEqualTo(MixtureFile.SOURCE_KEYS);
        assertThat(keys(schema, "/properties/curriculum/items/properties")).isEqualTo(MixtureFile.PHASE_KEYS);
    }

    private static Set<String> keys(ObjectNode schema, String pointer) {
        Set<String> keys = new HashSet<>();
        schema.at(pointer).fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    @Test
    void weightsCanFollowTheTokens() throws IOException {
        assertThat(read("weighting: tokens\nsources: [{dataset: a}, {dataset: b}]\n")
                        .getWeighting())
                .isEqualTo(MixtureWeighting.MIXTURE_WEIGHTING_TOKENS);
        assertThat(read("weighting: temperature\ntemperature: 1.5\nsources: [{dataset: a}, {dataset: b}]\n")
                        .getTemperature())
                .isEqualTo(1.5);
    }

    @Test
    void errorsNameFileLineKeyAndRemedy() {
        assertRefused(SOURCES + "seed: 3\n", ":6: unknown key 'seed'", "hint: remove it; known keys: curriculum");
        assertRefused("weighting: tokens\n", ":1: key 'sources' is missing", "add sources");
        assertRefused(SOURCES + "weighting: words\n", ":6: 'weighting' is 'words'", "tokens or temperature");
        assertRefused(SOURCES + "weighting: tokens\n", ":3: 'sources.weight' is for weighting: absolute", "remove it");
        assertRefused(SOURCES + "temperature: 2\n", ":6: 'temperature' is for weighting: temperature", "remove it");
        assertRefused("weighting: temperature\nsources: [{dataset: a}]\n", "key 'temperature' is missing", "add");
        assertRefused("sources: [{dataset: a, weight: 0}]\n", "'sources.weight' is 0, not from 1.0E-9", "bounds");
        assertRefused("sources: [{dataset: a}]\n", ":1: key 'sources.weight' is missing", "weighting: tokens");
        assertRefused("sources: []\n", ":1: 'sources' has 0 entries", "list the datasets");
        assertRefused(
                "sources:\n  - {dataset: a, weight: 1}\n  - {dataset: a, source: b, weight: 1}\n",
                ":3: source 'a/b' is part of source 'a'",
                "once");
        assertRefused(
                SOURCES + "curriculum: [{until: 0.5}, {until: 0.5}]\n",
                ":6: 'curriculum.until' is 0.5, not above 0.5",
                "ascending");
        assertRefused(SOURCES + "curriculum: [{until: 0.5}]\n", ":6: the last phase ends at 0.5", "until: 1");
        assertRefused(
                SOURCES + "curriculum: [{until: 1, weights: {book: 1}}]\n",
                ":6: unknown key 'curriculum.weights.book'",
                "known keys: books, web/wiki");
        assertRefused(
                SOURCES + "curriculum: [{until: 1, weights: {books: 1}}]\n",
                ":5: the source has no weight in any phase",
                "remove it");
        assertThatThrownBy(() -> MixtureFile.read(directory.resolve("none.yaml")))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("none.yaml does not exist");
    }

    private void assertRefused(String text, String... parts) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("mixture.yaml")
                .hasMessageContainingAll(parts);
    }

    private Mixture read(String text) throws IOException {
        return MixtureFile.read(Files.writeString(directory.resolve("mixture.yaml"), text));
    }
}
