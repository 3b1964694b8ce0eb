package io.rootstock.bench.resume;

import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Trains a run to its end, and stops its worker by SIGTERM or SIGKILL at random moments. */
final class Stops {
    private static final int MAX_WAIT_MILLIS = 400;
    private static final int POLL_MILLIS = 5;

    private final JavaWorkerLauncher launcher;
    private final RunDirectory directory;
    private final Checkpoints checkpoints;
    private final Random random;
    private int terminated;
    private int killed;

    Stops(JavaWorkerLauncher launcher, RunDirectory directory, Random random) {
        this.launcher = launcher;
        this.directory = directory;
        this.checkpoints = new Checkpoints(directory.checkpoints());
        this.random = random;
    }

    /**
     * Stops the run the given numbers of times in random order, each time after further progress, then completes it.
     */
    void carryOut(int kills, int terminations) throws IOException, InterruptedException {
        List<Boolean> order = new ArrayList<>(Collections.nCopies(kills, true));
        order.addAll(Collections.nCopies(terminations, false));
        Collections.shuffle(order, random);
        for (boolean kill : order) {
            if (!stopOnce(kill)) {
                return;
            }
            terminated += kill ? 0 : 1;
            killed += kill ? 1 : 0;
        }
        toTheEnd();
    }

    /** Trains to the end without a stop. */
    void toTheEnd() throws IOException, InterruptedException {
        check(launcher.launch(directory, 1).waitFor());
    }

    /** Number of stops by SIGTERM. */
    int terminated() {
        return terminated;
    }

    /** Number of stops by SIGKILL. */
    int killed() {
        return killed;
    }

    /** Trains until a random moment; returns whether the worker was stopped before its end. */
    private boolean stopOnce(boolean kill) throws IOException, InterruptedException {
        long before = newest();
        Process worker = launcher.launch(directory, 1);
        while (worker.isAlive() && newest() <= before) {
            Thread.sleep(POLL_MILLIS);
        }
        worker.waitFor(random.nextInt(MAX_WAIT_MILLIS), TimeUnit.MILLISECONDS);
        if (!worker.isAlive()) {
            check(worker.exitValue());
            return false;
        }
        if (kill) {
            worker.destroyForcibly();
        } else {
            worker.destroy();
        }
        int exitCode = worker.waitFor();
        if (exitCode == 0) {
            return false;
        }
        if (!kill && exitCode != WorkerOutcome.Kind.STOPPED.exitCode()) {
            check(exitCode);
        }
        return true;
    }

    private long newest() {
        return checkpoints.steps().stream().findFirst().orElse(-1L);
    }

    private void check(int exitCode) throws IOException {
        if (exitCode != 0) {
            throw new IllegalStateException("the worker ended with exit code " + exitCode + ": "
                    + WorkerOutcome.read(directory).map(WorkerOutcome::message).orElse("")
                    + Files.readString(directory.workerErrors()));
        }
    }
}
