package io.rootstock.cli.prediction;

import io.rootstock.cli.error.CliException;
import java.util.ArrayList;
import java.util.List;

/** Counts the rows that have no prediction, up to a limit; names the first ones. */
public final class BadRows {
    private static final int SHOWN = 10;

    private final long limit;
    private final List<String> first = new ArrayList<>();
    private long count;

    /** @param limit maximum number of rows; -1: unlimited */
    public BadRows(long limit) {
        this.limit = limit;
    }

    /** Adds a row. */
    public void add(String file, long line, String reason) {
        count++;
        if (first.size() < SHOWN) {
            first.add(file + ":" + line + ": " + reason);
        }
    }

    /**
     * Checks the limit.
     *
     * @throws CliException naming the first rows if there are more
     */
    public void requireAtMost() {
        if (limit >= 0 && count > limit) {
            throw new CliException(
                    count(count) + " rejected, --max-rejected-rows is " + limit + ":\n" + String.join("\n", lines()),
                    "correct the rows, or raise --max-rejected-rows");
        }
    }

    /** Number of rows. */
    public long count() {
        return count;
    }

    /** One line for each of the first rows: file, line, reason. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(first);
        if (count > first.size()) {
            lines.add("... and " + (count - first.size()) + " more");
        }
        return lines;
    }

    private static String count(long rows) {
        return rows == 1 ? "1 row was" : rows + " rows were";
    }
}
