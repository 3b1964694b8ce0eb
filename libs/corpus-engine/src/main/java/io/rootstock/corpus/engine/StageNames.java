package io.rootstock.corpus.engine;

import java.util.regex.Pattern;

/** Rule for names of stages, which are names of directories. */
final class StageNames {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    private StageNames() {}

    static void require(String name) {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException("stage name '" + name
                    + "' is invalid; use up to 64 lower-case letters, digits and hyphens, beginning with no hyphen");
        }
    }
}
