package io.rootstock.bench.cluster;

import io.rootstock.scheduling.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * The scheduling policy on a simulated cluster: 1,000 jobs of 50 users in ten teams on 20 devices, through the scheduler that
 * the registry uses, and through a plain FIFO queue. Prints {@code overspend= share_error= median_eta_error=}, each the
 * largest of the seeds.
 *
 * <p>overspend: cost above the limits, relative to all limits. share_error: part of the device time that another team had
 * than the weights say, while every team had a waiting job of the class NORMAL or HIGH. median_eta_error: error of the ends
 * that are predicted every hour for all running and waiting jobs, relative to the time until the end.
 */
public final class PolicyBenchmark {
    private static final int SEEDS = 3;
    private static final double EARLY = 0.5;
    private static final double LOAD = 3;

    private PolicyBenchmark() {}

    /** The figures of a seed. */
    private record Figures(double overspend, double shareError, double etaError, int violations) {}

    /** Options: {@code --seeds N}, {@code --early PART}, {@code --load FACTOR} ({@link Workload#of}). */
    public static void main(String[] arguments) {
        List<String> options = List.of(arguments);
        double seeds = option(options, "--seeds", SEEDS);
        double early = option(options, "--early", EARLY);
        double load = option(options, "--load", LOAD);
        List<Figures> figures = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            figures.add(run(seed, early, load));
        }
        System.out.printf(
                Locale.ROOT,
                "overspend=%.4f share_error=%.4f median_eta_error=%.4f%n",
                largest(figures, Figures::overspend),
                largest(figures, Figures::shareError),
                largest(figures, Figures::etaError));
        if (largest(figures, Figures::violations) > 0) {
            throw new IllegalStateException("quotas were exceeded");
        }
    }

    private static double option(List<String> options, String name, double otherwise) {
        int at = options.indexOf(name);
        return at < 0 ? otherwise : Double.parseDouble(options.get(at + 1));
    }

    private static double largest(List<Figures> figures, ToDoubleFunction<Figures> figure) {
        return figures.stream().mapToDouble(figure).max().orElseThrow();
    }

    private static Figures run(long seed, double early, double load) {
        Workload workload = Workload.of(seed, early, load);
        Policy policy = Policy.DEFAULT;
        SimulatedCluster.Result fair = new SimulatedCluster(workload, Discipline.POLICY, policy, true, seed).run();
        SimulatedCluster.Result fifo = new SimulatedCluster(workload, Discipline.FIFO, policy, false, seed).run();
        System.out.printf(
                Locale.ROOT, "workload %d: %d jobs%n", seed, workload.jobs().size());
        printTeams(fair, fifo);
        printFigures("policy", fair);
        printFigures("fifo", fifo);
        Map<String, Double> ends = new TreeMap<>();
        fair.outcomes().forEach(outcome -> ends.put(outcome.job().id(), outcome.endTime()));
        double etaError = etaError(fair.predictions(), ends);
        List<Prediction> waiting =
                fair.predictions().stream().filter(Prediction::waits).toList();
        System.out.printf(
                Locale.ROOT,
                "  error of %d predicted ends, median %.4f; of those of waiting jobs %.4f%n%n",
                fair.predictions().size(),
                etaError,
                etaError(waiting, ends));
        return new Figures(overspend(fair), fair.shares().error(Workload.shares()), etaError, fair.quotaViolations());
    }

    private static double etaError(List<Prediction> predictions, Map<String, Double> ends) {
        return median(predictions.stream()
                .mapToDouble(prediction -> prediction.error(ends.get(prediction.job())))
                .filter(Double::isFinite)
                .toArray());
    }

    private static void printTeams(SimulatedCluster.Result fair, SimulatedCluster.Result fifo) {
        System.out.printf(
                "  %-10s %10s %13s %11s %16s %14s%n",
                "team", "fair share", "share: policy", "share: fifo", "wait: policy, h", "wait: fifo, h");
        for (Map.Entry<String, Double> team : new TreeMap<>(Workload.shares()).entrySet()) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-10s %10.3f %13.3f %11.3f %16.1f %14.1f%n",
                    team.getKey(),
                    team.getValue(),
                    fair.shares().share(team.getKey()),
                    fifo.shares().share(team.getKey()),
                    meanWaitHours(fair, team.getKey()),
                    meanWaitHours(fifo, team.getKey()));
        }
    }

    private static void printFigures(String name, SimulatedCluster.Result result) {
        double[] waits = result.outcomes().stream()
                .mapToDouble(outcome -> outcome.waitSeconds() / 3600)
                .sorted()
                .toArray();
        ShareMeter shares = result.shares();
        System.out.printf(
                Locale.ROOT,
                "  %-6s mean wait %.1f h, median %.1f h, 95 %% %.1f h; share error %.4f, of one team %.4f; overspend %.4f,"
                        + " paused %d; preemptions %d; devices in use %.2f of %d, with waiting jobs of all teams %.2f;"
                        + " %.0f h, of these with waiting jobs of all teams %.0f %%%n",
                name,
                mean(waits),
                median(waits),
                waits[(int) (waits.length * 0.95)],
                shares.error(Workload.shares()),
                shares.largestError(Workload.shares()),
                overspend(result),
                result.outcomes().stream().filter(Outcome::paused).count(),
                result.preemptions(),
                shares.usedDevices(),
                Workload.DEVICES,
                shares.contendedDevices(),
                shares.hours(),
                100 * shares.contendedPart());
    }

    private static double meanWaitHours(SimulatedCluster.Result result, String team) {
        return mean(result.outcomes().stream()
                .filter(outcome -> outcome.job().owner().team().equals(team))
                .mapToDouble(outcome -> outcome.waitSeconds() / 3600)
                .toArray());
    }

    /** Cost above the limits, relative to all limits. */
    private static double overspend(SimulatedCluster.Result result) {
        double above = 0;
        double limits = 0;
        for (Outcome outcome : result.outcomes()) {
            if (Double.isFinite(outcome.job().maxDollars())) {
                above += Math.max(0, outcome.dollars() - outcome.job().maxDollars());
                limits += outcome.job().maxDollars();
            }
        }
        return above / limits;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
