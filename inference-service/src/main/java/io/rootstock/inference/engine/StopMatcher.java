package io.rootstock.inference.engine;

import java.util.List;

/**
 * Finds the first stop string in a text that comes in pieces. What may be the beginning of a stop string is held back
 * until it is decided.
 */
final class StopMatcher {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private String metStop = "";
    private boolean met;

    StopMatcher(List<String> stops) {
        this.stops = stops;
    }

    /** Whether a stop string was met; nothing more may be pushed then. */
    boolean met() {
        return met;
    }

    /** The stop string that was met; empty: none. */
    String metStop() {
        return metStop;
    }

    /** The text that is certain to come before any stop string. */
    String push(String text) {
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

    /** What was held back, once no more text comes. */
    String rest() {
        return met ? "" : held.toString();
    }

    /** Length of the longest end of the held text with which a stop string begins. */
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
