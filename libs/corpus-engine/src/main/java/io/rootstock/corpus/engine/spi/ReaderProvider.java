package io.rootstock.corpus.engine.spi;

import java.util.Optional;

/** Creates the readers of a jar, which names its provider in {@code META-INF/services}. Thread-safe. */
@FunctionalInterface
public interface ReaderProvider {
    /**
     * Creates a reader; empty if this provider does not know its name.
     *
     * @throws IllegalArgumentException if a parameter is invalid
     */
    Optional<DocumentReader> create(ComponentSpec spec);
}
