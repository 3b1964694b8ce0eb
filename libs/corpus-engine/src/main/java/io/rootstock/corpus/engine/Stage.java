package io.rootstock.corpus.engine;

import io.rootstock.corpus.engine.Task.UnitTask;
import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * A task for every unit.
 *
 * @param name name in progress, errors and paths of receipts: lower-case letters, digits and hyphens
 * @param task a {@link UnitTask}
 */
public record Stage(String name, TaskSpec task) implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    public Stage {
        requireName(name);
    }

    static void requireName(String name) {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException("stage name '" + name
                    + "' is invalid; use up to 64 lower-case letters, digits and hyphens, beginning with no hyphen");
        }
    }
}
