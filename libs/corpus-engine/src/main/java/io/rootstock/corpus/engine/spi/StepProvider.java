package io.rootstock.corpus.engine.spi;

import io.rootstock.corpus.DocumentStep;
import java.util.Optional;

/** Creates the steps of a jar, which names its provider in {@code META-INF/services}. Thread-safe. */
@FunctionalInterface
public interface StepProvider {
    /**
     * Creates a step; empty if this provider does not know its name. A worker creates a step once and uses it for all units.
     *
     * @throws IllegalArgumentException if a parameter is invalid
     */
    Optional<DocumentStep> create(ComponentSpec spec);
}
