package io.rootstock.trainer.estimate;

import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import java.nio.file.Path;

/**
 * Measurements of this machine for estimates: peak FLOP/s and a few training steps of the run's shape. They run in
 * separate processes, so that the service loads no native code, and are cached in a directory.
 *
 * @param peak peak FLOP/s of matrix products
 * @param steps speed and memory of training
 */
public record Calibration(MachinePeak peak, StepProbes steps) {
    /** Caches measurements in {@code machine.json} and {@code steps.json} of a directory. */
    public static Calibration in(Path folder, JavaWorkerLauncher launcher) {
        return new Calibration(
                new MachinePeak(folder.resolve("machine.json"), launcher),
                new StepProbes(folder.resolve("steps.json"), launcher));
    }

    /** Share of a machine's cores, 0 to 1, that other processes leave, measured in half a second; 1 for a GPU. */
    public static double freeShare(Machine machine) {
        return machine.gpu() ? 1 : ProcessorUse.freeShare(machine.cores());
    }
}
