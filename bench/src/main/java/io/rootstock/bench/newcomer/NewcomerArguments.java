package io.rootstock.bench.newcomer;

import io.rootstock.bench.base.QualityTask;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Arguments of the benchmark.
 *
 * @param tasks tasks to run
 * @param quick whether to run a smoke test, whose accuracies are not meaningful
 * @param seeds number of fine-tuning runs of each task
 * @param tokens pre-training tokens of a base
 * @param depth layers of a base
 * @param options options of fine-tuning that replace defaults
 */
record NewcomerArguments(
        Set<QualityTask> tasks, boolean quick, int seeds, long tokens, int depth, List<String> options) {
    static final String USAGE = "usage: bench/quality/newcomer [--task sst2|clinc150|sms|nsmc] [--quick] [--seeds N]"
            + " [--tokens N] [--depth N] [--prefix-loss SHARE] [--epochs N] [--learning-rate RATE]";

    private static final int SEEDS = 3;
    /** About ten CPU minutes at the default depth. */
    private static final long TOKENS = 5_500_000;

    private static final long QUICK_TOKENS = 100_000;
    private static final int DEPTH = 4;

    static NewcomerArguments parse(List<String> given) {
        Set<QualityTask> tasks = EnumSet.noneOf(QualityTask.class);
        List<String> options = new ArrayList<>();
        boolean quick = false;
        int seeds = 0;
        long tokens = 0;
        int depth = DEPTH;
        for (int i = 0; i < given.size(); i++) {
            switch (given.get(i)) {
                case "--quick" -> quick = true;
                case "--task" -> tasks.add(QualityTask.valueOf(given.get(++i).toUpperCase(Locale.ROOT)));
                case "--seeds" -> seeds = Integer.parseInt(given.get(++i));
                case "--tokens" -> tokens = Long.parseLong(given.get(++i));
                case "--depth" -> depth = Integer.parseInt(given.get(++i));
                case "--prefix-loss", "--epochs", "--learning-rate" -> {
                    options.add(given.get(i));
                    options.add(given.get(++i));
                }
                default -> throw new IllegalArgumentException("unknown argument " + given.get(i));
            }
        }
        return new NewcomerArguments(
                tasks.isEmpty() ? EnumSet.allOf(QualityTask.class) : tasks,
                quick,
                seeds > 0 ? seeds : quick ? 1 : SEEDS,
                tokens > 0 ? tokens : quick ? QUICK_TOKENS : TOKENS,
                depth,
                List.copyOf(options));
    }
}
