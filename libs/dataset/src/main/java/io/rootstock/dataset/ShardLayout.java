package io.rootstock.dataset;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Layout of a shard file, all little-endian:
 *
 * <pre>
 *  0  u64  magic "RTSKSHRD"
 *  8  u32  version, 1
 * 12  u32  kind: 1 PRETRAINING, 2 INSTRUCTION, 3 CLASSIFICATION, 4 PREFERENCE
 * 16  u32  bytes of a token, 2 or 4
 * 20  u32  zero
 * 24  u64  rows
 * 32  u64  tokens
 * 40  u64  [rows + 1] first token of each row, then the number of tokens
 *     u16 or u32 [tokens] the token ids, padded with zeros to a multiple of 4 bytes
 *     INSTRUCTION: u8 [tokens] 1 where the token is part of an answer
 *     PREFERENCE: u8 [tokens] the same for the chosen answer, and 2 more in the rejected answer's half
 *     CLASSIFICATION: i32 [rows] the label of each row
 * </pre>
 */
final class ShardLayout {
    static final long MAGIC = 0x4452_4853_4B53_5452L;
    static final int VERSION = 1;
    static final long KIND = 12;
    static final long TOKEN_BYTES = 16;
    static final long ROWS = 24;
    static final long TOKENS = 32;
    static final long OFFSETS = 40;

    /** Largest vocabulary whose ids fit into two bytes. */
    static final int TWO_BYTE_VOCABULARY = 1 << 16;

    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ShardLayout() {}

    static int code(DatasetKind kind) {
        return switch (kind) {
            case PRETRAINING -> 1;
            case INSTRUCTION -> 2;
            case CLASSIFICATION -> 3;
            case PREFERENCE -> 4;
        };
    }

    static Optional<DatasetKind> kindOf(int code) {
        return Arrays.stream(DatasetKind.values())
                .filter(kind -> code(kind) == code)
                .findFirst();
    }

    static long tokensAt(long rows) {
        return OFFSETS + (rows + 1) * Long.BYTES;
    }

    static long padding(long tokens, int tokenBytes) {
        return -(tokens * tokenBytes) & 3;
    }

    static long extrasAt(long rows, long tokens, int tokenBytes) {
        return tokensAt(rows) + tokens * tokenBytes + padding(tokens, tokenBytes);
    }

    static long fileBytes(DatasetKind kind, long rows, long tokens, int tokenBytes) {
        return extrasAt(rows, tokens, tokenBytes)
                + switch (kind) {
                    case PRETRAINING -> 0;
                    case INSTRUCTION, PREFERENCE -> tokens;
                    case CLASSIFICATION -> rows * Integer.BYTES;
                };
    }
}
