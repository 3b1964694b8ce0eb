package io.rootstock.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Repeats calls with every kind of argument and result: neither handles nor resident memory may grow. */
class LeakTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final Operator PRODUCT = Operator.of("aten::mm(Tensor self, Tensor mat2) -> Tensor");
    private static final Operator UNKNOWN = Operator.of("aten::no_such_operator(Tensor self, Tensor[] b) -> Tensor");
    private static final Operator SPLIT =
            Operator.of("aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]");
    private static final Operator CONCATENATE = Operator.of("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");
    private static final Operator GELU = Operator.of("aten::gelu(Tensor self, *, str approximate='none') -> Tensor");
    private static final Operator NORM =
            Operator.of("aten::rms_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, float? eps=None)"
                    + " -> Tensor");
    private static final Operator SUM = Operator.of(
            "aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");
    private static final Operator BACKWARD = Operator.of("aten::_backward(Tensor self, Tensor[] inputs, Tensor?"
            + " gradient=None, bool? retain_graph=None, bool create_graph=False) -> ()");

    @Test
    void aThousandStepsOfEveryKindOfArgumentLeakNothing() throws IOException {
        Runnable step = () -> {
            try (Scope _ = Scope.open()) {
                Tensor matrix = Tensor.zeros(DType.FLOAT32, 128, 128);
                Tensor gain = Tensor.zeros(DType.FLOAT32, 128);
                CONCATENATE.call(new Tensor[] {matrix, matrix}, 0L);
                NORM.call(matrix, new long[] {128}, gain, 1e-5);
                SUM.call(matrix, new long[] {1}, true, DType.FLOAT64);
                GELU.call(matrix, "tanh");
                SPLIT.all(matrix, 32L);
                SPLIT.run(matrix, 32L);
                Tensor weight = Tensor.zeros(DType.FLOAT32, 128, 128).requireGradient();
                BACKWARD.run(SUM.call(PRODUCT.call(matrix, weight), null), new Tensor[0]);
            }
        };
        assertNoGrowth(step, 200, 1000);
    }

    @Test
    void failingCallsLeakNothing() throws IOException {
        Runnable step = () -> {
            try (Scope _ = Scope.open()) {
                Tensor megabyte = Tensor.zeros(DType.FLOAT32, 1 << 18);
                fails(() -> UNKNOWN.call(megabyte, new Tensor[] {megabyte}));
                fails(() -> PRODUCT.call(megabyte, megabyte));
                fails(() -> PRODUCT.call(megabyte, "not a tensor"));
            }
        };
        assertNoGrowth(step, 10, 60);
    }

    private static void fails(Runnable call) {
        try {
            call.run();
        } catch (TorchException | ClassCastException e) {
            return;
        }
        throw new AssertionError("the call did not fail");
    }

    private static void assertNoGrowth(Runnable step, int warmUp, int steps) throws IOException {
        for (int index = 0; index < warmUp; index++) {
            step.run();
        }
        long handles = Tensor.live();
        long resident = residentBytes();
        for (int index = 0; index < steps; index++) {
            step.run();
        }
        assertThat(Tensor.live()).isEqualTo(handles);
        assertThat(residentBytes() - resident).as("growth of resident bytes").isLessThan(24 * MEBIBYTE);
    }

    private static long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("no VmRSS in /proc/self/status");
    }
}
