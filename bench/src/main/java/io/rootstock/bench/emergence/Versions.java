package io.rootstock.bench.emergence;

import io.rootstock.registry.v1.Job;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
    private final List<Point> stored;
    private final Optional<PointFile> file;

    /**
     * @param stored points of the interrupted run
     * @param file receives new points
     */
    Versions(Models models, Evaluations evaluations, SuiteRows rows, List<Point> stored, Optional<PointFile> file) {
        this.models = models;
        this.evaluations = evaluations;
        this.rows = rows;
        this.stored = List.copyOf(stored);
        this.file = file;
    }

    /**
     * Trains a model and measures it at each number of tokens.
     *
     * @param tokens ascending
     */
    List<Point> measure(int depth, int seed, List<Long> tokens) throws IOException {
        long parameters = models.parameters(depth);
        List<Point> points = new ArrayList<>();
        Optional<Job> job = Optional.empty();
        for (long length : tokens) {
            Optional<Point> before = stored(depth, seed, length);
            if (before.isPresent()) {
                points.add(before.get());
                continue;
            }
            job = Optional.of(job.isEmpty() ? models.train(depth, seed, length) : models.extend(job.get(), length));
            Evaluated evaluated = evaluations.evaluate(job.get().getVersion());
            Point point = new Point(
                    depth,
                    parameters,
                    seed,
                    length,
                    evaluated.values(rows),
                    evaluated.grammar(rows),
                    evaluated.positions());
            Report.print(point);
            if (file.isPresent()) {
                file.get().add(point);
            }
            points.add(point);
        }
        return points;
    }

    private Optional<Point> stored(int depth, int seed, long tokens) {
        return stored.stream()
                .filter(point -> point.depth() == depth && point.seed() == seed && point.tokens() == tokens)
                .findFirst();
    }
}
