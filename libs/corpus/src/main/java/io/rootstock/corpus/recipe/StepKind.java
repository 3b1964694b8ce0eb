package io.rootstock.corpus.recipe;

import java.util.List;

/**
 * A step that recipes can name.
 *
 * @param name lower-case words with hyphens
 * @param version version of its rules, part of the digest of a recipe
 * @param description what it does, one sentence
 * @param parameters in the order of the documentation
 */
public record StepKind(String name, int version, String description, List<Parameter> parameters) {
    public StepKind {
        parameters = List.copyOf(parameters);
    }
}
