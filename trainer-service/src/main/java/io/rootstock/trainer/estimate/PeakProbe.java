package io.rootstock.trainer.estimate;

import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.torch.Torch;
import io.rootstock.trainer.v1.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures the peak of this machine's processors by matrix products of the kind training spends its time in, one thread
 * a replica as the trainer works. A process of its own for the service, so that native code never runs inside it.
 */
public final class PeakProbe {
    private static final int SIZE = 512;
    private static final int ROUNDS = 6;

    private PeakProbe() {}

    /**
     * Prints the peak in FLOP/s.
     *
     * @param arguments name of the precision, number of threads
     */
    public static void main(String[] arguments) {
        System.out.println(measure(Precision.valueOf(arguments[0]), Integer.parseInt(arguments[1])));
    }

    /** Best rate seen, FLOP/s of all threads together; takes about a tenth of a second. */
    public static double measure(Precision precision, int threads) {
        DType type = precision == Precision.PRECISION_BFLOAT16 ? DType.BFLOAT16 : DType.FLOAT32;
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Callable<Double>> probes = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                probes.add(() -> probe(type));
            }
            double sum = 0.0;
            for (Future<Double> rate : executor.invokeAll(probes)) {
                sum += rate.get();
            }
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while probing", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot probe this machine", e.getCause());
        }
    }

    private static double probe(DType type) {
        Torch.setThreads(1);
        try (Tensor left = Tensor.zeros(type, SIZE, SIZE);
                Tensor right = Tensor.zeros(type, SIZE, SIZE);
                Tensor product = Tensor.zeros(type, SIZE, SIZE)) {
            double best = 0.0;
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                for (int i = 0; i < 4; i++) {
                    product.addMatrixProduct(left, right, 0.0);
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                best = Math.max(best, 4 * 2.0 * SIZE * SIZE * SIZE / seconds);
            }
            return best;
        }
    }
}
