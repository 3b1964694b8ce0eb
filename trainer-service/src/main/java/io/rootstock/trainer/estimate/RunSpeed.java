package io.rootstock.trainer.estimate;

import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.plan.Plan;
import java.util.OptionalDouble;

/** Speed of a run, from which later estimates on this machine learn. */
public final class RunSpeed {
    private static final double MIN_SECONDS = 30;

    private final Calibration calibration;
    private final Machine machine;
    private final Plan plan;
    private final DataFacts data;
    private ProcessorUse start = ProcessorUse.now();

    /** Creates the record of a run. */
    public RunSpeed(Calibration calibration, Machine machine, Plan plan, DataFacts data) {
        this.calibration = calibration;
        this.machine = machine;
        this.plan = plan;
        this.data = data;
    }

    /** Called before the first step. */
    public void begin() {
        start = ProcessorUse.now();
    }

    /**
     * Called after the last step. The speed of less than 30 seconds of steps, or while other processes used the CPUs, is
     * not remembered.
     *
     * @param flopsPerSecond FLOP/s of the steps
     * @param seconds duration of the steps
     * @param peak FLOP/s reached for at least a second, if above the measured peak of the machine
     */
    public void end(double flopsPerSecond, double seconds, OptionalDouble peak) {
        int threads = plan.hyperparameters().getThreads()
                * Math.max(1, plan.hyperparameters().getRanks());
        peak.ifPresent(flops ->
                calibration.peak().raise(machine, plan.hyperparameters().getPrecision(), threads, flops));
        double free = machine.gpu() ? 1 : start.freeShareSince(machine.threadsOfEach(threads));
        if (seconds >= MIN_SECONDS && free >= Measurement.UNDISTURBED) {
            calibration.steps().learn(machine, plan, data, flopsPerSecond);
        }
    }
}
