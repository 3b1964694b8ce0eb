package io.rootstock.inference.engine;

/** What the model computes is no numbers. */
public final class NoNumbersException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoNumbersException() {
        super("its weights give NaN; they are damaged, or their training diverged");
    }
}
