package io.rootstock.trainer.estimate;

import io.rootstock.torch.Device;
import io.rootstock.trainer.engine.DeviceChoice;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.GemmPeak;
import io.rootstock.trainer.process.ProcessPriority;
import io.rootstock.trainer.v1.Precision;

/**
 * Measures the peak FLOP/s of this machine's CPUs with matrix products of the sizes used in training. Runs in a
 * separate process, so that the service loads no native code.
 */
public final class PeakProbe {
    private PeakProbe() {}

    /**
     * Prints the peak in FLOP/s and the share of the CPUs that other processes left.
     *
     * @param arguments name of the precision, number of threads
     */
    public static void main(String[] arguments) {
        ProcessPriority.lower();
        int threads = Integer.parseInt(arguments[1]);
        ProcessorUse before = ProcessorUse.now();
        double peak = measure(Precision.valueOf(arguments[0]), threads);
        System.out.println(peak + " " + before.freeShareSince(threads));
    }

    /** Returns the highest measured FLOP/s of all threads together. */
    public static double measure(Precision precision, int threads) {
        var products = switch (precision) {
            case PRECISION_BFLOAT16 -> io.rootstock.trainer.engine.Precision.BFLOAT16;
            case PRECISION_FLOAT32, PRECISION_UNSPECIFIED, UNRECOGNIZED ->
                io.rootstock.trainer.engine.Precision.FLOAT32;
        };
        Execution onProcessors = Execution.of(products, threads);
        Device device = DeviceChoice.here();
        return GemmPeak.flopsPerSecond(device.type() == Device.Type.CPU ? onProcessors : onProcessors.on(device));
    }
}
