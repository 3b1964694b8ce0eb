package io.rootstock.torch;

/** A usable libtorch was not found; the message says what to do. */
public final class LibtorchMissingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LibtorchMissingException(String message, Throwable cause) {
        super(
                message
                        + " Either put the Maven artifacts org.bytedeco:pytorch and org.bytedeco:openblas (classifier "
                        + LibtorchDirectory.PLATFORM + ") on the class path, or set " + LibtorchDirectory.ENVIRONMENT
                        + " to the folder that holds libc10.so and libtorch_cpu.so of a libtorch 2.10 or newer"
                        + " (a pip-installed PyTorch's torch/lib will do).",
                cause);
    }

    /** Repeats the message of an earlier failure for another thread or call. */
    LibtorchMissingException(String messageWithRemedy) {
        super(messageWithRemedy);
    }
}
