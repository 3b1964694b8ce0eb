package io.rootstock.bench.emergence;

import io.rootstock.bench.chart.Axis;
import io.rootstock.bench.chart.Figure;
import io.rootstock.bench.chart.Mark;
import io.rootstock.bench.chart.Panel;
import io.rootstock.bench.chart.ReferenceLine;
import io.rootstock.bench.chart.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Charts of the results, against tokens and against parameters. */
final class Figures {
    private static final String CAPTION =
            "Thin bars: interval of 95 %% over rows. Wide pale bars: standard deviation over %s.";

    private final Results results;
    private final Map<Measure, Baseline> baselines;

    Figures(Results results, Map<Measure, Baseline> baselines) {
        this.results = results;
        this.baselines = baselines;
    }

    /**
     * Writes the SVG files.
     *
     * @param prefix beginning of their names
     */
    void write(Path folder, String prefix) throws IOException {
        int seeds = results.smallest().size();
        String caption = CAPTION.formatted(seeds + (seeds == 1 ? " seed (none)" : " seeds"));
        Map<String, List<Measure>> figures = Map.of(
                "bits-per-byte", List.of(Measure.BITS_PER_BYTE),
                "induction", List.of(Measure.INDUCTION, Measure.REPETITION, Measure.INDUCTION_ACCURACY),
                "sentiment", List.of(Measure.SENTIMENT_AUC, Measure.SENTIMENT_ACCURACY),
                "translation", List.of(Measure.TRANSLATION, Measure.TRANSLATION_LOGPROB, Measure.TRANSLATION_GAIN),
                "summaries", List.of(Measure.SUMMARIES, Measure.SUMMARIES_LOGPROB, Measure.SUMMARIES_GAIN),
                "answers", List.of(Measure.ANSWERS, Measure.ANSWERS_LOGPROB, Measure.ANSWERS_GAIN));
        for (Map.Entry<String, List<Measure>> figure : figures.entrySet()) {
            List<Panel> panels = new ArrayList<>();
            figure.getValue().forEach(measure -> panels.addAll(panels(measure)));
            new Figure(2, panels, caption).write(folder.resolve(prefix + "-" + figure.getKey() + ".svg"));
        }
        List<Panel> grammar = new ArrayList<>(panels(Measure.BLIMP));
        grammar.add(groups());
        new Figure(grammar.size(), grammar, caption).write(folder.resolve(prefix + "-grammar.svg"));
    }

    private List<Panel> panels(Measure measure) {
        List<ReferenceLine> lines = new ArrayList<>();
        measure.chance().ifPresent(chance -> lines.add(new ReferenceLine("chance", chance)));
        Baseline baseline = baselines.get(measure);
        if (baseline != null) {
            lines.add(new ReferenceLine(baseline.name(), baseline.value()));
        }
        List<Double> tokens = results.tokens().stream().map(Long::doubleValue).toList();
        List<Double> parameters =
                results.parameters().values().stream().map(Long::doubleValue).toList();
        List<Series> byDepth = results.parameters().keySet().stream()
                .map(depth -> new Series(depth + " layers", results.byTokens(measure, depth)))
                .toList();
        long last = results.tokens().getLast();
        return List.of(
                new Panel(
                        measure.title(),
                        new Axis.Logarithmic("training tokens", tokens),
                        measure.unit(),
                        byDepth,
                        lines),
                new Panel(
                        "at the last checkpoint",
                        new Axis.Logarithmic("parameters", parameters),
                        measure.unit(),
                        List.of(new Series("all", results.byParameters(measure, last))),
                        lines));
    }

    /** BLiMP by group of paradigms at the last checkpoint; the seed error is the deviation of the group's accuracy. */
    private Panel groups() {
        List<String> names = new ArrayList<>(
                new TreeSet<>(results.largest().getFirst().grammar().keySet()));
        long last = results.tokens().getLast();
        List<Series> series = new ArrayList<>();
        for (int depth : results.parameters().keySet()) {
            List<Mark> marks = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                marks.add(group(names.get(i), i, results.at(depth, last)));
            }
            series.add(new Series(depth + " layers", marks));
        }
        return new Panel(
                "BLiMP by phenomenon, at the last checkpoint",
                new Axis.Categories(
                        "", names.stream().map(name -> name.replace('_', ' ')).toList()),
                Measure.BLIMP.unit(),
                series,
                List.of(new ReferenceLine("chance", 0.5)));
    }

    private static Mark group(String name, int index, List<Point> points) {
        List<Double> values =
                points.stream().map(point -> point.grammar().get(name)).toList();
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return new Mark(index, mean, Double.NaN, Math.sqrt(squares / (values.size() - 1)));
    }
}
