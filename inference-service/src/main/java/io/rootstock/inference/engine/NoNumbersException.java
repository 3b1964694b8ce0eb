package io.rootstock.inference.engine;

/** What the model computes is no numbers: its weights, or what its file says of them, are damaged. */
public final class NoNumbersException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoNumbersException() {
        super("the model computes no numbers; its weights are damaged, or a key of its file is out of bounds");
    }
}
