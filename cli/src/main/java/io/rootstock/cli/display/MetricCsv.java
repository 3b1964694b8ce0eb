package io.rootstock.cli.display;

import io.rootstock.registry.v1.MetricPoint;
import io.rootstock.registry.v1.MetricSeries;
import io.rootstock.registry.v1.StreamMetricsResponse;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.Iterator;

/** Metric points as CSV (RFC 4180) with the columns metric, step, time (UTC, ISO 8601) and value. */
public final class MetricCsv {
    private MetricCsv() {}

    /** Writes the header and all points of a stream as they arrive, and returns the number of points. */
    public static long write(Writer writer, Iterator<StreamMetricsResponse> stream) throws IOException {
        long points = 0;
        writer.write("metric,step,time,value\n");
        while (stream.hasNext()) {
            MetricSeries series = stream.next().getSeries();
            String metric = quoted(series.getMetric());
            for (MetricPoint point : series.getPointsList()) {
                Instant time = Instant.ofEpochSecond(
                        point.getTime().getSeconds(), point.getTime().getNanos());
                writer.write(metric + "," + point.getStep() + "," + time + "," + point.getValue() + "\n");
                points++;
            }
        }
        return points;
    }

    private static String quoted(String text) {
        return text.matches("[^\",\r\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
