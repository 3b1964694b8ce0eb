package io.rootstock.trainer.data;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryManifest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.checkpoint.GgufValidator;
import io.rootstock.checkpoint.HuggingFaceDirectory;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.LlamaConfig;
import io.rootstock.checkpoint.TokenizerFiles;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.v1.RunSpec;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads off a base model what planning a fine-tuning needs, without unpacking it. */
public final class BaseFacts {
    private static final String CONFIG = "config.json";
    private static final String GGUF = "base_gguf_digest";

    private BaseFacts() {}

    /** Checks the GGUF file whose weights stay quantized, where there is one, against the shape of the base. */
    public static void checkGguf(ArtifactStore store, RunSpec spec, LlamaConfig config) {
        if (!spec.getBaseGgufDigest().isEmpty()) {
            requireSameShape(config, gguf(store, spec));
        }
    }

    /** The spec with the size of the GGUF file whose weights stay quantized, which decides about memory. */
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

    private static LlamaConfig gguf(ArtifactStore store, RunSpec spec) {
        Digest digest = DatasetFacts.digest(spec.getBaseGgufDigest(), GGUF);
        try {
            return GgufValidator.validate(store.verified(digest));
        } catch (NoSuchArtifactException e) {
            throw new RefusedSpecException(GGUF, "is not in the artifact store: " + digest);
        } catch (InvalidCheckpointException e) {
            throw new RefusedSpecException(GGUF, "is no model that can be tuned: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the base model " + digest, e);
        }
    }

    /** Refuses a GGUF file that is another model than the base. */
    public static void requireSameShape(LlamaConfig config, LlamaConfig gguf) {
        if (gguf.vocabularySize() != config.vocabularySize()
                || gguf.dimension() != config.dimension()
                || gguf.layers() != config.layers()
                || gguf.heads() != config.heads()
                || gguf.keyValueHeads() != config.keyValueHeads()
                || gguf.headDimension() != config.headDimension()
                || gguf.feedForward() != config.feedForward()
                || gguf.tiedEmbeddings() != config.tiedEmbeddings()
                || !gguf.family().architecture().equals(config.family().architecture())) {
            throw new RefusedSpecException(
                    GGUF, "is a model of another shape than base_digest: " + gguf + " beside " + config);
        }
    }

    /** The shape of the base; refuses one that the dataset's tokenizer was not made for. */
    public static LlamaConfig config(ArtifactStore store, Digest base, Digest tokenizer) {
        DirectoryManifest files = DirectoryManifest.read(store, base);
        if (!file(files, TokenizerFiles.TOKENIZER)
                .equals(file(DirectoryManifest.read(store, tokenizer), TokenizerFiles.TOKENIZER))) {
            throw new RefusedSpecException(
                    "dataset_digest",
                    "was prepared with another tokenizer than the base model's; prepare it with that");
        }
        try {
            return HuggingFaceDirectory.readConfig(store.verified(file(files, CONFIG)));
        } catch (InvalidCheckpointException e) {
            throw new RefusedSpecException("base_digest", "is no model that can be tuned: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the base model " + base, e);
        }
    }

    private static Digest file(DirectoryManifest files, String name) {
        return files.files().stream()
                .filter(entry -> entry.path().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new RefusedSpecException("base_digest", "must be a Hugging Face directory, but has no " + name))
                .digest();
    }
}
