package io.rootstock.bench.data.cleaning;

import io.rootstock.bench.CpuTime;
import io.rootstock.bench.TextRun;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunResolved;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Pre-trains a model on one side in a worker process, which evaluates it on the held-out documents. */
record Pretraining(TextRun run, Setup setup) {
    Point measure(Side side, String dataset, long seed) throws IOException, InterruptedException {
        double cpu = CpuTime.own();
        List<RunEvent> events =
                run.train(side.label() + "-" + seed, setup.spec(dataset, seed), event -> show(side, seed, event));
        System.err.println();
        RunResolved resolved = last(events, RunEvent::hasResolved, RunEvent::getResolved);
        RunProgress progress = last(events, RunEvent::hasProgress, RunEvent::getProgress);
        RunEvaluation evaluation = last(events, RunEvent::hasEvaluation, RunEvent::getEvaluation);
        return new Point(
                side,
                seed,
                evaluation.getBitsPerByte(),
                progress.getLoss(),
                progress.getStep(),
                progress.getTokens(),
                resolved.getEstimate().getParameters(),
                resolved.getHyperparameters().getLearningRate(),
                CpuTime.own() - cpu);
    }

    private static <T> T last(List<RunEvent> events, Predicate<RunEvent> has, Function<RunEvent, T> get) {
        Optional<T> last = events.stream().filter(has).map(get).reduce((first, second) -> second);
        return last.orElseThrow(() -> new IllegalStateException("the worker ended without an evaluation"));
    }

    private static void show(Side side, long seed, RunEvent event) {
        if (event.hasProgress() && event.getProgress().getStep() % 10 == 0) {
            RunProgress progress = event.getProgress();
            System.err.printf(
                    "\r%s, seed %d: step %d of %d, loss %.3f, %.0f tokens/s, %.0f s left   ",
                    side.label(),
                    seed,
                    progress.getStep(),
                    progress.getTotalSteps(),
                    progress.getLoss(),
                    progress.getTokensPerSecond(),
                    progress.getEtaSeconds());
        }
    }
}
