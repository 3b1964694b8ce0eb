package io.rootstock.trainer.estimate;

import io.rootstock.trainer.run.JavaWorkerLauncher;
import java.nio.file.Path;

/**
 * What is measured of this machine before a run: its peak, and a few steps of the run's own shape. Both by processes of
 * their own, so that native code never runs inside the service, and are remembered in a folder.
 *
 * @param peak speed of matrix products
 * @param steps speed and memory of training
 */
public record Calibration(MachinePeak peak, StepProbes steps) {
    /** Remembers in {@code machine.json} and {@code steps.json} of a folder. */
    public static Calibration in(Path folder, JavaWorkerLauncher launcher) {
        return new Calibration(
                new MachinePeak(folder.resolve("machine.json"), launcher),
                new StepProbes(folder.resolve("steps.json"), launcher));
    }
}
