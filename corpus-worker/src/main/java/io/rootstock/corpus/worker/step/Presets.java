package io.rootstock.corpus.worker.step;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Recipes that users start from. */
public final class Presets {
    private static final String FOLDER = "/io/rootstock/corpus/worker/preset/";

    private Presets() {}

    /** Names of the presets. */
    public static List<String> names() {
        return List.of("gpt-3", "fineweb-like", "books");
    }

    /**
     * Returns the recipe of a preset as YAML.
     *
     * @throws IllegalArgumentException naming the known presets, if the name is unknown
     */
    public static String yaml(String name) {
        if (!names().contains(name)) {
            throw new IllegalArgumentException(
                    "unknown preset '" + name + "'; choose from " + String.join(", ", names()));
        }
        try (InputStream in = Presets.class.getResourceAsStream(FOLDER + name + ".yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
