package io.rootstock.corpus.engine;

import java.io.Serializable;
import java.util.List;

/**
 * A unit as an input of one stage.
 *
 * @param index position in the order of units, from 0
 * @param name name of the unit, for errors and reports
 * @param source description for the task that reads the unit, such as a path with a range; not part of the receipt key,
 *     because the digest names the content; empty in other stages
 * @param digest digest of everything that the task reads for this unit: the unit itself, or the results of the stages
 *     before
 * @param bytes size of the input, for progress
 * @param firstDocument number of documents in the units before, from the receipts of the stage before; 0 while unknown
 */
public record WorkUnit(int index, String name, String source, String digest, long bytes, long firstDocument)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Returns this unit with another digest. */
    public WorkUnit withDigest(String changed) {
        return new WorkUnit(index, name, source, changed, bytes, firstDocument);
    }

    /** Throws {@link IllegalArgumentException} unless the units have the indexes 0 to n-1, in this order. */
    public static void requireOrder(List<WorkUnit> units) {
        for (int i = 0; i < units.size(); i++) {
            if (units.get(i).index() != i) {
                throw new IllegalArgumentException("unit " + units.get(i).name() + " has index "
                        + units.get(i).index() + ", not " + i + "; pass units in order");
            }
        }
    }
}
