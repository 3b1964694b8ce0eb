package io.rootstock.evaluator.contamination;

import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.InvalidDatasetException;
import io.rootstock.dataset.Shard;
import io.rootstock.evaluation.contamination.ContaminationSearch;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Streams rows of shards as text to a search. The concatenated bytes of the tokens are the text, with
 * the blanks that a SentencePiece tokenizer adds; a control token separates words. Not safe for several threads.
 */
final class ShardText {
    private static final int TOKENS = 4096;
    private static final int BUFFER = 1 << 15;
    /** Bit of a preference row's mask that marks the row with the rejected answer. */
    private static final int REJECTED = 2;

    private final byte[][] bytes;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteBuffer encoded = ByteBuffer.allocate(BUFFER);
    private final CharBuffer text = CharBuffer.allocate(BUFFER);
    private final int[] tokens = new int[TOKENS];

    /** Reads the bytes of the tokens. */
    ShardText(TokenizerFiles tokenizer) {
        List<byte[]> all = tokenizer.bytes();
        bytes = all.toArray(byte[][]::new);
        tokenizer.specialTokens().forEach(token -> bytes[token.id()] = new byte[] {' '});
    }

    /**
     * Searches a row; the two answers of a preference are documents of their own.
     *
     * @param digest digest of the shard
     * @param progress receives numbers of read tokens; its exceptions end the search
     * @return number of documents
     * @throws InvalidDatasetException if a token is not in the vocabulary
     */
    int read(Shard shard, String digest, long row, ContaminationSearch search, LongConsumer progress) {
        long from = shard.offset(row);
        long to = shard.offset(row + 1);
        long border = shard.kind() == DatasetKind.PREFERENCE ? from + chosenTokens(shard.mask(row)) : to;
        document(shard, digest, row, from, border, search, progress);
        if (border < to) {
            document(shard, digest, row, border, to, search, progress);
            return 2;
        }
        return 1;
    }

    private static int chosenTokens(byte[] mask) {
        int count = 0;
        while (count < mask.length && (mask[count] & REJECTED) == 0) {
            count++;
        }
        return count;
    }

    private void document(
            Shard shard,
            String digest,
            long row,
            long from,
            long to,
            ContaminationSearch search,
            LongConsumer progress) {
        search.begin(digest, row);
        decoder.reset();
        // An earlier document may have ended with an exception.
        encoded.clear();
        text.clear();
        for (long at = from; at < to; at += TOKENS) {
            int count = (int) Math.min(TOKENS, to - at);
            shard.copyTokens(at, tokens, 0, count);
            for (int i = 0; i < count; i++) {
                add(tokens[i], digest, search);
            }
            progress.accept(count);
        }
        decode(true, search);
        search.end();
    }

    private void add(int token, String digest, ContaminationSearch search) {
        if (token >= bytes.length) {
            throw new InvalidDatasetException(
                    "shard " + digest + " has the token " + token + ", its tokenizer has " + bytes.length);
        }
        byte[] added = bytes[token];
        for (int from = 0; from < added.length; ) {
            if (!encoded.hasRemaining()) {
                decode(false, search);
            }
            int length = Math.min(encoded.remaining(), added.length - from);
            encoded.put(added, from, length);
            from += length;
        }
    }

    private void decode(boolean end, ContaminationSearch search) {
        encoded.flip();
        // Each byte is at most one character, so the text has room for all of them.
        decoder.decode(encoded, text, end);
        if (end) {
            decoder.flush(text);
            encoded.clear();
        } else {
            encoded.compact();
        }
        search.add(text.array(), 0, text.position());
        text.clear();
    }
}
