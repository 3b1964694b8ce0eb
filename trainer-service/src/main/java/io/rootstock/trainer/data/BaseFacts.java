package io.rootstock.trainer.data;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryManifest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.v1.RunSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Reads the properties of a base model that a plan depends on, without unpacking the model. */
public final class BaseFacts {
    private static final String CONFIG = "config.json";
    private static final String GGUF = "base_gguf_digest";

    private BaseFacts() {}

    /** Checks that the quantized GGUF file of the base, if any, has the base's shape. */
    public static void checkGguf(ArtifactStore store, RunSpec spec, ModelShape base) {
        if (!spec.getBaseGgufDigest().isEmpty()) {
            requireSameShape(base, gguf(store, spec));
        }
    }

    /** Returns the spec with the size of the base's quantized GGUF file, if any, which the memory estimate needs. */
    public static RunSpec withFileSize(ArtifactStore store, RunSpec spec) {
        if (spec.getBaseGgufDigest().isEmpty()) {
            return spec;
        }
        Digest digest = DatasetFacts.digest(spec.getBaseGgufDigest(), GGUF);
        try {
            RunSpec.Builder sized = spec.toBuilder();
            sized.getHyperparametersBuilder().getLoraBuilder().setBaseBytes(store.size(digest));
            return sized.build();
        } catch (NoSuchArtifactException e) {
            throw new RefusedSpecException(GGUF, "is not in the artifact store: " + digest);
        }
    }

    private static ModelShape gguf(ArtifactStore store, RunSpec spec) {
        Digest digest = DatasetFacts.digest(spec.getBaseGgufDigest(), GGUF);
        try {
            return GgufValidator.validate(store.verified(digest)).shape();
        } catch (NoSuchArtifactException e) {
            throw new RefusedSpecException(GGUF, "is not in the artifact store: " + digest);
        } catch (InvalidCheckpointException e) {
            throw new RefusedSpecException(GGUF, "is not a supported base model: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the base model " + digest, e);
        }
    }

    /** Rejects a GGUF file whose shape differs from the base's. */
    public static void requireSameShape(ModelShape base, ModelShape gguf) {
        if (gguf.vocabularySize() != base.vocabularySize()
                || gguf.dimension() != base.dimension()
                || gguf.layers() != base.layers()
                || gguf.heads() != base.heads()
                || gguf.keyValueHeads() != base.keyValueHeads()
                || gguf.headDimension() != base.headDimension()
                || gguf.feedForward() != base.feedForward()
                || gguf.tiedEmbeddings() != base.tiedEmbeddings()
                || !gguf.family().architecture().equals(base.family().architecture())) {
            throw new RefusedSpecException(GGUF, "has a different shape than base_digest: " + gguf + ", base " + base);
        }
    }

    /**
     * Returns the shape of the base; rejects a base whose tokenizer differs from the data's.
     *
     * @param dataField field of the data in the spec, for errors
     */
    public static ModelShape shape(ArtifactStore store, Digest base, Digest tokenizer, String dataField) {
        DirectoryManifest files = DirectoryManifest.read(store, base);
        if (!tokens(files).equals(tokens(DirectoryManifest.read(store, tokenizer)))) {
            throw new RefusedSpecException(
                    dataField,
                    "was prepared with a tokenizer other than the base model's; prepare it with the base's tokenizer");
        }
        try {
            return HuggingFaceDirectory.readConfig(store.verified(file(files, CONFIG)))
                    .shape();
        } catch (InvalidCheckpointException e) {
            throw new RefusedSpecException("base_digest", "is not a supported base model: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the base model " + base, e);
        }
    }

    /** Returns the file that defines the tokens, {@code tokenizer.json} or else {@code tokenizer.model}. */
    private static Digest tokens(DirectoryManifest files) {
        return find(files, TokenizerFiles.TOKENIZER)
                .or(() -> find(files, TokenizerFiles.SENTENCE_PIECE_MODEL))
                .orElseThrow(() -> missing(TokenizerFiles.TOKENIZER));
    }

    private static Digest file(DirectoryManifest files, String name) {
        return find(files, name).orElseThrow(() -> missing(name));
    }

    private static Optional<Digest> find(DirectoryManifest files, String name) {
        return files.files().stream()
                .filter(entry -> entry.path().equals(name))
                .findFirst()
                .map(DirectoryManifest.Entry::digest);
    }

    private static RefusedSpecException missing(String name) {
        return new RefusedSpecException("base_digest", "must be a Hugging Face directory, but has no " + name);
    }
}
