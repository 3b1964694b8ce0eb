package io.rootstock.corpus.engine;

import java.io.IOException;

/** First task of {@link DataEngine#exchange}. Equal units and workspaces give equal arrays. */
@FunctionalInterface
public non-sealed interface EmitTask extends Task {
    /**
     * Emits the arrays of a unit.
     *
     * @param buckets number of buckets
     * @return one array for each bucket, empty where the unit has nothing for it
     */
    byte[][] emit(WorkUnit unit, int buckets, TaskContext context) throws IOException;
}
