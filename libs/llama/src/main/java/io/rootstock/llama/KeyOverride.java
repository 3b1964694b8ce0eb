package io.rootstock.llama;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Values with which a model is loaded instead of its file's: llama.cpp's {@code struct llama_model_kv_override}, a tag of 4
 * bytes, a key of 128, and at byte 136 a value of 128. An empty key ends the array.
 */
final class KeyOverride {
    private static final int BOOL = 2;
    private static final int KEY_AT = 4;
    private static final int MAX_KEY_LENGTH = 127;
    private static final int VALUE_AT = 136;
    private static final int BYTES = 264;

    private KeyOverride() {}

    /** Sets one bool in model parameters; the array lives as long as the arena. */
    static void set(MemorySegment modelParameters, String key, boolean value, Arena arena) {
        byte[] ascii = key.getBytes(StandardCharsets.US_ASCII);
        if (ascii.length > MAX_KEY_LENGTH) {
            throw new IllegalArgumentException("key " + key + " has more than " + MAX_KEY_LENGTH + " characters");
        }
        // Allocated memory is zero, so that the second element ends the array.
        MemorySegment overrides = arena.allocate(2L * BYTES, Long.BYTES);
        overrides.set(JAVA_INT, 0, BOOL);
        MemorySegment.copy(ascii, 0, overrides, JAVA_BYTE, KEY_AT, ascii.length);
        overrides.set(JAVA_BYTE, VALUE_AT, (byte) (value ? 1 : 0));
        modelParameters.set(
                ValueLayout.ADDRESS, Structures.MODEL_PARAMETERS.byteOffset(groupElement("kv_overrides")), overrides);
    }
}
