package io.rootstock.llama;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The sections of a GGUF file, to write them again with changes that no writer makes. */
final class GgufSections {
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final long TRUE_NUMBER = Long.MIN_VALUE;
    private static final int ALIGNMENT = 32;

    /** A key: its name and value as encoded bytes, without lengths that its writer adds. */
    record Key(ByteBuffer name, int type, ByteBuffer value) {
        Key(String name, int type, byte[] value) {
            this(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)), type, ByteBuffer.wrap(value));
        }

        boolean named(String other) {
            return StandardCharsets.UTF_8.decode(name.duplicate()).toString().equals(other);
        }
    }

    /** A line of the table of tensors. */
    record Tensor(String name, List<Long> dimensions, int type, long offset) {}

    int magic = 0x46554747;
    int version = 3;
    final List<Key> keys = new ArrayList<>();
    final List<Tensor> tensors = new ArrayList<>();
    long statedTensors = TRUE_NUMBER;
    long statedKeys = TRUE_NUMBER;
    /** Length of the first key's name that the file states. */
    long statedNameLength = TRUE_NUMBER;

    private byte[] data = {};

    /** Reads a valid file. */
    static GgufSections read(byte[] file) {
        GgufSections sections = new GgufSections();
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(8);
        long tensorCount = in.getLong();
        long keyCount = in.getLong();
        for (long i = 0; i < keyCount; i++) {
            byte[] name = bytes(in, in.getLong());
            int type = in.getInt();
            int start = in.position();
            skip(in, type);
            byte[] value = new byte[in.position() - start];
            in.get(start, value);
            sections.keys.add(new Key(ByteBuffer.wrap(name), type, ByteBuffer.wrap(value)));
        }
        for (long i = 0; i < tensorCount; i++) {
            String name = new String(bytes(in, in.getLong()), StandardCharsets.UTF_8);
            int count = in.getInt();
            List<Long> dimensions = new ArrayList<>();
            for (int d = 0; d < count; d++) {
                dimensions.add(in.getLong());
            }
            sections.tensors.add(new Tensor(name, dimensions, in.getInt(), in.getLong()));
        }
        in.position(Math.ceilDiv(in.position(), ALIGNMENT) * ALIGNMENT);
        sections.data = bytes(in, in.remaining());
        return sections;
    }

    private static byte[] bytes(ByteBuffer in, long length) {
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private static void skip(ByteBuffer in, int type) {
        switch (type) {
            case STRING -> bytes(in, in.getLong());
            case ARRAY -> {
                int element = in.getInt();
                long length = in.getLong();
                for (long i = 0; i < length; i++) {
                    skip(in, element);
                }
            }
            case 0, 1, BOOL -> bytes(in, 1);
            case 2, 3 -> bytes(in, 2);
            case 10, 11, 12 -> bytes(in, 8);
            default -> bytes(in, 4);
        }
    }

    /** Replaces the value of a key, or adds the key. */
    void set(String name, int type, byte[] value) {
        keys.removeIf(key -> key.named(name));
        keys.add(new Key(name, type, value));
    }

    /** The bytes in front of the tensors' data. */
    byte[] header() {
        Out out = new Out();
        out.i32(magic).i32(version);
        out.i64(statedTensors == TRUE_NUMBER ? tensors.size() : statedTensors);
        out.i64(statedKeys == TRUE_NUMBER ? keys.size() : statedKeys);
        for (int i = 0; i < keys.size(); i++) {
            Key key = keys.get(i);
            out.i64(
                    i == 0 && statedNameLength != TRUE_NUMBER
                            ? statedNameLength
                            : key.name().capacity());
            out.raw(key.name()).i32(key.type()).raw(key.value());
        }
        for (Tensor tensor : tensors) {
            out.text(tensor.name()).i32(tensor.dimensions().size());
            for (long dimension : tensor.dimensions()) {
                out.i64(dimension);
            }
            out.i32(tensor.type()).i64(tensor.offset());
        }
        return out.bytes();
    }

    /** The complete file. */
    byte[] write() {
        byte[] header = header();
        int start = Math.ceilDiv(header.length, ALIGNMENT) * ALIGNMENT;
        byte[] file = new byte[start + data.length];
        System.arraycopy(header, 0, file, 0, header.length);
        System.arraycopy(data, 0, file, start, data.length);
        return file;
    }

    /** Little-endian bytes. */
    static final class Out {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Out raw(byte... value) {
            bytes.writeBytes(value);
            return this;
        }

        Out raw(ByteBuffer value) {
            byte[] copy = new byte[value.remaining()];
            value.duplicate().get(copy);
            return raw(copy);
        }

        Out i32(int value) {
            return raw(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .flip());
        }

        Out i64(long value) {
            return raw(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .flip());
        }

        Out text(String value) {
            byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
            return i64(encoded.length).raw(encoded);
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
