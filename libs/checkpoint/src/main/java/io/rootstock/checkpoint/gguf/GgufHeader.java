package io.rootstock.checkpoint.gguf;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keys and tensor table of a GGUF file, parsed but not validated.
 *
 * @param keys key to value: Long (all integers), Double (all floats), Boolean, String, {@code List<String>} or
 *     {@code List<Number>}
 * @param encoded key to encoded type and value; valid while the file is mapped
 * @param tensors tensor table, in order
 * @param dataStart offset of the tensor data in the file, in bytes
 */
record GgufHeader(Map<String, Object> keys, Map<String, MemorySegment> encoded, List<Tensor> tensors, long dataStart) {
    /**
     * An entry of the tensor table.
     *
     * @param shape row-major, the reverse of the file's order
     * @param offset from the start of the data, in bytes
     */
    record Tensor(String name, List<Long> shape, GgufType type, long offset) {
        long elements() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }

        long bytes() {
            return type.bytes(elements());
        }
    }

    String text(String key) {
        return as(key, String.class, "a text");
    }

    /** Returns a count: 1 to 2^31 - 1. */
    int count(String key) {
        long value = as(key, Long.class, "a whole number");
        require(value >= 1 && value <= Integer.MAX_VALUE, "key " + key + " must be at least 1, is " + value);
        return (int) value;
    }

    double real(String key) {
        double value = as(key, Double.class, "a float");
        require(Double.isFinite(value) && value > 0, "key " + key + " must be a positive number, is " + value);
        return value;
    }

    boolean has(String key) {
        return keys.containsKey(key);
    }

    List<String> texts(String key) {
        return list(key, String.class);
    }

    List<Long> integers(String key) {
        return list(key, Long.class);
    }

    List<Double> reals(String key) {
        return list(key, Double.class);
    }

    Optional<Long> integer(String key) {
        return has(key) ? Optional.of(as(key, Long.class, "a whole number")) : Optional.empty();
    }

    private <T> T as(String key, Class<T> type, String form) {
        Object value = keys.get(key);
        require(value != null, "key " + key + " is missing");
        require(type.isInstance(value), "key " + key + " must be " + form);
        return type.cast(value);
    }

    private <T> List<T> list(String key, Class<T> type) {
        Object value = keys.get(key);
        require(value != null, "key " + key + " is missing");
        require(value instanceof List<?>, "key " + key + " must be a list");
        for (Object element : (List<?>) value) {
            require(type.isInstance(element), "key " + key + " has elements of the wrong type");
        }
        return ((List<?>) value).stream().map(type::cast).toList();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new InvalidGgufException(otherwise);
        }
    }
}
