package io.rootstock.checkpoint.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Changes single fields in the bytes of a GGUF file. */
final class GgufBytes {
    private GgufBytes() {}

    static byte[] put(byte[] bytes, int position, int value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(position, value);
        return bytes;
    }

    static byte[] put(byte[] bytes, int position, long value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(position, value);
        return bytes;
    }

    /** Changes the last letter of a key's or tensor's name, so that look-ups do not find it. */
    static byte[] rename(byte[] bytes, String name) {
        bytes[end(bytes, name) - 1] = '_';
        return bytes;
    }

    static byte[] type(byte[] bytes, String key, int type) {
        return put(bytes, end(bytes, key), type);
    }

    static byte[] value(byte[] bytes, String key, int value) {
        return put(bytes, end(bytes, key) + Integer.BYTES, value);
    }

    /** Changes a field in the table entry of a one-dimensional tensor: 0 dimensions, 4 length, 12 type, 16 offset. */
    static byte[] tensor(byte[] bytes, String name, int field, int value) {
        return put(bytes, end(bytes, name) + field, value);
    }

    /** Replaces the first string equal to {@code text} by another of equal length. */
    static byte[] replace(byte[] bytes, String text, String other) {
        System.arraycopy(other.getBytes(UTF_8), 0, bytes, end(bytes, text) - text.length(), text.length());
        return bytes;
    }

    /** Inserts a key before all others; its value has four bytes, or one for a boolean. */
    static byte[] add(byte[] bytes, String key, int type, int value) {
        int first = 24;
        // The last table entry is the final norm: one dimension, its length, the type, the offset.
        int header = end(bytes, "output_norm.weight") + 24;
        int size = Long.BYTES + key.length() + Integer.BYTES + (type == 7 ? 1 : Integer.BYTES);
        byte[] more = new byte[(header + size + 31) / 32 * 32 + bytes.length - (header + 31) / 32 * 32];
        ByteBuffer out = ByteBuffer.wrap(more).order(ByteOrder.LITTLE_ENDIAN);
        out.put(bytes, 0, first).putLong(key.length()).put(key.getBytes(UTF_8)).putInt(type);
        if (type == 7) {
            out.put((byte) value);
        } else {
            out.putInt(value);
        }
        out.put(bytes, first, header - first);
        int data = (header + 31) / 32 * 32;
        System.arraycopy(bytes, data, more, more.length - (bytes.length - data), bytes.length - data);
        out.putLong(16, out.getLong(16) + 1);
        return more;
    }

    /** Returns the position after a length-prefixed string. */
    static int end(byte[] bytes, String text) {
        byte[] wanted = ByteBuffer.allocate(Long.BYTES + text.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length())
                .put(text.getBytes(UTF_8))
                .array();
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i + wanted.length;
            }
        }
        throw new AssertionError("the file has no " + text);
    }

    /** Replaces bytes after a string. */
    static byte[] after(byte[] bytes, String text, int offset, int... values) {
        int position = end(bytes, text) + offset;
        for (int value : values) {
            bytes[position++] = (byte) value;
        }
        return bytes;
    }
}
