package io.rootstock.inference.engine.sampling;

import java.util.List;

/**
 * Finds the first stop string in streamed text. Text that may be the beginning of a stop string is held back until it
 * is decided.
 */
public final class StopMatcher {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private String metStop = "";
    private boolean met;

    public StopMatcher(List<String> stops) {
        this.stops = stops;
    }

    /** Whether a stop string matched; no more text may be pushed then. */
    public boolean met() {
        return met;
    }

    /** The stop string that matched; empty if none did. */
    public String metStop() {
        return metStop;
    }

    /** Appends text; returns the part that precedes any possible stop string. */
    public String push(String text) {
        held.append(text);
        int end = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (end < 0 || at < end)) {
                end = at;
                metStop = stop;
            }
        }
        if (end >= 0) {
            met = true;
            return held.substring(0, end);
        }
        int certain = held.length() - longestBeginning();
        String result = held.substring(0, certain);
        held.delete(0, certain);
        return result;
    }

    /** The text that was held back; call it at the end of the text. */
    public String rest() {
        return met ? "" : held.toString();
    }

    /** Length of the longest suffix of the held text that is a prefix of a stop string. */
    private int longestBeginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
