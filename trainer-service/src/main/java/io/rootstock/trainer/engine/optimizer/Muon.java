package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.Callable;

/** Muon's update of the layers' matrices, each for itself; the momentum lives where AdamW keeps its first moment. */
final class Muon {
    /** Coefficients of the iteration x -> a x + b x^3 + c x^5, which is steep at zero (Jordan et al. 2024). */
    private static final double A = 3.4445;

    private static final double B = -4.7750;
    private static final double C = 2.0315;

    /** Root mean square of AdamW's updates (Liu et al. 2025). */
    private static final double ROOT_MEAN_SQUARE = 0.2;

    private Muon() {}

    /** Whether a parameter is updated by Muon. */
    static boolean updates(ParameterLayout.Place place) {
        return place.shape().length == 2 && place.name().startsWith("model.layers.");
    }

    /** Updates every matrix of the layers; which thread takes which does not matter to the result. */
    static void update(
            ReplicaThreads threads,
            FlatBuffers buffers,
            DType product,
            double rate,
            OptimizerSettings settings,
            MuonSettings muon,
            double divisor) {
        List<Callable<Void>> tasks = buffers.weights.layout.places().stream()
                .filter(Muon::updates)
                .map(place -> (Callable<Void>) () -> {
                    try (Scope _ = Scope.open()) {
                        matrix(
                                view(buffers.weights.master, place),
                                view(buffers.gradients.getFirst(), place),
                                view(buffers.firstMoment, place),
                                product,
                                rate,
                                settings,
                                muon,
                                divisor);
                    }
                    return null;
                })
                .toList();
        threads.all(tasks);
    }

    private static Tensor view(Tensor flat, ParameterLayout.Place place) {
        return flat.slice(place.offset(), place.shape());
    }

    private static void matrix(
            Tensor weight,
            Tensor gradient,
            Tensor average,
            DType product,
            double rate,
            OptimizerSettings settings,
            MuonSettings muon,
            double divisor) {
        Operators.COPY.run(average, scaled(average, muon.momentum()).plus(gradient, 1 / divisor));
        // Nesterov: one step of the average ahead.
        Tensor direction = scaled(average, muon.momentum()).plus(gradient, 1 / divisor);
        Tensor orthogonal = orthogonal(direction, product, muon.iterations());
        long[] sizes = weight.sizes();
        double scale = ROOT_MEAN_SQUARE * Math.sqrt((double) Math.max(sizes[0], sizes[1]));
        Tensor decayed = scaled(weight, 1 - rate * settings.weightDecay());
        Operators.COPY.run(weight, decayed.plus(orthogonal, -rate * scale));
    }

    /** U V^T of the matrix's singular value decomposition U S V^T, about: singular values of 0.7 to 1.2. */
    static Tensor orthogonal(Tensor matrix, DType product, int iterations) {
        long[] sizes = matrix.sizes();
        boolean tall = sizes[0] > sizes[1];
        double norm = Math.sqrt(squares(matrix));
        Tensor small = scaled(matrix, 1 / (norm + 1e-7));
        Tensor x = small.dtype() == product ? small : Operators.CONVERT.call(small, product);
        for (int iteration = 0; iteration < iterations; iteration++) {
            Tensor transposed = x.strided(0, new long[] {sizes[1], sizes[0]}, new long[] {1, sizes[1]});
            // The smaller of X X^T and X^T X.
            Tensor square =
                    tall ? Operators.MATRIX_PRODUCT.call(transposed, x) : Operators.MATRIX_PRODUCT.call(x, transposed);
            Tensor both = square.plusMatrixProduct(square, square, B, C);
            x = tall ? x.plusMatrixProduct(x, both, A, 1) : x.plusMatrixProduct(both, x, A, 1);
        }
        return x.dtype() == matrix.dtype() ? x : Operators.CONVERT.call(x, matrix.dtype());
    }

    private static Tensor scaled(Tensor tensor, double factor) {
        return Operators.MULTIPLY.call(tensor, Tensor.scalar(tensor.dtype(), factor));
    }

    private static double squares(Tensor tensor) {
        MemorySegment memory = tensor.memory();
        boolean wide = tensor.dtype() == DType.FLOAT64;
        double sum = 0;
        for (long index = 0; index < tensor.elements(); index++) {
            double value = wide ? memory.getAtIndex(JAVA_DOUBLE, index) : memory.getAtIndex(JAVA_FLOAT, index);
            sum += value * value;
        }
        return sum;
    }
}
