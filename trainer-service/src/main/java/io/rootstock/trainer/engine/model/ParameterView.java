package io.rootstock.trainer.engine;

import java.lang.foreign.MemorySegment;

/**
 * One parameter under its Hugging Face name, as a view of the engine's flat master weights.
 *
 * @param name for example {@code model.layers.0.self_attn.q_proj.weight}
 * @param shape [out, in] of a matrix or [D] of a norm gain
 * @param values row-major float32 (float64 under {@link Precision#FLOAT64}); call {@link Engine#weightsChanged()} after
 *     writing; valid until the engine is closed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
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
