package io.rootstock.checkpoint;

/** A tensor of a model: in memory, or produced when it is written. */
public sealed interface Tensor permits NamedTensor, StreamedTensor {
    /** Name in Hugging Face's format. */
    String name();

    /** Dimensions in row-major order, so [out, in] for a matrix. */
    long[] shape();
}
