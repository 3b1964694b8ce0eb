package io.rootstock.encoding.bpe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A hash of bytes for tables whose keys are compared in full. */
public final class WordHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private WordHash() {}

    /** Returns the hash of {@code text[from, to)}; its high bits are the best mixed. */
    public static long of(byte[] text, int from, int to) {
        long hash = Integer.toUnsignedLong(to - from);
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            hash = mix(hash ^ (long) LONG.get(text, i));
        }
        long rest = 0;
        for (; i < to; i++) {
            rest = rest << 8 | Byte.toUnsignedLong(text[i]);
        }
        return mix(hash ^ rest);
    }

    private static long mix(long value) {
        long product = value * 0x9E3779B97F4A7C15L;
        return (product ^ product >>> 32) * 0xC2B2AE3D27D4EB4FL;
    }
}
