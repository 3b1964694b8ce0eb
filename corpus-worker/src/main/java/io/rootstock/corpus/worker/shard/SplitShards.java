package io.rootstock.corpus.worker.shard;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.worker.shard.UnitShards.ShardCounts;
import io.rootstock.corpus.worker.shard.UnitShards.SplitCounts;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.ShardWriter;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.TokenBuffer;
import io.rootstock.encoding.bpe.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tokenizes the documents of one split of one unit, writes their shards, and counts them. Without a tokenizer it counts
 * only. Memory: one shard and the tokens of the longest document.
 */
final class SplitShards {
    /** Directory of the shards in the workspace. */
    static final String DIRECTORY = "shards";

    private final int unit;
    private final Split split;
    private final Optional<Tokenizer> tokenizer;
    private final TaskContext context;
    private final TokenBuffer buffer = new TokenBuffer();
    private final List<ShardCounts> shards = new ArrayList<>();
    private ShardWriter shard;
    private long documents;
    private long textBytes;
    private long characters;
    private long tokens;
    private long textTokens;

    SplitShards(int unit, Split split, Optional<Tokenizer> tokenizer, TaskContext context) {
        this.unit = unit;
        this.split = split;
        this.tokenizer = tokenizer;
        this.context = context;
    }

    /** Adds a document as one row: {@code [BOS] text EOS}, with BOS if the tokenizer's files say so. */
    void add(Document document) throws IOException {
        byte[] text = document.text().utf8();
        documents++;
        textBytes += text.length;
        characters += characters(text);
        if (tokenizer.isEmpty()) {
            return;
        }
        int[] row = encode(tokenizer.get(), document);
        if (shard == null) {
            shard = new ShardWriter(DatasetKind.PRETRAINING, tokenizer.get().size());
        }
        shard.addDocument(row);
        tokens += row.length;
        textTokens += buffer.size();
        if (shard.tokens() >= ShardWriter.TOKENS_PER_SHARD) {
            write();
        }
    }

    private int[] encode(Tokenizer encoder, Document document) {
        byte[] text = document.text().utf8();
        buffer.clear();
        try {
            encoder.encode(text, 0, text.length, SpecialTokenPolicy.AS_TEXT, buffer);
        } catch (RuntimeException e) {
            throw new IllegalStateException("cannot tokenize " + document.location() + ": " + e, e);
        }
        return encoder.rule().document(buffer.toArray());
    }

    private static long characters(byte[] utf8) {
        long count = 0;
        for (byte value : utf8) {
            count += (value & 0xC0) == 0x80 ? 0 : 1;
        }
        return count;
    }

    private void write() throws IOException {
        String path = "%s/%06d-%s-%04d.shard".formatted(DIRECTORY, unit, split.key(), shards.size());
        context.write(path, shard::writeTo);
        shards.add(new ShardCounts(path, shard.rows(), shard.tokens()));
        shard = null;
    }

    /** Writes the last shard; empty for a split without documents. */
    Optional<SplitCounts> finish() throws IOException {
        if (documents == 0) {
            return Optional.empty();
        }
        if (shard != null) {
            write();
        }
        return Optional.of(new SplitCounts(split.key(), documents, textBytes, characters, tokens, textTokens, shards));
    }
}
