package io.rootstock.inference.config;

import java.util.List;
import java.util.stream.Stream;

/** The number formats that a model's GGUF file comes in, from the smallest to the exact one. */
public enum Variant {
    /** About 4.9 bits per weight. */
    Q4_K_M,
    /** 8.5 bits per weight. */
    Q8_0,
    /** 16 bits per weight. */
    F16,
    /** The trainer's own 32 bits. */
    F32;

    /** The order in which variants are looked for: this one, the better ones, and only then the worse ones. */
    public List<Variant> preferences() {
        List<Variant> all = List.of(values());
        int self = all.indexOf(this);
        return Stream.concat(all.subList(self, all.size()).stream(), all.subList(0, self).reversed().stream())
                .toList();
    }
}
