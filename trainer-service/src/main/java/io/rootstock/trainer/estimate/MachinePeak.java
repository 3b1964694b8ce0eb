package io.rootstock.trainer.estimate;

import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.v1.Precision;
import java.nio.file.Path;
import java.util.List;

/** Peak FLOP/s of this machine, measured for each precision by a {@link PeakProbe} process and cached in a file. */
public final class MachinePeak {
    private final RememberedFigures<Double> figures;
    private final JavaWorkerLauncher launcher;

    /**
     * Caches measurements in a file.
     *
     * @param file cache file; created by the first probe
     */
    public MachinePeak(Path file, JavaWorkerLauncher launcher) {
        this.figures = new RememberedFigures<>(file, Double.class);
        this.launcher = launcher;
    }

    /**
     * FLOP/s of all threads together.
     *
     * @param threads number of threads on all machines
     */
    public double flops(Machine machine, Precision precision, int threads) {
        int each = machine.threadsOfEach(threads);
        double measured = figures.get(name(machine, precision, each), () -> {
            List<String> words = ProbeProcess.words(
                    launcher, List.of(PeakProbe.class.getName(), precision.name(), Integer.toString(each)));
            return new Measurement<>(
                    Double.parseDouble(words.get(0)), Double.parseDouble(words.get(1)), System.currentTimeMillis());
        });
        return measured * machine.count();
    }

    /** Replaces the cached peak by a higher rate that a run has reached. */
    public void raise(Machine machine, Precision precision, int threads, double flops) {
        figures.put(
                name(machine, precision, machine.threadsOfEach(threads)),
                new Measurement<>(flops / machine.count(), 1, System.currentTimeMillis()));
    }

    private static String name(Machine machine, Precision precision, int threads) {
        return machine.name() + ", " + precision + ", " + threads + " threads";
    }
}
