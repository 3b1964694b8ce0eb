package io.rootstock.checkpoint.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the header of a GGUF file; never reads beyond the file or allocates more than the file could hold. */
final class GgufReader {
    private static final long MAX_TENSORS = 100_000;
    private static final long MAX_KEYS = 10_000;
    private static final long MAX_KEY_BYTES = 1024;
    /** Limit of llama.cpp. */
    private static final long MAX_NAME_BYTES = 63;

    private static final long MAX_TEXT_BYTES = 1 << 20;
    private static final long MAX_LIST_LENGTH = 1 << 24;
    private static final int MAX_DIMENSIONS = 4;

    private final MemorySegment file;
    private long position;

    private GgufReader(MemorySegment file) {
        this.file = file;
    }

    static GgufHeader read(MemorySegment file) {
        return new GgufReader(file).read();
    }

    private GgufHeader read() {
        require(unsigned32("the magic") == GgufWriter.MAGIC, "the file does not begin with GGUF");
        long version = unsigned32("the version");
        require(version == GgufWriter.VERSION, "the version must be " + GgufWriter.VERSION + ", is " + version);
        long tensorCount = count64("the number of tensors", MAX_TENSORS);
        long keyCount = count64("the number of keys", MAX_KEYS);
        Map<String, Object> keys = new LinkedHashMap<>();
        Map<String, MemorySegment> encoded = new LinkedHashMap<>();
        for (long i = 0; i < keyCount; i++) {
            String key = text("key " + i, MAX_KEY_BYTES);
            long begin = position;
            Object value = value(key, (int) unsigned32("the type of key " + key), false);
            require(keys.put(key, value) == null, "key " + key + " is there twice");
            encoded.put(key, file.asSlice(begin, position - begin));
        }
        Object alignment = keys.getOrDefault("general.alignment", (long) GgufWriter.ALIGNMENT);
        require(
                alignment.equals((long) GgufWriter.ALIGNMENT),
                "general.alignment must be " + GgufWriter.ALIGNMENT + ", is " + alignment);
        List<GgufHeader.Tensor> tensors = new ArrayList<>();
        for (long i = 0; i < tensorCount; i++) {
            tensors.add(tensor(i));
        }
        long dataStart = Math.ceilDiv(position, GgufWriter.ALIGNMENT) * GgufWriter.ALIGNMENT;
        return new GgufHeader(keys, encoded, tensors, dataStart);
    }

    private GgufHeader.Tensor tensor(long index) {
        String name = text("the name of tensor " + index, MAX_NAME_BYTES);
        require(!name.isEmpty(), "tensor " + index + " has no name");
        long dimensions = unsigned32("the dimensions of " + name);
        require(
                dimensions >= 1 && dimensions <= MAX_DIMENSIONS,
                "tensor " + name + " must have 1 to 4 dimensions, has " + dimensions);
        List<Long> shape = new ArrayList<>();
        long elements = 1;
        for (int i = 0; i < dimensions; i++) {
            long length = signed64("the dimensions of " + name);
            require(
                    length >= 1 && elements <= Long.MAX_VALUE / Double.BYTES / length,
                    "tensor " + name + " has an impossible dimension " + length);
            elements *= length;
            shape.addFirst(length);
        }
        int number = (int) unsigned32("the type of " + name);
        GgufType type = GgufType.of(number)
                .orElseThrow(() -> new InvalidGgufException("tensor " + name + " has the unknown type " + number
                        + "; supported are F32, F16, BF16 and the types of quantized weights of llama.cpp"));
        require(
                shape.getLast() % type.blockElements() == 0,
                "tensor " + name + " has rows of " + shape.getLast() + ", which " + type + " cannot hold");
        return new GgufHeader.Tensor(name, List.copyOf(shape), type, signed64("the offset of " + name));
    }

    private Object value(String key, int type, boolean inList) {
        return switch (type) {
            case 0 -> (long) Byte.toUnsignedInt(take(1, key).get(ValueLayout.JAVA_BYTE, 0));
            case 1 -> (long) take(1, key).get(ValueLayout.JAVA_BYTE, 0);
            case 2 -> (long) Short.toUnsignedInt(take(2, key).get(ValueLayout.JAVA_SHORT_UNALIGNED, 0));
            case 3 -> (long) take(2, key).get(ValueLayout.JAVA_SHORT_UNALIGNED, 0);
            case GgufWriter.UINT32 -> unsigned32(key);
            case GgufWriter.INT32 -> (long) take(4, key).get(ValueLayout.JAVA_INT_UNALIGNED, 0);
            case GgufWriter.FLOAT32 -> (double) take(4, key).get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
            case GgufWriter.BOOL -> {
                byte bool = take(1, key).get(ValueLayout.JAVA_BYTE, 0);
                require(bool == 0 || bool == 1, "key " + key + " must be true or false, is " + bool);
                yield bool == 1;
            }
            case GgufWriter.STRING -> text(key, MAX_TEXT_BYTES);
            case GgufWriter.ARRAY -> {
                require(!inList, "key " + key + " is a list of lists");
                yield list(key);
            }
            case 10, 11 -> signed64(key);
            case 12 -> take(8, key).get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0);
            default -> throw new InvalidGgufException("key " + key + " has the unknown type " + type);
        };
    }

    private List<Object> list(String key) {
        int type = (int) unsigned32("the type of list " + key);
        long length = count64("the length of list " + key, MAX_LIST_LENGTH);
        if (length > (file.byteSize() - position) / leastBytes(type)) {
            throw new TruncatedGgufException("list " + key + " of " + length + " reaches beyond the file");
        }
        List<Object> list = new ArrayList<>((int) Math.min(length, 1 << 16));
        for (long i = 0; i < length; i++) {
            list.add(value(key, type, true));
        }
        return list;
    }

    /** Minimum bytes of an element; rejects list lengths that the file cannot hold. */
    private static int leastBytes(int type) {
        return switch (type) {
            case GgufWriter.STRING, 10, 11, 12 -> 8;
            case GgufWriter.UINT32, GgufWriter.INT32, GgufWriter.FLOAT32 -> 4;
            case 2, 3 -> 2;
            default -> 1;
        };
    }

    private String text(String what, long longest) {
        long length = count64("the length of " + what, longest);
        ByteBuffer bytes = take(length, what).asByteBuffer();
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            // In C the string would end there: two tokens could be equal, or a key differ.
            require(text.indexOf('\0') < 0, what + " holds U+0000");
            return text;
        } catch (CharacterCodingException e) {
            throw new InvalidGgufException(what + " is not UTF-8");
        }
    }

    private long count64(String what, long most) {
        long count = signed64(what);
        require(count >= 0 && count <= most, what + " must be 0 to " + most + ", is " + Long.toUnsignedString(count));
        return count;
    }

    private long unsigned32(String what) {
        return Integer.toUnsignedLong(take(4, what).get(ValueLayout.JAVA_INT_UNALIGNED, 0));
    }

    private long signed64(String what) {
        return take(8, what).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    private MemorySegment take(long bytes, String what) {
        if (bytes > file.byteSize() - position) {
            throw new TruncatedGgufException("the file ends within " + what);
        }
        MemorySegment slice = file.asSlice(position, bytes);
        position += bytes;
        return slice;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new InvalidGgufException(otherwise);
        }
    }
}
