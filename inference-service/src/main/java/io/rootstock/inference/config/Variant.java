package io.rootstock.inference.config;

import java.util.List;
import java.util.stream.Stream;

/** The quantizations that a model's GGUF file comes in. */
public enum Variant {
    /** About 4.9 bits per weight. */
    Q4_K_M,
    /** 8.5 bits per weight. */
    Q8_0,
    /** 16 bits per weight. */
    F16,
    /** The trainer's own 32 bits. */
    F32,
    /** The GGUF file that a model was imported from, unchanged; of other models {@link #Q8_0}. */
    ORIGINAL;

    private static final List<Variant> BY_SIZE = List.of(Q4_K_M, Q8_0, F16, F32);

    /**
     * The order of preference among a version's files: this quantization, the more precise ones, then the less precise
     * ones. ORIGINAL is last unless it is this one, because its quantization is unknown.
     */
    public List<Variant> preferences() {
        if (this == ORIGINAL) {
            return Stream.concat(Stream.of(ORIGINAL), Q8_0.quantizations()).toList();
        }
        return Stream.concat(quantizations(), Stream.of(ORIGINAL)).toList();
    }

    private Stream<Variant> quantizations() {
        List<Variant> all = BY_SIZE;
        int self = all.indexOf(this);
        return Stream.concat(all.subList(self, all.size()).stream(), all.subList(0, self).reversed().stream());
    }
}
