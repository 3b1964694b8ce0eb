package io.rootstock.bench.emergence;

import io.rootstock.registry.v1.Job;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Versions of one model along its training. Points that an interrupted run has stored are not measured again; a model
 * whose first points are stored is trained from random weights up to its next one, which with a constant learning rate
 * gives the same weights as an extension.
 */
final class Versions {
    private final Models models;
    private final Evaluations evaluations;
    private final SuiteRows rows;
    private final Map<Version, Point> points;
    private final Optional<PointFile> file;

    /**
     * @param points points of the interrupted run; new points are added
     * @param file receives new points
     */
    Versions(
            Models models,
            Evaluations evaluations,
            SuiteRows rows,
            Map<Version, Point> points,
            Optional<PointFile> file) {
        this.models = models;
        this.evaluations = evaluations;
        this.rows = rows;
        this.points = points;
        this.file = file;
    }

    /**
     * Trains a model and measures it at each number of tokens.
     *
     * @param tokens ascending
     */
    void measure(int depth, long seed, List<Long> tokens) throws IOException {
        Optional<Job> job = Optional.empty();
        for (long length : tokens) {
            if (points.containsKey(new Version(depth, seed, length))) {
                continue;
            }
            job = Optional.of(job.isEmpty() ? models.train(depth, seed, length) : models.extend(job.get(), length));
            Evaluated evaluated = evaluations.evaluate(job.get().getVersion());
            Point point = new Point(
                    depth,
                    models.parameters(job.get()),
                    seed,
                    length,
                    evaluated.values(rows),
                    evaluated.grammar(rows),
                    evaluated.positions());
            points.put(point.version(), point);
            Report.print(point);
            if (file.isPresent()) {
                file.get().add(point);
            }
        }
    }
}
