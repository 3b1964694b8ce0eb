package io.rootstock.trainer.engine.model;

import java.lang.foreign.MemorySegment;

/**
 * One parameter under its Hugging Face name, as a view of the flat master weights.
 *
 * @param name for example {@code model.layers.0.self_attn.q_proj.weight}
 * @param shape [out,in] of a matrix, [D] of a norm gain or a bias
 * @param values row-major, float32 or float64; valid until the engine is closed. Call the engine's
 *     {@code weightsChanged()} after writing
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ParameterView(String name, long[] shape, MemorySegment values) {
    /** Number of values. */
    public long elements() {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return count;
    }
}
