package io.rootstock.checkpoint;

/** A tensor of a model: held in memory, or produced when it is written. */
sealed interface Tensor permits NamedTensor, StreamedTensor {
    /** Its Hugging Face name. */
    String name();

    /** Row-major, so [out, in] for a matrix. */
    long[] shape();
}
