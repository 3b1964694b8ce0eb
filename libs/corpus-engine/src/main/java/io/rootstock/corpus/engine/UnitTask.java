package io.rootstock.corpus.engine;

import java.io.IOException;

/** Task of {@link DataEngine#each}. Equal units and workspaces give equal files and results. */
@FunctionalInterface
public non-sealed interface UnitTask extends Task {
    /**
     * Processes a unit; writes files through the context.
     *
     * @return a small JSON value for the receipt
     */
    String run(WorkUnit unit, TaskContext context) throws IOException;
}
