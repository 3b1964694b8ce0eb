package io.rootstock.tokenizer.dataset;

import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.Shard;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.tokenizer.v1.TextSegment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decodes stored rows to text, divided where the loss mask changes and around special tokens. Blanks that
 * the tokenizer adds to a text are removed.
 */
final class RowText {
    private final Tokenizer tokenizer;

    RowText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Returns the segments of a row, in order. */
    List<TextSegment> segments(Shard shard, long row) {
        int[] tokens = shard.row(row);
        byte[] mask = mask(shard, row, tokens.length);
        // BOS is added to texts, and is a part of conversations.
        boolean conversation = shard.kind() == DatasetKind.INSTRUCTION || shard.kind() == DatasetKind.PREFERENCE;
        List<TextSegment> segments = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < tokens.length; i++) {
            boolean special = tokenizer.isSpecial(tokens[i]);
            byte[] token = tokenizer.bytes(tokens[i]);
            boolean begins = !special && (i == 0 || tokenizer.isSpecial(tokens[i - 1]));
            boolean added =
                    begins && tokenizer.addsBlank(i == 0 || !conversation) && token.length > 0 && token[0] == ' ';
            int from = added ? 1 : 0;
            bytes.write(token, from, token.length - from);
            boolean ends =
                    special || i + 1 == tokens.length || mask[i + 1] != mask[i] || tokenizer.isSpecial(tokens[i + 1]);
            if (ends) {
                segments.add(TextSegment.newBuilder()
                        .setText(wholeCharacters(bytes.toByteArray()))
                        .setLoss((mask[i] & 1) == 1)
                        .setRejected((mask[i] & 2) == 2)
                        .setSpecial(special)
                        .build());
                bytes.reset();
            }
        }
        return segments;
    }

    private static byte[] mask(Shard shard, long row, int length) {
        return switch (shard.kind()) {
            case INSTRUCTION, PREFERENCE -> shard.mask(row);
            case CLASSIFICATION -> new byte[length];
            case PRETRAINING -> {
                byte[] mask = new byte[length];
                // The first token cannot be predicted.
                Arrays.fill(mask, Math.min(1, length), length, (byte) 1);
                yield mask;
            }
        };
    }

    /** Decodes UTF-8 without a character at the end whose last bytes are missing. */
    private static String wholeCharacters(byte[] bytes) {
        int last = bytes.length - 1;
        while (last > 0 && last > bytes.length - 4 && (bytes[last] & 0xC0) == 0x80) {
            last--;
        }
        int length = bytes.length;
        if (last >= 0 && (bytes[last] & 0xC0) == 0xC0) {
            int needed = (bytes[last] & 0xF8) == 0xF0 ? 4 : (bytes[last] & 0xF0) == 0xE0 ? 3 : 2;
            length = last + needed > bytes.length ? last : bytes.length;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
