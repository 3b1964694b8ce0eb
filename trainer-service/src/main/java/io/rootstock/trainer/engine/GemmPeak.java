package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Device;
import io.rootstock.torch.Tensor;
import io.rootstock.torch.Torch;
import io.rootstock.trainer.engine.cpu.CpuDevice;
import io.rootstock.trainer.engine.device.ComputeDevice;
import io.rootstock.trainer.engine.device.ReplicaThreads;
import io.rootstock.trainer.engine.model.Operators;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Peak throughput of matrix products, measured once per process in about 0.2 s: the reference for model FLOPs utilization
 * (MFU) where no data sheet gives one.
 */
public final class GemmPeak {
    private static final int SIZE = 768;
    private static final int ROUNDS = 8;
    private static final long MIN_NANOSECONDS = 150_000_000;

    /** A GPU reaches its peak with products of this size, many in a row. */
    private static final int SIZE_ON_GPU = 8192;

    private static final int PRODUCTS_ON_GPU = 20;
    private static final Map<Key, Double> MEASURED = new ConcurrentHashMap<>();

    private record Key(Precision precision, int threads) {}

    private GemmPeak() {}

    /**
     * Peak of a number of CPU threads together, in floating-point operations per second of CPU time: time in which other
     * processes use the CPUs does not count.
     */
    public static double flopsPerSecond(Precision precision, int threads) {
        return MEASURED.computeIfAbsent(new Key(precision, threads), GemmPeak::measure);
    }

    /** Peak of the device and threads of an execution, in floating-point operations per second. */
    public static double flopsPerSecond(Execution execution) {
        if (execution.device().type() == Device.Type.CPU) {
            return flopsPerSecond(execution.precision(), execution.threads());
        }
        Torch.start();
        try (ComputeDevice device = DeviceChoice.open(execution);
                ReplicaThreads threads = new ReplicaThreads(device, 1)) {
            double best = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long begin = System.nanoTime();
                threads.single(() -> productsOnGpu(execution.computeType())); // returns when the products are complete
                double operations = 2.0 * SIZE_ON_GPU * SIZE_ON_GPU * SIZE_ON_GPU * PRODUCTS_ON_GPU;
                best = Math.max(best, operations / ((System.nanoTime() - begin) / 1e9));
            }
            return best;
        }
    }

    private static int productsOnGpu(DType type) {
        try (Tensor left = Tensor.zeros(type, SIZE_ON_GPU, SIZE_ON_GPU);
                Tensor right = Tensor.zeros(type, SIZE_ON_GPU, SIZE_ON_GPU)) {
            for (int product = 0; product < PRODUCTS_ON_GPU; product++) {
                Operators.MATRIX_PRODUCT.call(left, right).close();
            }
        }
        return PRODUCTS_ON_GPU;
    }

    private static double measure(Key key) {
        Torch.start();
        DType type = switch (key.precision) {
            case FLOAT64 -> DType.FLOAT64;
            case FLOAT32 -> DType.FLOAT32;
            case BFLOAT16 -> DType.BFLOAT16;
        };
        try (ReplicaThreads threads = new ReplicaThreads(new CpuDevice(true), key.threads)) {
            Callable<Double> task = () -> bestOfThread(type);
            return threads.all(Collections.nCopies(key.threads, task)).stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
        }
    }

    private static double bestOfThread(DType type) {
        double operations = 2.0 * SIZE * SIZE * SIZE;
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double best = 0;
        try (Tensor left = Tensor.zeros(type, SIZE, SIZE);
                Tensor right = Tensor.zeros(type, SIZE, SIZE)) {
            long begin = System.nanoTime();
            for (int round = 0; round < ROUNDS || System.nanoTime() - begin < MIN_NANOSECONDS; round++) {
                long start = threads.getCurrentThreadCpuTime();
                Operators.MATRIX_PRODUCT.call(left, right).close();
                best = Math.max(best, operations / ((threads.getCurrentThreadCpuTime() - start) / 1e9));
            }
        }
        return best;
    }
}
