package io.rootstock.trainer.data;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryManifest;
import io.rootstock.checkpoint.HuggingFaceDirectory;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.LlamaConfig;
import io.rootstock.checkpoint.TokenizerFiles;
import io.rootstock.trainer.plan.RefusedSpecException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads off a base model what planning a fine-tuning needs, without unpacking it. */
public final class BaseFacts {
    private static final String CONFIG = "config.json";

    private BaseFacts() {}

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
