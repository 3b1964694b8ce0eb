package io.rootstock.registry.finetuning;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryManifest;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Properties of a base version that are only in its Hugging Face directory. */
final class BaseModel {
    private static final String CONFIG = "config.json";
    private static final String CONTEXT = "max_position_embeddings";

    private BaseModel() {}

    /**
     * The context length in tokens; 0 if the version has no directory, or the directory does not state it.
     *
     * @throws io.rootstock.artifacts.ArtifactException if the directory cannot be read
     */
    static int contextLength(ArtifactStore store, Version base) {
        return base.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                .flatMap(artifact -> DirectoryManifest.read(store, Digest.parse(artifact.getDigest())).files().stream())
                .filter(file -> file.path().equals(CONFIG))
                .findFirst()
                .map(file -> contextLength(store.readAll(file.digest())))
                .orElse(0);
    }

    private static int contextLength(byte[] config) {
        try {
            return new JsonMapper().readTree(config).path(CONTEXT).asInt(0);
        } catch (IOException e) {
            throw new UncheckedIOException(CONFIG + " is not JSON", e);
        }
    }
}
