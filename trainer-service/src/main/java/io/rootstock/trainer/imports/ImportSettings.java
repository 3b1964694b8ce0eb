package io.rootstock.trainer.imports;

import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.trainer.v1.GgufFile;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of an import.
 *
 * @param name value of {@code general.name}
 * @param quantizations GGUF files of a model to store; empty: those of the service's settings
 * @param adapterBase GGUF file of the base, if the files are an adapter
 */
public record ImportSettings(String name, Optional<Set<GgufFile>> quantizations, Optional<Digest> adapterBase) {
    /** Settings of an import without options. */
    static final ImportSettings DEFAULT = new ImportSettings(Gguf.name(""), Optional.empty(), Optional.empty());

    public ImportSettings {
        quantizations = quantizations.map(Set::copyOf);
    }
}
