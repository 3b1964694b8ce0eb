package io.rootstock.cli.command.model;

import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.SpecialTokens;

/** What a version's tokenizer adds to a text, for tables: {@code <|begin_of_text|> text}. */
final class SpecialTokenText {
    /** Of a version that an earlier exporter wrote. */
    static final String EXPORT_AGAIN = "export again";

    private SpecialTokenText() {}

    static String of(Version version) {
        return version.getArtifactsList().stream()
                .filter(Artifact::hasSpecialTokens)
                .findFirst()
                .map(artifact -> of(artifact.getSpecialTokens()))
                .orElse(EXPORT_AGAIN);
    }

    private static String of(SpecialTokens tokens) {
        return (tokens.getAddBos() ? tokens.getBos() + " " : "") + "text"
                + (tokens.getAddEos() ? " " + tokens.getEos() : "");
    }
}
