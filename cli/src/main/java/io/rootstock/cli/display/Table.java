package io.rootstock.cli.display;

import java.util.ArrayList;
import java.util.List;

/** A table in plain text: header, rule and rows. Numeric columns are right-aligned. */
public final class Table {
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
        lines().forEach(line -> console.print("  " + line));
    }

    private static String line(List<String> cells, int[] widths, boolean[] right) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String blanks = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : "  ").append(right[column] ? blanks + cell : cell + blanks);
        }
        return line.toString().stripTrailing();
    }

    private static boolean isNumber(String cell) {
        return cell.isEmpty()
                || cell.equals("-")
                || cell.matches("[$+-]?[0-9][0-9.,]*( ?[%A-Za-z]{0,4})?( [0-9]+ (s|min))?");
    }
}
