package io.rootstock.checkpoint;

/** A GGUF file must not be loaded: llama.cpp would refuse it, end the process, or answer wrongly. */
public sealed class InvalidGgufException extends InvalidCheckpointException permits TruncatedGgufException {
    private static final long serialVersionUID = 1L;

    public InvalidGgufException(String reason) {
        super(reason);
    }
}
