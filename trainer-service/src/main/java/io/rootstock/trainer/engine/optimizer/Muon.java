package io.rootstock.trainer.engine.optimizer;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.model.Operators;
import io.rootstock.trainer.engine.model.ParameterLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Muon (Jordan et al. 2024): the layers' matrices are updated by their orthogonalized momentum, all other parameters by
 * AdamW. The momentum is stored in the first moment.
 */
public final class Muon implements Optimizer {
    /**
     * Settings of Muon (Jordan et al. 2024) for the layers' matrices. The update is scaled to the RMS of AdamW's (Liu et al.
     * 2025), so that learning rate and weight decay are shared with AdamW.
     *
     * @param momentum decay rate of the momentum, mu, in [0, 1)
     * @param iterations number of Newton-Schulz iterations, at least 1
     */
    public record Settings(double momentum, int iterations) {
        /** The authors' settings: momentum 0.95, 5 iterations. */
        public static final Settings DEFAULT = new Settings(0.95, 5);

        /** Checks the ranges of the settings. */
        public Settings {
            if (!(momentum >= 0 && momentum < 1) || iterations < 1) {
                throw new IllegalArgumentException("momentum must lie in [0, 1) and iterations be at least 1");
            }
        }
    }

    /** Coefficients of the Newton-Schulz iteration X = a X + b X X^T X + c (X X^T)^2 X (Jordan et al. 2024). */
    private static final double A = 3.4445;

    private static final double B = -4.7750;
    private static final double C = 2.0315;

    /** RMS to which updates are scaled, which is that of AdamW's (Liu et al. 2025). */
    private static final double UPDATE_RMS = 0.2;

    /** Added to the Frobenius norm before the division by it (Jordan et al. 2024). */
    private static final double FROBENIUS_EPSILON = 1e-7;

    private final AdamW adamw;

    Muon(AdamW adamw) {
        this.adamw = adamw;
    }

    /** Whether Muon updates a parameter: the matrices of the layers, adapters included. */
    private static boolean updates(ParameterLayout.Place place) {
        return place.shape().length == 2 && place.name().startsWith("model.layers.");
    }

    @Override
    public List<Callable<Void>> matrixUpdates(Optimizer.State state, Optimizer.Step step) {
        return state.weights().layout().places().stream()
                .filter(Muon::updates)
                .map(place -> (Callable<Void>) () -> {
                    try (Scope _ = Scope.open()) {
                        updateMatrix(state, place, step);
                    }
                    return null;
                })
                .toList();
    }

    @Override
    public void updateRange(Optimizer.State state, Optimizer.Step step, long from, long to) {
        long[] matrices = state.weights().layout().range(Muon::updates);
        long before = Math.clamp(matrices[0], from, to);
        long after = Math.clamp(matrices[1], before, to);
        adamw.updateRange(state, step, from, before);
        state.weights().refreshCompute(before, after);
        adamw.updateRange(state, step, after, to);
    }

    private static void updateMatrix(Optimizer.State state, ParameterLayout.Place place, Optimizer.Step step) {
        Settings muon = step.settings().muon().orElseThrow();
        double divisor = step.gradientDivisor();
        Tensor weight = view(state.weights().master(), place);
        Tensor gradient = view(state.gradient(), place);
        Tensor momentum = view(state.firstMoment(), place);
        Operators.COPY.run(momentum, scaled(momentum, muon.momentum()).plus(gradient, 1 / divisor));
        Tensor nesterov = scaled(momentum, muon.momentum()).plus(gradient, 1 / divisor);
        DType computeType = state.weights().compute().dtype();
        Tensor update = orthogonal(nesterov, computeType, muon.iterations());
        long[] sizes = weight.sizes();
        double scale = UPDATE_RMS * Math.sqrt((double) Math.max(sizes[0], sizes[1]));
        Tensor decayed =
                scaled(weight, 1 - step.learningRate() * step.settings().weightDecay());
        Operators.COPY.run(weight, decayed.plus(update, -step.learningRate() * scale));
    }

    private static Tensor view(Tensor flat, ParameterLayout.Place place) {
        return flat.slice(place.offset(), place.shape());
    }

    /**
     * Approximates U V^T of the singular value decomposition U S V^T by Newton-Schulz iterations; the singular values of
     * the result lie in about 0.7 to 1.2.
     *
     * @param computeType type of the iterations' matrix products
     */
    static Tensor orthogonal(Tensor matrix, DType computeType, int iterations) {
        long[] sizes = matrix.sizes();
        boolean tall = sizes[0] > sizes[1];
        double norm = Math.sqrt(squares(matrix));
        Tensor normalized = scaled(matrix, 1 / (norm + FROBENIUS_EPSILON));
        Tensor x = normalized.dtype() == computeType ? normalized : Operators.CONVERT.call(normalized, computeType);
        for (int iteration = 0; iteration < iterations; iteration++) {
            Tensor transposed = x.strided(0, new long[] {sizes[1], sizes[0]}, new long[] {1, sizes[1]});
            Tensor gram = // the smaller of X X^T and X^T X
                    tall ? Operators.MATRIX_PRODUCT.call(transposed, x) : Operators.MATRIX_PRODUCT.call(x, transposed);
            Tensor polynomial = gram.plusMatrixProduct(gram, gram, B, C); // b G + c G G
            x = tall ? x.plusMatrixProduct(x, polynomial, A, 1) : x.plusMatrixProduct(polynomial, x, A, 1);
        }
        return x.dtype() == matrix.dtype() ? x : Operators.CONVERT.call(x, matrix.dtype());
    }

    private static Tensor scaled(Tensor tensor, double factor) {
        return Operators.MULTIPLY.call(tensor, Tensor.scalar(tensor.dtype(), factor));
    }

    private static double squares(Tensor tensor) {
        MemorySegment memory = tensor.memory();
        boolean float64 = tensor.dtype() == DType.FLOAT64;
        double sum = 0;
        for (long index = 0; index < tensor.elements(); index++) {
            double value = float64 ? memory.getAtIndex(JAVA_DOUBLE, index) : memory.getAtIndex(JAVA_FLOAT, index);
            sum += value * value;
        }
        return sum;
    }
}
