package io.rootstock.inference.engine;

import java.time.Duration;

/** The client read nothing for the stall limit and lost its slot. */
public final class ReaderStalledException extends EngineException {
    private static final long serialVersionUID = 1L;

    public ReaderStalledException(Duration limit) {
        super("nothing was read for " + limit.toSeconds() + " s while text was waiting");
    }
}
