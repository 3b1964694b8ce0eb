package io.rootstock.tokenizer.dataset;

import io.rootstock.dataset.Shard;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.tokenizer.v1.TextSegment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Decodes stored rows to text, divided where the loss mask changes and around special tokens. */
final class RowText {
    private final Tokenizer tokenizer;

    RowText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Returns the segments of a row, in order. */
    List<TextSegment> segments(Shard shard, long row) {
        int[] tokens = shard.row(row);
        byte[] mask = mask(shard, row, tokens.length);
        List<TextSegment> segments = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < tokens.length; i++) {
            boolean special = tokenizer.isSpecial(tokens[i]);
            bytes.writeBytes(tokenizer.bytes(tokens[i]));
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
