package io.rootstock.inference.engine;

/** No adapter can be dropped to make room for another: all are pinned or in use. */
public final class AdaptersFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AdaptersFullException(int most) {
        super("all " + most + " loaded adapters are pinned or in use");
    }
}
