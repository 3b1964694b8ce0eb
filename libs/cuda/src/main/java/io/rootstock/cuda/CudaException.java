package io.rootstock.cuda;

/** A CUDA call failed; the message has its name and CUDA's error text. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String function;

    CudaException(String function, String reason) {
        super(function + ": " + reason);
        this.function = function;
    }

    /** Name of the failed C function, for example {@code cuLaunchKernel}. */
    public String function() {
        return function;
    }
}
