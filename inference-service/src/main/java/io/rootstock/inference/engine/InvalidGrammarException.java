package io.rootstock.inference.engine;

/** A request's grammar is not valid GBNF with a rule {@code root}. */
public final class InvalidGrammarException extends EngineException {
    private static final long serialVersionUID = 1L;

    public InvalidGrammarException(String message) {
        super(message);
    }
}
