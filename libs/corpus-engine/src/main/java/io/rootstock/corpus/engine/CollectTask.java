package io.rootstock.corpus.engine;

import java.io.IOException;

/** Second task of {@link DataEngine#exchange}. Equal arrays and workspaces give equal files and results. */
@FunctionalInterface
public non-sealed interface CollectTask extends Task {
    /**
     * Processes the arrays of all units for one bucket; writes files through the context.
     *
     * @return a small JSON value for the receipt
     */
    String collect(BucketInput bucket, TaskContext context) throws IOException;
}
