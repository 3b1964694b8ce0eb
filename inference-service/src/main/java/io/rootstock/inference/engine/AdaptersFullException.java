package io.rootstock.inference.engine;

/** No loaded adapter can be evicted for another one: all are pinned or in use. */
public final class AdaptersFullException extends EngineException {
    private static final long serialVersionUID = 1L;

    public AdaptersFullException(int most) {
        super("all " + most + " loaded adapters are pinned or in use");
    }
}
