package io.rootstock.cli.report;

import io.rootstock.cli.display.Format;
import io.rootstock.cli.evaluation.MetricScale;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * Values with intervals as inline SVG, one below the other on one axis.
 *
 * @param title text above the chart
 * @param scale unit of the values
 * @param low left end of the axis
 * @param high right end of the axis, above {@code low}
 * @param bars values from top to bottom
 */
record IntervalChart(String title, MetricScale scale, double low, double high, List<Bar> bars) {
    private static final int LABEL_WIDTH = 300;
    private static final int LABEL_CHARACTERS = 46;
    private static final int PLOT_WIDTH = 420;
    private static final int VALUE_WIDTH = 110;
    private static final int ROW_HEIGHT = 24;
    private static final int TOP = 30;
    private static final int AXIS_HEIGHT = 28;
    private static final int TICKS = 4;
    private static final int HALF_MARK = 8;
    private static final double MARGIN = 0.05;

    /**
     * A value with its interval of 95 %.
     *
     * @param label text at the left
     * @param value the value
     * @param lower lower end; NaN without an interval
     * @param upper upper end; NaN without an interval
     * @param reference value that is marked by a line, such as chance
     * @param series 0 for a baseline, 1 for the evaluation that the report is about
     */
    record Bar(String label, double value, double lower, double upper, OptionalDouble reference, int series) {}

    IntervalChart {
        bars = List.copyOf(bars);
    }

    /** Creates a chart whose axis holds all intervals. */
    static IntervalChart fitted(String title, MetricScale scale, List<Bar> bars) {
        double low = bars.stream()
                .mapToDouble(bar -> Double.isNaN(bar.lower()) ? bar.value() : bar.lower())
                .min()
                .orElse(0);
        double high = bars.stream()
                .mapToDouble(bar -> Double.isNaN(bar.upper()) ? bar.value() : bar.upper())
                .max()
                .orElse(1);
        double margin = high > low ? MARGIN * (high - low) : Math.max(MARGIN, MARGIN * Math.abs(high));
        return new IntervalChart(title, scale, low - margin, high + margin, bars);
    }

    /** Creates a chart of differences, whose axis has 0 in its middle. */
    static IntervalChart centered(String title, MetricScale scale, List<Bar> bars) {
        double size = bars.stream()
                .flatMapToDouble(bar -> DoubleStream.of(bar.value(), bar.lower(), bar.upper()))
                .filter(Double::isFinite)
                .map(Math::abs)
                .max()
                .orElse(0);
        double end = size == 0 ? 1 : (1 + MARGIN) * size;
        return new IntervalChart(title, scale, -end, end, bars);
    }

    void write(Html html) {
        int bottom = TOP + ROW_HEIGHT * bars.size();
        html.raw("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\""
                        .formatted(LABEL_WIDTH + PLOT_WIDTH + VALUE_WIDTH, bottom + AXIS_HEIGHT))
                .text(title)
                .raw("\">\n<text class=\"title\" x=\"0\" y=\"16\">")
                .text(title)
                .raw("</text>\n");
        for (int tick = 0; tick <= TICKS; tick++) {
            double value = low + (high - low) * tick / TICKS;
            html.raw(line("grid", x(value), TOP, x(value), bottom))
                    .raw("<text class=\"tick\" x=\"%s\" y=\"%d\">".formatted(x(value), bottom + 16))
                    .text(scale.value(value))
                    .raw("</text>\n");
        }
        for (int row = 0; row < bars.size(); row++) {
            write(bars.get(row), TOP + ROW_HEIGHT * row + ROW_HEIGHT / 2, html);
        }
        html.raw("</svg>\n");
    }

    private void write(Bar bar, int y, Html html) {
        html.raw("<text x=\"0\" y=\"%d\">".formatted(y + 4)).text(Format.fit(bar.label(), LABEL_CHARACTERS));
        if (bar.label().length() > LABEL_CHARACTERS) {
            html.element("title", bar.label());
        }
        html.raw("</text>\n");
        bar.reference()
                .ifPresent(value -> html.raw(line("chance", x(value), y - HALF_MARK - 2, x(value), y + HALF_MARK + 2)));
        if (!Double.isNaN(bar.lower()) && !Double.isNaN(bar.upper())) {
            html.raw(line("s" + bar.series(), x(bar.lower()), y, x(bar.upper()), y));
        }
        html.raw("<circle class=\"s%d\" cx=\"%s\" cy=\"%d\" r=\"4\"/>\n".formatted(bar.series(), x(bar.value()), y))
                .raw("<text class=\"value\" x=\"%d\" y=\"%d\">".formatted(LABEL_WIDTH + PLOT_WIDTH + 12, y + 4))
                .text(scale.value(bar.value()))
                .raw("</text>\n");
    }

    private static String line(String style, String x1, int y1, String x2, int y2) {
        return "<line class=\"%s\" x1=\"%s\" y1=\"%d\" x2=\"%s\" y2=\"%d\"/>\n".formatted(style, x1, y1, x2, y2);
    }

    /** Position of a value; a value beyond an end of the axis is at that end. */
    private String x(double value) {
        double share = Math.clamp((value - low) / (high - low), 0, 1);
        return String.format(Locale.ROOT, "%.1f", LABEL_WIDTH + PLOT_WIDTH * (Double.isNaN(share) ? 0 : share));
    }
}
