package io.rootstock.torch;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void aClosedTensorCannotBeUsedAndClosesOnce() {
        Tensor tensor = Tensor.zeros(DType.FLOAT32, 2);
        tensor.close();
        tensor.close();
        assertThatThrownBy(tensor::elements).isInstanceOf(IllegalStateException.class);
        assertThat(tensor).hasToString("Tensor(closed)");
    }

    @Test
    void aScopeClosesAllButWhatItKeeps() {
        Tensor kept;
        Tensor lost;
        try (Scope scope = Scope.open()) {
            lost = Tensor.zeros(DType.FLOAT32, 2);
            kept = scope.keep(Tensor.zeros(DType.FLOAT32, 3));
        }
        assertThat(kept.elements()).isEqualTo(3);
        assertThatThrownBy(lost::elements).isInstanceOf(IllegalStateException.class);
        kept.close();
    }

    @Test
    void keptTensorsBelongToTheScopeAround() {
        Tensor kept;
        try (Scope _ = Scope.open()) {
            try (Scope inner = Scope.open()) {
                kept = inner.keep(Tensor.zeros(DType.FLOAT32, 3));
            }
            assertThat(kept.elements()).isEqualTo(3);
        }
        assertThat(kept).hasToString("Tensor(closed)");
    }

    @Test
    void viewsShareMemory() {
        try (Scope _ = Scope.open()) {
            Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
            assertThat(matrix.slice(3, 3).toDoubles()).containsExactly(4, 5, 6);
            Tensor column = matrix.strided(1, new long[] {2}, new long[] {3});
            assertThat(column.strides()).containsExactly(3);
            assertThatThrownBy(column::memory).isInstanceOf(IllegalStateException.class);
            assertThat(matrix.slice(3, 3).slice(1, 2).toDoubles()).containsExactly(5, 6);
        }
    }

    @Test
    void addsWithAFactor() {
        try (Scope _ = Scope.open()) {
            Tensor one = Tensor.of(new double[] {1, 2}, 2);
            assertThat(one.plus(one, 0.5).toDoubles()).containsExactly(1.5, 3);
        }
    }

    @Test
    void matrixProductsAccumulateInPlace() {
        try (Scope _ = Scope.open()) {
            Tensor identity = Tensor.of(new double[] {1, 0, 0, 1}, 2, 2);
            Tensor sum = Tensor.of(new double[] {Double.NaN, 1, 1, 1}, 2, 2);
            sum.addMatrixProduct(identity, identity, 0);
            assertThat(sum.toDoubles()).containsExactly(1, 0, 0, 1);
            sum.addMatrixProduct(identity, identity, 1);
            assertThat(sum.toDoubles()).containsExactly(2, 0, 0, 2);
        }
    }

    @Test
    void elementTypesHaveLibtorchsCodes() throws Throwable {
        for (DType type : DType.values()) {
            var code = NativeLibraries.function(
                    "aoti_torch_dtype_" + type.name().toLowerCase(java.util.Locale.ROOT),
                    java.lang.foreign.ValueLayout.JAVA_INT);
            assertThat((int) code.invokeExact()).as(type.name()).isEqualTo(type.code());
        }
        assertThat(Torch.version()).isEqualTo("2.10.0");
    }

    @Test
    void memoryThatIsNotLibtorchsIsReadAndWritten() {
        try (Arena arena = Arena.ofConfined();
                Scope _ = Scope.open()) {
            MemorySegment memory = arena.allocateFrom(JAVA_FLOAT, 1, 2, 3, 4, 5, 6);
            Tensor tensor = Tensor.ofMemory(Device.CPU, DType.FLOAT32, memory.address(), 2, 3);
            assertThat(tensor.onGpu()).isFalse();
            assertThat(tensor.slice(3, 3).toDoubles()).containsExactly(4, 5, 6);
            Tensor copy = tensor.copyOnHost();
            memory.setAtIndex(JAVA_FLOAT, 5, 7);
            assertThat(tensor.toDoubles()).endsWith(5, 7);
            assertThat(copy.toDoubles()).endsWith(5, 6);
            copy.close();
        }
    }

    @Test
    void aLibtorchForTheCpuHasNoStreams() {
        Assumptions.assumeFalse(Torch.cuda(), "this libtorch is one for CUDA");
        assertThatThrownBy(() -> Torch.setStream(Device.cuda(0), MemorySegment.NULL))
                .isInstanceOf(LibtorchMissingException.class)
                .hasMessageContaining("not one for CUDA")
                .hasMessageContaining("ROOTSTOCK_LIBTORCH");
    }
}
