package io.rootstock.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class OperatorTest {
    private static final Operator MATRIX_PRODUCT = Operator.of("aten::mm(Tensor self, Tensor mat2) -> Tensor");
    private static final Operator SUM = Operator.of(
            "aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");

    @Test
    void passesTensorsAndReturnsOne() {
        try (Scope _ = Scope.open()) {
            Tensor left = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
            assertThat(MATRIX_PRODUCT.call(left, left).toDoubles()).containsExactly(7, 10, 15, 22);
        }
    }

    @Test
    void passesOptionalListsBooleansAndElementTypes() {
        try (Scope _ = Scope.open()) {
            Tensor values = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
            Tensor rows = SUM.call(values, new long[] {1}, true, DType.FLOAT64);
            assertThat(rows.sizes()).containsExactly(2, 1);
            assertThat(rows.dtype()).isEqualTo(DType.FLOAT64);
            assertThat(rows.toDoubles()).containsExactly(3, 7);
            assertThat(SUM.call(values, null).item()).isEqualTo(10);
        }
    }

    @Test
    void passesTensorListsStringsDoublesAndDevices() {
        Operator concatenate = Operator.of("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");
        Operator gelu = Operator.of("aten::gelu(Tensor self, *, str approximate='none') -> Tensor");
        Operator normal = Operator.of("aten::normal_(Tensor(a!) self, float mean=0, float std=1, *, Generator?"
                + " generator=None) -> Tensor(a!)");
        Operator convert = Operator.of("aten::_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None,"
                + " Device? device=None, bool? pin_memory=None, bool non_blocking=False, MemoryFormat?"
                + " memory_format=None) -> Tensor");
        try (Scope _ = Scope.open()) {
            Tensor one = Tensor.of(new float[] {0, 1}, 2);
            assertThat(concatenate.call(new Tensor[] {one, one}, 0L).toDoubles())
                    .containsExactly(0, 1, 0, 1);
            assertThat(concatenate.call(List.of(one, one), 0L).elements()).isEqualTo(4);
            assertThat(gelu.call(one, "tanh").toDoubles()[1]).isBetween(0.84, 0.842);
            assertThat(convert.call(one, DType.BFLOAT16, null, Device.CPU).dtype())
                    .isEqualTo(DType.BFLOAT16);
            Tensor many = Tensor.empty(DType.FLOAT64, 1000);
            normal.run(many, 5.0, 0.001);
            assertThat(SUM.call(many, null).item()).isBetween(4990.0, 5010.0);
        }
    }

    @Test
    void returnsSeveralResultsListsAndBooleans() {
        Operator split =
                Operator.of("aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]");
        Operator norm = Operator.of("aten::_fused_rms_norm(Tensor input, int[] normalized_shape, Tensor? weight, float?"
                + " eps) -> (Tensor, Tensor)");
        Operator equal = Operator.of("aten::equal(Tensor self, Tensor other) -> bool");
        try (Scope _ = Scope.open()) {
            Tensor values = Tensor.of(new double[] {3, 4, 6, 8}, 2, 2);
            assertThat((List<?>) split.all(values, 1L).getFirst()).hasSize(2);
            assertThat(norm.tensors(values, new long[] {2}, null, 1e-12)[0].toDoubles()[0])
                    .isBetween(0.84, 0.85);
            assertThat(equal.all(values, values)).containsExactly(true);
        }
    }

    @Test
    void errorsCarryTheOperatorsNameAndLibtorchsWords() {
        try (Scope _ = Scope.open()) {
            Tensor values = Tensor.of(new double[] {1, 2, 3}, 1, 3);
            assertThatThrownBy(() -> MATRIX_PRODUCT.call(values, values))
                    .isInstanceOf(TorchException.class)
                    .hasMessageStartingWith("aten::mm: ")
                    .hasMessageContaining("cannot be multiplied")
                    .hasMessageNotContaining("frame #");
        }
    }

    @Test
    void errorsOfManyThreadsKeepToTheirThreads() throws Exception {
        List<Callable<String>> failures = new ArrayList<>();
        for (int index = 0; index < 40; index++) {
            long width = 2L + index;
            failures.add(() -> {
                try (Scope _ = Scope.open()) {
                    MATRIX_PRODUCT.call(Tensor.zeros(DType.FLOAT32, 1, width), Tensor.zeros(DType.FLOAT32, 1, 1));
                    return "no error for 1x" + width;
                } catch (TorchException e) {
                    return e.getMessage().contains("(1x" + width + " and 1x1)") ? "" : e.getMessage();
                }
            });
        }
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (Future<String> failure : threads.invokeAll(failures)) {
                assertThat(failure.get()).isEmpty();
            }
        }
    }

    @Test
    void anUnknownOperatorIsRefusedEarly() {
        Operator unknown = Operator.of("aten::no_such_operator(Tensor self, Tensor[] others, int? n) -> Tensor");
        assertThatThrownBy(unknown::require)
                .isInstanceOf(LibtorchMissingException.class)
                .hasMessageContaining("has no operator aten::no_such_operator");
        assertThat(MATRIX_PRODUCT.require().name()).isEqualTo("aten::mm");
    }

    @Test
    void typesWithoutAnEncodingAreRefusedWhenDeclared() {
        assertThatThrownBy(
                        () -> Operator.of("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Scalar");
    }

    @Test
    void wrongArgumentsAreRefusedBeforeTheCallAndReleased() {
        long before = Tensor.live();
        try (Tensor one = Tensor.scalar(DType.FLOAT64, 1)) {
            assertThatThrownBy(() -> MATRIX_PRODUCT.call(one)).hasMessageContaining("aten::mm needs its argument mat2");
            assertThatThrownBy(() -> MATRIX_PRODUCT.call(one, one, one)).hasMessageContaining("takes 2 arguments");
            assertThatThrownBy(() -> MATRIX_PRODUCT.call(one, "text")).isInstanceOf(ClassCastException.class);
        }
        assertThat(Tensor.live()).isEqualTo(before);
    }

    @Test
    void autogradRunsThroughTheDispatcher() {
        Operator backward = Operator.of("aten::_backward(Tensor self, Tensor[] inputs, Tensor? gradient=None, bool?"
                + " retain_graph=None, bool create_graph=False) -> ()");
        try (Scope _ = Scope.open()) {
            Tensor weight = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).requireGradient();
            Tensor loss = SUM.call(MATRIX_PRODUCT.call(weight, weight), null);
            backward.run(loss, new Tensor[0]);
            assertThatThrownBy(() -> backward.run(loss, new Tensor[0])).hasMessageContaining("second time");
        }
    }
}
