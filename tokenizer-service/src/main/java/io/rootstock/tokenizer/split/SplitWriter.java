package io.rootstock.tokenizer.split;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest.ShardReference;
import io.rootstock.dataset.DatasetManifest.Split;
import io.rootstock.dataset.ShardWriter;
import io.rootstock.encoding.bpe.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Writes the examples of one split of one source to shards and counts them. */
final class SplitWriter {
    private final DatasetKind kind;
    private final Tokenizer tokenizer;
    private final ArtifactStore store;
    private final boolean dryRun;
    private final List<ShardReference> shards = new ArrayList<>();
    private ShardWriter shard;
    private long rows;
    private long tokens;
    private long lossTokens;
    private long textTokens;
    private long bytes;
    private long characters;

    /** @param dryRun whether to count only, and store nothing */
    SplitWriter(DatasetKind kind, Tokenizer tokenizer, ArtifactStore store, boolean dryRun) {
        this.kind = kind;
        this.tokenizer = tokenizer;
        this.store = store;
        this.dryRun = dryRun;
        shard = new ShardWriter(kind, tokenizer.size());
    }

    /** Adds an example; {@code label} is its class id, used only for CLASSIFICATION. */
    void add(Example example, int label) {
        switch (kind) {
            case PRETRAINING -> shard.addDocument(example.tokens());
            case INSTRUCTION -> shard.addExample(example.tokens(), example.answer());
            case PREFERENCE -> shard.addPair(example.tokens(), example.answer());
            case CLASSIFICATION -> shard.addLabelled(example.tokens(), label);
        }
        rows++;
        tokens += example.tokens().length;
        lossTokens += example.lossTokens();
        textTokens += example.textTokens(tokenizer);
        bytes += example.bytes();
        characters += example.characters();
        if (shard.tokens() >= ShardWriter.TOKENS_PER_SHARD) {
            flush();
        }
    }

    /** Number of tokens of the text that the split's bytes count, without special tokens. */
    long textTokens() {
        return textTokens;
    }

    /** Finishes the last shard and returns the split. */
    Split finish() {
        flush();
        return new Split(rows, tokens, lossTokens, bytes, characters, shards);
    }

    private void flush() {
        if (shard.rows() > 0 && !dryRun) {
            try (ArtifactWriter writer = store.create()) {
                shard.writeTo(writer);
                shards.add(new ShardReference(writer.commit().value(), shard.rows(), shard.tokens()));
            } catch (IOException failure) {
                throw new UncheckedIOException("cannot store a shard", failure);
            }
        }
        shard = new ShardWriter(kind, tokenizer.size());
    }
}
