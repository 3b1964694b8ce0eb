package io.rootstock.corpus.engine;

import java.io.Serializable;

/**
 * A task for every unit.
 *
 * @param name name in progress, errors and paths of receipts: lower-case letters, digits and hyphens
 * @param task a {@link UnitTask}
 */
public record Stage(String name, TaskSpec task) implements Serializable {
    private static final long serialVersionUID = 1L;

    public Stage {
        StageNames.require(name);
    }
}
