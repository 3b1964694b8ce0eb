package io.rootstock.cuda;

/** A call of CUDA's failed; the message has its name and CUDA's own words. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String function;

    CudaException(String function, String reason) {
        super(function + ": " + reason);
        this.function = function;
    }

    /** The C function that failed, for example {@code cuLaunchKernel}. */
    public String function() {
        return function;
    }
}
