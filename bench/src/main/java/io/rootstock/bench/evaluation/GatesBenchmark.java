package io.rootstock.bench.evaluation;

import io.rootstock.evaluation.comparison.EvaluationScores;
import io.rootstock.evaluation.comparison.MetricDifference;
import io.rootstock.evaluation.comparison.ScoredRow;
import io.rootstock.evaluation.comparison.TaskDifference;
import io.rootstock.evaluation.gate.BetterThanCurrent;
import io.rootstock.evaluation.gate.NotWorseThanCurrent;
import io.rootstock.evaluation.statistic.DetectableEffect;
import io.rootstock.evaluation.task.score.Score;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Gates on simulated candidates whose true differences are known: 1000 rows that are right or wrong, a share of which differs
 * between the current version and the candidate.
 */
public final class GatesBenchmark {
    private static final String TASK = "simulated";
    private static final String METRIC = "acc";
    private static final int CANDIDATES = 100;
    private static final int ROWS = 1000;
    private static final double CURRENT_ACCURACY = 0.6;
    /** Share of the rows that exactly one of the two has right. */
    private static final double DISCORDANT = 0.2;
    /** Of the detectable effect; equal candidates then pass in 94 of 100 cases. */
    private static final double MARGIN = 1.25;

    private static final long SEED = 1337;

    private GatesBenchmark() {}

    /** Prints {@code bad_refused= good_passed= false_alarms= better_passed=}. */
    public static void main(String[] arguments) {
        double effect = DetectableEffect.DEFAULT.ofShares(ROWS, DISCORDANT);
        NotWorseThanCurrent notWorse = new NotWorseThanCurrent(MARGIN * effect);
        BetterThanCurrent better = new BetterThanCurrent(0, 0.05);
        System.out.printf(
                Locale.ROOT,
                "%d rows, %.0f %% of them differ: detectable effect %.4f, margin %.4f%n%n",
                ROWS,
                100 * DISCORDANT,
                effect,
                notWorse.margin());
        System.out.printf("%-22s %10s %10s%n", "true difference", "not worse", "better");
        SplittableRandom random = new SplittableRandom(SEED);
        int[] notWorsePassed = new int[5];
        int[] betterPassed = new int[5];
        for (int step = -2; step <= 2; step++) {
            List<MetricDifference> candidates = candidates(random, step * effect);
            notWorsePassed[step + 2] =
                    passed(candidates, candidate -> notWorse.judge(candidate).passed());
            betterPassed[step + 2] =
                    passed(candidates, candidate -> better.judge(candidate).passed());
            System.out.printf(
                    Locale.ROOT,
                    "%+.4f (%+d effects) %10d %10d%n",
                    step * effect,
                    step,
                    notWorsePassed[step + 2],
                    betterPassed[step + 2]);
        }
        System.out.println();
        System.out.println("bad_refused=" + (CANDIDATES - notWorsePassed[0]));
        System.out.println("good_passed=" + notWorsePassed[2]);
        System.out.println("false_alarms=" + (CANDIDATES - notWorsePassed[2]));
        System.out.println("better_passed=" + betterPassed[4]);
        System.out.println("equal_called_better=" + betterPassed[2]);
    }

    private static int passed(List<MetricDifference> candidates, Predicate<MetricDifference> rule) {
        return (int) candidates.stream().filter(rule).count();
    }

    private static List<MetricDifference> candidates(SplittableRandom random, double difference) {
        return IntStream.range(0, CANDIDATES)
                .mapToObj(_ -> candidate(random, difference))
                .toList();
    }

    private static MetricDifference candidate(SplittableRandom random, double difference) {
        double gained = (DISCORDANT + difference) / 2 / (1 - CURRENT_ACCURACY);
        double lost = (DISCORDANT - difference) / 2 / CURRENT_ACCURACY;
        EvaluationScores current = new EvaluationScores(Map.of(TASK, List.of(METRIC)));
        EvaluationScores candidate = new EvaluationScores(Map.of(TASK, List.of(METRIC)));
        for (int row = 0; row < ROWS; row++) {
            boolean isRight = random.nextDouble() < CURRENT_ACCURACY;
            boolean changes = random.nextDouble() < (isRight ? lost : gained);
            current.add(row(row, isRight));
            candidate.add(row(row, isRight != changes));
        }
        return TaskDifference.of(TASK, current.task(TASK), candidate.task(TASK))
                .metrics()
                .getFirst();
    }

    private static ScoredRow row(int row, boolean isRight) {
        return new ScoredRow(
                TASK, row, "%064x".formatted(row), List.of(), Map.of(), Map.of(METRIC, new Score(isRight ? 1 : 0, 1)));
    }
}
