package io.rootstock.corpus.engine;

import java.io.IOException;

/** A task that a worker created from its description. Used by one thread. */
public sealed interface Task {
    /** Task of {@link DataEngine#each}. Equal units and workspaces give equal files and results. */
    @FunctionalInterface
    non-sealed interface UnitTask extends Task {
        /**
         * Processes a unit; writes files through the context.
         *
         * @return a small JSON value for the receipt
         */
        String run(WorkUnit unit, TaskContext context) throws IOException;
    }

    /** First task of {@link DataEngine#exchange}. Equal units and workspaces give equal arrays. */
    @FunctionalInterface
    non-sealed interface EmitTask extends Task {
        /**
         * Emits the arrays of a unit.
         *
         * @param buckets number of buckets
         * @return one array for each bucket, empty where the unit has nothing for it
         */
        byte[][] emit(WorkUnit unit, int buckets, TaskContext context) throws IOException;
    }

    /** Second task of {@link DataEngine#exchange}. Equal arrays and workspaces give equal files and results. */
    @FunctionalInterface
    non-sealed interface CollectTask extends Task {
        /**
         * Processes the arrays of all units for one bucket; writes files through the context.
         *
         * @return a small JSON value for the receipt
         */
        String collect(BucketInput bucket, TaskContext context) throws IOException;
    }
}
