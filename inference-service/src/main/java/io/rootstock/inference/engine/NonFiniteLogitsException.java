package io.rootstock.inference.engine;

/** The model computed logits or hidden states that are NaN or infinite. */
public final class NonFiniteLogitsException extends EngineException {
    private static final long serialVersionUID = 1L;

    public NonFiniteLogitsException() {
        super("its weights give NaN; they are damaged, or their training diverged");
    }
}
