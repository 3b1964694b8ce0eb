package io.rootstock.cli.command;

import io.rootstock.cli.error.CliException;

/** The value of {@code --max-cost}. */
public final class MaxCost {
    private MaxCost() {}

    /** Requires a number of dollars; 0 is the default of the command. */
    public static void require(double dollars) {
        if (!Double.isFinite(dollars) || dollars < 0) {
            throw new CliException("--max-cost must be at least 0, was " + dollars, "for example --max-cost 20");
        }
    }
}
