package io.rootstock.cli.display;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table in plain text: header, rule and rows. Numeric columns are right-aligned. On a terminal, text in columns that
 * do not fit is truncated with an ellipsis.
 */
public final class Table {
    private static final int INDENT = 2;
    private static final int GAP = 2;
    /** Text columns are not truncated below this width. */
    private static final int MIN_WIDTH = 8;

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        this.header = List.of(header);
    }

    /** Adds a row with one cell per column. */
    public Table row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(
                    "row of " + cells.length + " cells in a table of " + header.size() + " columns");
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    /** The lines, without trailing spaces. */
    public List<String> lines() {
        return lines(TerminalWidth.UNLIMITED);
    }

    /** The lines, without trailing spaces, at most {@code most} characters long if truncated text columns allow it. */
    List<String> lines(int most) {
        int columns = header.size();
        int[] widths = new int[columns];
        boolean[] right = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int at = column;
            widths[column] = Math.max(
                    header.get(column).length(),
                    rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
            right[column] = !rows.isEmpty() && rows.stream().allMatch(row -> isNumber(row.get(at)));
        }
        fit(widths, right, most);
        List<String> lines = new ArrayList<>();
        lines.add(line(header, widths, right));
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        lines.add(line(rule, widths, right));
        for (List<String> row : rows) {
            lines.add(line(row, widths, right));
        }
        return lines;
    }

    public void print(Console console) {
        lines(console.columns() - INDENT).forEach(line -> console.print(" ".repeat(INDENT) + line));
    }

    /** Narrows the widest text column, one character at a time. */
    private static void fit(int[] widths, boolean[] right, int most) {
        long excess = IntStream.of(widths).asLongStream().sum() + (long) GAP * (widths.length - 1) - most;
        for (; excess > 0; excess--) {
            int widest = -1;
            for (int column = 0; column < widths.length; column++) {
                if (!right[column] && widths[column] > MIN_WIDTH && (widest < 0 || widths[column] > widths[widest])) {
                    widest = column;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
        }
    }

    private static String line(List<String> cells, int[] widths, boolean[] right) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String text = cells.get(column);
            String cell = text.length() > widths[column] ? Format.fit(text, widths[column]) : text;
            String blanks = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : " ".repeat(GAP)).append(right[column] ? blanks + cell : cell + blanks);
        }
        return line.toString().stripTrailing();
    }

    private static boolean isNumber(String cell) {
        return cell.isEmpty()
                || cell.equals("-")
                || cell.matches("[$+-]?[0-9][0-9.,]*( ?[%A-Za-z]{0,4})?( [0-9]+ (s|min))?");
    }
}
