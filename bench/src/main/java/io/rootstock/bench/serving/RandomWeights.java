package io.rootstock.bench.serving;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Weights of an untrained model. All matrices but the output matrix are slices of one pool of normally distributed
 * numbers at different offsets, so that 1.1 billion weights need no more memory than the largest matrix.
 */
final class RandomWeights {
    private static final double DEVIATION = 0.02;
    private static final int MAX_SHIFT = 1 << 20;

    private final ModelShape model;
    private final Arena arena;
    private final SplittableRandom random;
    private final MemorySegment pool;

    RandomWeights(ModelShape model, Arena arena, long seed) {
        this.model = model;
        this.arena = arena;
        this.random = new SplittableRandom(seed);
        long largest = LlamaTensors.expected(model).values().stream()
                .mapToLong(RandomWeights::elements)
                .max()
                .orElseThrow();
        this.pool = normal(largest + MAX_SHIFT);
    }

    /** Returns all tensors of the model; norms are 1. */
    List<NamedTensor> tensors() {
        List<NamedTensor> tensors = new ArrayList<>();
        LlamaTensors.expected(model)
                .forEach((name, shape) -> tensors.add(new NamedTensor(name, shape, values(name, shape))));
        return tensors;
    }

    private MemorySegment values(String name, long[] shape) {
        long elements = elements(shape);
        if (shape.length == 1) {
            MemorySegment ones = arena.allocate(JAVA_FLOAT, elements);
            for (long i = 0; i < elements; i++) {
                ones.setAtIndex(JAVA_FLOAT, i, 1);
            }
            return ones;
        }
        if (name.equals(LlamaTensors.HEAD)) {
            return normal(elements);
        }
        return pool.asSlice(random.nextInt(MAX_SHIFT) * (long) Float.BYTES, elements * Float.BYTES);
    }

    private MemorySegment normal(long elements) {
        MemorySegment values = arena.allocate(JAVA_FLOAT, elements);
        for (long i = 0; i < elements; i++) {
            values.setAtIndex(JAVA_FLOAT, i, (float) (DEVIATION * random.nextGaussian()));
        }
        return values;
    }

    private static long elements(long[] shape) {
        long product = 1;
        for (long dimension : shape) {
            product *= dimension;
        }
        return product;
    }
}
