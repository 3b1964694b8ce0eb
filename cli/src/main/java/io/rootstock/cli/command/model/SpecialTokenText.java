package io.rootstock.cli.command.model;

import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.SpecialTokens;

/** Special tokens that a version's tokenizer adds to a text, for example {@code <|begin_of_text|> text}. */
final class SpecialTokenText {
    /** Shown for a version whose artifacts do not record their special tokens. */
    static final String UNKNOWN = "unknown";

    private SpecialTokenText() {}

    static String of(Version version) {
        return version.getArtifactsList().stream()
                .filter(Artifact::hasSpecialTokens)
                .findFirst()
                .map(artifact -> of(artifact.getSpecialTokens()))
                .orElse(UNKNOWN);
    }

    private static String of(SpecialTokens tokens) {
        return (tokens.getAddBos() ? tokens.getBos() + " " : "") + "text"
                + (tokens.getAddEos() ? " " + tokens.getEos() : "");
    }
}
