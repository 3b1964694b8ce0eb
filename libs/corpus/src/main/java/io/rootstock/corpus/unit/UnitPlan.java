package io.rootstock.corpus.unit;

import java.util.List;

/**
 * The units of a job, in the order of file names and offsets.
 *
 * @param units units; each shard of the output comes from one of them
 * @param notes facts for the user, in the order of the files
 */
public record UnitPlan(List<Unit> units, List<PlanNote> notes) {
    public UnitPlan {
        units = List.copyOf(units);
        notes = List.copyOf(notes);
    }

    /** Total number of bytes to read. */
    public long bytes() {
        return units.stream().mapToLong(Unit::bytes).sum();
    }
}
