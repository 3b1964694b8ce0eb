package io.rootstock.cli.command.job;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Training;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.MetricPoint;
import io.rootstock.registry.v1.MetricSeries;
import io.rootstock.registry.v1.ReadMetricsRequest;
import io.rootstock.registry.v1.StreamMetricsRequest;
import io.rootstock.registry.v1.StreamMetricsResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs metrics}. */
@Command(
        name = "metrics",
        mixinStandardHelpOptions = true,
        header = "Print the metrics of a training job over its steps",
        description =
                "Without --metric, prints the number of points and the smallest, largest and last value of each metric."
                        + " With --metric, prints at most --points points of it; the smallest and largest values are always among"
                        + " them. --csv writes all points.",
        footer = {
            "",
            "Examples:",
            "  rootstock jobs metrics JOB",
            "  rootstock jobs metrics JOB --metric loss --points 20",
            "  rootstock jobs metrics JOB --csv metrics.csv"
        })
final class JobsMetricsCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = "Job ID or name")
    private String job;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description =
                    "Only this metric, such as training/loss; the part after the slash, such as loss, selects it for"
                            + " training and all splits; repeatable")
    private List<String> metrics = new ArrayList<>();

    @Option(
            names = "--points",
            paramLabel = "N",
            defaultValue = "200",
            description = "Maximum number of points of a metric, 4 to 10000 [default: ${DEFAULT-VALUE}]")
    private int points;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write all points to a new CSV file")
    private Path csv;

    @Override
    protected int run(Clients clients, Console console) {
        if (points < 4 || points > 10_000) {
            throw usage("--points must be 4 to 10000, was " + points);
        }
        String name = new Training(clients).get(job).getName();
        if (csv != null) {
            write(clients, name, console);
            return 0;
        }
        List<MetricSeries> series = clients.jobs()
                .readMetrics(ReadMetricsRequest.newBuilder()
                        .setName(name)
                        .addAllMetrics(metrics)
                        .setMaxPoints(points)
                        .build())
                .getSeriesList();
        series.forEach(console::printJson);
        (metrics.isEmpty() ? summary(series) : points(series)).print(console);
        return 0;
    }

    private static Table summary(List<MetricSeries> series) {
        Table table = new Table("metric", "points", "smallest", "largest", "last", "last step");
        for (MetricSeries metric : series) {
            List<MetricPoint> points = metric.getPointsList();
            if (points.isEmpty()) {
                continue;
            }
            table.row(
                    metric.getMetric(),
                    metric.getTotalPoints(),
                    number(points.stream()
                            .mapToDouble(MetricPoint::getValue)
                            .min()
                            .getAsDouble()),
                    number(points.stream()
                            .mapToDouble(MetricPoint::getValue)
                            .max()
                            .getAsDouble()),
                    number(points.getLast().getValue()),
                    points.getLast().getStep());
        }
        return table;
    }

    private static Table points(List<MetricSeries> series) {
        Table table = new Table("metric", "step", "time", "value");
        for (MetricSeries metric : series) {
            for (MetricPoint point : metric.getPointsList()) {
                table.row(metric.getMetric(), point.getStep(), Format.time(point.getTime()), number(point.getValue()));
            }
        }
        return table;
    }

    private void write(Clients clients, String name, Console console) {
        Iterator<StreamMetricsResponse> stream = clients.jobs()
                .streamMetrics(StreamMetricsRequest.newBuilder()
                        .setName(name)
                        .addAllMetrics(metrics)
                        .build());
        // The first message, or the refusal, comes before the file is created.
        boolean isEmpty = !stream.hasNext();
        if (isEmpty) {
            console.note("the job has no metrics yet; the file has only a header");
        }
        try (BufferedWriter writer = Files.newBufferedWriter(csv, StandardOpenOption.CREATE_NEW)) {
            long written = printCsv(writer, stream);
            console.note("wrote " + Format.counted(written, "point") + " to " + csv);
        } catch (FileAlreadyExistsException e) {
            throw new CliException("--csv " + csv + " already exists", "choose another name or remove the file");
        } catch (IOException e) {
            throw new CliException("cannot write --csv " + csv + ": " + e.getMessage(), "check the path");
        }
    }

    private static String number(double value) {
        return Double.isFinite(value) && (Math.abs(value) >= 1000 || value == Math.rint(value))
                ? Format.fixed(value, 1)
                : Math.abs(value) >= 0.01 ? Format.fixed(value, 4) : Format.rate(value);
    }

    /** Writes the header and all points of a stream as they arrive, and returns the number of points. */
    private static long printCsv(Writer writer, Iterator<StreamMetricsResponse> stream) throws IOException {
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
