package io.rootstock.checkpoint.sentencepiece;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the fields of one message in protobuf's wire format.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers: Encoding</a>
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final byte[] message;
    private int position;
    private final int end;
    private int wireType;

    ProtobufReader(byte[] message) {
        this.message = message;
        this.end = message.length;
    }

    /** Reads the next field's tag and returns its number; 0 at the end of the message. */
    int next() {
        if (position == end) {
            return 0;
        }
        long tag = varint();
        wireType = (int) tag & 7;
        if (tag >>> 3 == 0 || tag >>> 3 > Integer.MAX_VALUE) {
            throw damaged("field number " + (tag >>> 3));
        }
        return (int) (tag >>> 3);
    }

    /** Reads the value of a field of a number, an enum or a bool. */
    long number() {
        require(VARINT);
        return varint();
    }

    boolean bool() {
        return number() != 0;
    }

    float decimal() {
        require(FIXED32);
        int bits = 0;
        for (int i = 0; i < Float.BYTES; i++) {
            bits |= (read() & 0xFF) << (i * Byte.SIZE);
        }
        return Float.intBitsToFloat(bits);
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        require(LENGTH_DELIMITED);
        return take(varint());
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> take(Long.BYTES);
            case LENGTH_DELIMITED -> take(varint());
            case FIXED32 -> take(Integer.BYTES);
            default -> throw damaged("wire type " + wireType);
        }
    }

    private byte[] take(long length) {
        if (length < 0 || length > end - position) {
            throw damaged("a field of " + length + " bytes");
        }
        position += (int) length;
        return Arrays.copyOfRange(message, position - (int) length, position);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte part = read();
            value |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw damaged("a number of more than ten bytes");
    }

    private byte read() {
        if (position == end) {
            throw damaged("the end is missing");
        }
        return message[position++];
    }

    private void require(int expected) {
        if (wireType != expected) {
            throw damaged("wire type " + wireType + " instead of " + expected);
        }
    }

    private IllegalArgumentException damaged(String what) {
        return new IllegalArgumentException("no protobuf message: " + what + " at byte " + position);
    }
}
