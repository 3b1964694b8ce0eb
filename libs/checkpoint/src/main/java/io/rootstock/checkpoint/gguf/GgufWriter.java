package io.rootstock.checkpoint.gguf;

import io.rootstock.files.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a GGUF file, version 3: keys, tensor table, tensors, each tensor padded to 32 bytes. Keys and tensors are
 * written in the order of their addition; a tensor's data is produced when it is written, so that a model is never
 * twice in memory.
 */
public final class GgufWriter {
    static final int MAGIC = 0x46554747;
    static final int VERSION = 3;
    static final int ALIGNMENT = 32;

    static final int UINT32 = 4;
    static final int INT32 = 5;
    static final int FLOAT32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;

    private final Map<String, byte[]> keys = new LinkedHashMap<>();
    private final List<Tensor> tensors = new ArrayList<>();

    /** Writes the bytes of a tensor. */
    @FunctionalInterface
    interface Data {
        void writeTo(FileChannel channel) throws IOException;
    }

    private record Tensor(String name, List<Long> shape, GgufType type, Data data) {
        long bytes() {
            return type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
        }
    }

    /** Adds an unsigned 32-bit integer. */
    public GgufWriter unsigned(String key, long value) {
        return key(key, bytes(UINT32, 4).putInt((int) value));
    }

    /** Adds a 32-bit float. */
    public GgufWriter real(String key, float value) {
        return key(key, bytes(FLOAT32, 4).putFloat(value));
    }

    /** Adds a boolean value. */
    public GgufWriter bool(String key, boolean value) {
        return key(key, bytes(BOOL, 1).put((byte) (value ? 1 : 0)));
    }

    /** Adds a string value. */
    public GgufWriter text(String key, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return key(
                key,
                bytes(STRING, Long.BYTES + utf8.length).putLong(utf8.length).put(utf8));
    }

    /** Adds a list of strings. */
    public GgufWriter texts(String key, List<String> values) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes(littleEndian(12).putInt(STRING).putLong(values.size()).array());
        for (String value : values) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            list.writeBytes(littleEndian(Long.BYTES).putLong(utf8.length).array());
            list.writeBytes(utf8);
        }
        return key(key, bytes(ARRAY, list.size()).put(list.toByteArray()));
    }

    /** Adds a list of 32-bit integers. */
    public GgufWriter integers(String key, int[] values) {
        ByteBuffer list =
                bytes(ARRAY, 12 + values.length * Integer.BYTES).putInt(INT32).putLong(values.length);
        for (int value : values) {
            list.putInt(value);
        }
        return key(key, list);
    }

    /** Adds a list of 32-bit floats. */
    public GgufWriter reals(String key, float[] values) {
        ByteBuffer list =
                bytes(ARRAY, 12 + values.length * Float.BYTES).putInt(FLOAT32).putLong(values.length);
        for (float value : values) {
            list.putFloat(value);
        }
        return key(key, list);
    }

    /** Adds a key of another file: its encoded type and value. */
    GgufWriter encoded(String key, MemorySegment typeAndValue) {
        byte[] bytes = typeAndValue.toArray(ValueLayout.JAVA_BYTE);
        return key(key, ByteBuffer.allocate(bytes.length).put(bytes));
    }

    /** Adds a tensor of a row-major shape; {@code data} writes its bytes later. */
    GgufWriter tensor(String name, long[] shape, GgufType type, Data data) {
        List<Long> dimensions = new ArrayList<>();
        for (long dimension : shape) {
            dimensions.add(dimension);
        }
        tensors.add(new Tensor(name, List.copyOf(dimensions), type, data));
        return this;
    }

    /** Writes the file; it appears complete or not at all. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, channel -> {
            AtomicFile.append(channel, ByteBuffer.wrap(head()));
            pad(channel);
            for (Tensor tensor : tensors) {
                long begin = channel.position();
                tensor.data().writeTo(channel);
                if (channel.position() - begin != tensor.bytes()) {
                    throw new IllegalStateException("tensor " + tensor.name() + " wrote " + (channel.position() - begin)
                            + " bytes instead of " + tensor.bytes());
                }
                pad(channel);
            }
        });
    }

    private byte[] head() {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(littleEndian(24)
                .putInt(MAGIC)
                .putInt(VERSION)
                .putLong(tensors.size())
                .putLong(keys.size())
                .array());
        keys.forEach((key, value) -> {
            head.writeBytes(name(key));
            head.writeBytes(value);
        });
        long offset = 0;
        for (Tensor tensor : tensors) {
            head.writeBytes(name(tensor.name()));
            ByteBuffer entry = littleEndian(4 + tensor.shape().size() * Long.BYTES + 4 + Long.BYTES)
                    .putInt(tensor.shape().size());
            // GGUF lists the fastest-changing dimension first.
            tensor.shape().reversed().forEach(entry::putLong);
            head.writeBytes(content(entry.putInt(tensor.type().number()).putLong(offset)));
            offset = Math.ceilDiv(offset + tensor.bytes(), ALIGNMENT) * ALIGNMENT;
        }
        return head.toByteArray();
    }

    private static void pad(FileChannel channel) throws IOException {
        int rest = (int) (channel.position() % ALIGNMENT);
        if (rest != 0) {
            AtomicFile.append(channel, ByteBuffer.allocate(ALIGNMENT - rest));
        }
    }

    private GgufWriter key(String key, ByteBuffer value) {
        if (keys.put(key, content(value)) != null) {
            throw new IllegalArgumentException("key " + key + " was written twice");
        }
        return this;
    }

    private static ByteBuffer bytes(int type, int length) {
        return littleEndian(Integer.BYTES + length).putInt(type);
    }

    private static byte[] name(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return littleEndian(Long.BYTES + utf8.length)
                .putLong(utf8.length)
                .put(utf8)
                .array();
    }

    private static byte[] content(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.flip().get(bytes);
        return bytes;
    }

    private static ByteBuffer littleEndian(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
