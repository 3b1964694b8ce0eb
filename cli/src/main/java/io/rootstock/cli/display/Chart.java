package io.rootstock.cli.display;

import java.util.ArrayList;
import java.util.List;

/** A line chart in plain text. */
public final class Chart {
    private Chart() {}

    public record Point(double x, double y) {}

    /**
     * Draws a scatter plot with the range of y at the left and the range of x below.
     *
     * @param points in any order; an empty list is returned for fewer than two finite points
     * @param width columns of the plot
     * @param height rows of the plot
     * @param caption label of the axes
     */
    public static List<String> lines(List<Point> points, int width, int height, String caption) {
        List<Point> finite = points.stream()
                .filter(point -> Double.isFinite(point.x()) && Double.isFinite(point.y()))
                .toList();
        if (finite.size() < 2) {
            return List.of();
        }
        double left = finite.stream().mapToDouble(Point::x).min().getAsDouble();
        double right = finite.stream().mapToDouble(Point::x).max().getAsDouble();
        double bottom = finite.stream().mapToDouble(Point::y).min().getAsDouble();
        double top = finite.stream().mapToDouble(Point::y).max().getAsDouble();
        char[][] plot = new char[height][width];
        for (char[] row : plot) {
            java.util.Arrays.fill(row, ' ');
        }
        for (Point point : finite) {
            int column = cell(point.x(), left, right, width);
            int row = height - 1 - cell(point.y(), bottom, top, height);
            plot[row][column] = '•';
        }
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < height; row++) {
            String mark = row == 0 ? Format.fixed(top, 2) : row == height - 1 ? Format.fixed(bottom, 2) : "";
            lines.add("%8s │%s".formatted(mark, new String(plot[row])).stripTrailing());
        }
        lines.add("%8s └%s".formatted("", "─".repeat(width)));
        lines.add("%8s  %s to %s  %s".formatted("", Format.count(left), Format.count(right), caption));
        return lines;
    }

    private static int cell(double value, double low, double high, int cells) {
        return high == low ? 0 : (int) Math.min(cells - 1, Math.floor((value - low) / (high - low) * cells));
    }
}
