package io.rootstock.bench.chart;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A chart: series over an x axis, with reference lines.
 *
 * @param title text above the chart
 * @param x x axis
 * @param y text beside the y axis
 * @param series at least one, each with at least one mark
 */
public record Panel(String title, Axis x, String y, List<Series> series, List<ReferenceLine> lines) {
    static final int WIDTH = 400;
    static final int HEIGHT = 330;

    private static final int LEFT = 62;
    private static final int RIGHT = 16;
    private static final int TOP = 62;
    private static final int BOTTOM = 62;
    private static final int CATEGORY_BOTTOM = 120;
    private static final int CATEGORY_TICKS = 6;
    private static final int LEGEND_WIDTH = 78;
    private static final int LEGEND_LINE = 14;
    private static final int INSET = 16;
    private static final int OFFSET = 5;
    private static final int CAP = 3;
    private static final double MARGIN = 0.06;
    private static final List<String> COLOURS =
            List.of("#1b6ca8", "#d1495b", "#2e8b57", "#8d5fd3", "#c77b00", "#4b5563", "#0f9fa8", "#a61e8f");

    public Panel {
        series = List.copyOf(series);
        lines = List.copyOf(lines);
    }

    /** Ends of the y axis: all error bars and reference lines, with a margin. */
    private record Range(double low, double high) {}

    private Range range() {
        double low = values(true).min().orElse(0);
        double high = values(false).max().orElse(1);
        double margin = high > low ? MARGIN * (high - low) : Math.max(MARGIN, MARGIN * Math.abs(high));
        return new Range(low - margin, high + margin);
    }

    private DoubleStream values(boolean low) {
        return DoubleStream.concat(
                series.stream()
                        .flatMap(one -> one.marks().stream())
                        .mapToDouble(mark -> low ? mark.low() : mark.high()),
                lines.stream().mapToDouble(ReferenceLine::y));
    }

    private int bottom() {
        return HEIGHT - (x.ticks().size() > CATEGORY_TICKS ? CATEGORY_BOTTOM : BOTTOM);
    }

    void write(StringBuilder svg) {
        Range range = range();
        text(svg, "title", 0, 14, "start", title);
        axes(svg, range);
        for (int i = 0; i < lines.size(); i++) {
            String y = number(y(lines.get(i).y(), range));
            svg.append("<line class=\"reference\" stroke-dasharray=\"%s\" x1=\"%d\" y1=\"%s\" x2=\"%d\" y2=\"%s\"/>\n"
                    .formatted(dashes(i), LEFT, y, WIDTH - RIGHT, y));
        }
        for (int i = 0; i < series.size(); i++) {
            series(svg, i, range);
        }
        legend(svg);
    }

    private static String dashes(int line) {
        return line == 0 ? "2 3" : line == 1 ? "7 4" : "9 3 2 3";
    }

    private void axes(StringBuilder svg, Range range) {
        List<Double> ticks = Ticks.round(range.low, range.high);
        double distance = ticks.get(1) - ticks.getFirst();
        for (double tick : ticks) {
            double at = y(tick, range);
            line(svg, "grid", LEFT, at, WIDTH - RIGHT, at);
            text(svg, "tick", LEFT - 6, at + 4, "end", Ticks.value(tick, distance));
        }
        line(svg, "axis", LEFT, TOP, LEFT, bottom());
        line(svg, "axis", LEFT, bottom(), WIDTH - RIGHT, bottom());
        boolean rotated = x.ticks().size() > CATEGORY_TICKS;
        for (int i = 0; i < x.ticks().size(); i++) {
            double at = x(x.tickPosition(i));
            line(svg, "axis", at, bottom(), at, bottom() + 4);
            if (rotated) {
                svg.append(String.format(
                                Locale.ROOT,
                                "<text class=\"tick\" text-anchor=\"end\" transform=\"translate(%.1f %d) rotate(-40)\">",
                                at + 4,
                                bottom() + 14))
                        .append(escaped(x.ticks().get(i)))
                        .append("</text>\n");
            } else {
                text(svg, "tick", at, bottom() + 17, "middle", x.ticks().get(i));
            }
        }
        text(svg, "label", (LEFT + WIDTH - RIGHT) / 2.0, bottom() + 36, "middle", x.label());
        svg.append("<text class=\"label\" text-anchor=\"middle\" transform=\"translate(13 %d) rotate(-90)\">"
                        .formatted((TOP + bottom()) / 2))
                .append(escaped(y))
                .append("</text>\n");
    }

    /** Row intervals are thin with caps, seed deviations wide and pale; series are moved apart. */
    private void series(StringBuilder svg, int index, Range range) {
        String colour = COLOURS.get(index % COLOURS.size());
        double shift = OFFSET * (index - (series.size() - 1) / 2.0);
        StringBuilder path = new StringBuilder();
        svg.append("<g stroke=\"%s\" fill=\"%s\">\n".formatted(colour, colour));
        for (Mark mark : series.get(index).marks()) {
            double at = x(x.position(mark.x())) + shift;
            double value = y(mark.y(), range);
            if (!Double.isNaN(mark.seedError())) {
                line(
                        svg,
                        "seeds",
                        at,
                        y(mark.y() - mark.seedError(), range),
                        at,
                        y(mark.y() + mark.seedError(), range));
            }
            if (!Double.isNaN(mark.rowError())) {
                double low = y(mark.y() - mark.rowError(), range);
                double high = y(mark.y() + mark.rowError(), range);
                line(svg, "rows", at, low, at, high);
                line(svg, "rows", at - CAP, low, at + CAP, low);
                line(svg, "rows", at - CAP, high, at + CAP, high);
            }
            svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>%n", at, value));
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : " L", at, value));
        }
        if (x instanceof Axis.Logarithmic) {
            svg.append("<path class=\"series\" d=\"").append(path).append("\"/>\n");
        }
        svg.append("</g>\n");
    }

    private void legend(StringBuilder svg) {
        for (int i = 0; i < series.size() && series.size() > 1; i++) {
            int at = LEFT + LEGEND_WIDTH * i;
            svg.append("<circle fill=\"%s\" cx=\"%d\" cy=\"29\" r=\"4\"/>\n"
                    .formatted(COLOURS.get(i % COLOURS.size()), at + 4));
            text(svg, "tick", at + 12, 33, "start", series.get(i).name());
        }
        int at = LEFT;
        for (int i = 0; i < lines.size(); i++) {
            svg.append("<line class=\"reference\" stroke-dasharray=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n"
                    .formatted(dashes(i), at, 31 + LEGEND_LINE, at + 22, 31 + LEGEND_LINE));
            text(svg, "tick", at + 27, 35 + LEGEND_LINE, "start", lines.get(i).name());
            at += 40 + 6 * lines.get(i).name().length();
        }
    }

    private static double x(double position) {
        return LEFT + INSET + (WIDTH - LEFT - RIGHT - 2 * INSET) * position;
    }

    private double y(double value, Range range) {
        return bottom() - (bottom() - TOP) * (value - range.low) / (range.high - range.low);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static void line(StringBuilder svg, String style, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                style,
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder svg, String style, double x, double y, String anchor, String text) {
        svg.append(String.format(
                        Locale.ROOT,
                        "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">",
                        style,
                        x,
                        y,
                        anchor))
                .append(escaped(text))
                .append("</text>\n");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
