package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.InvalidCheckpointException;

/** A GGUF file must not be loaded: llama.cpp would reject it, abort the process, or give wrong output. */
public sealed class InvalidGgufException extends InvalidCheckpointException permits TruncatedGgufException {
    private static final long serialVersionUID = 1L;

    public InvalidGgufException(String reason) {
        super(reason);
    }
}
