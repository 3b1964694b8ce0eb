package io.rootstock.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WorkspaceTest {
    private static final long MANY = 1 << 16;

    @Test
    void memoryOfAClosedTensorIsUsedForTheNextOfAboutItsSize() {
        try (Workspace workspace = new Workspace()) {
            workspace.enter();
            Tensor first = Tensor.empty(DType.FLOAT32, MANY);
            long address = first.address();
            Tensor second = Tensor.empty(DType.FLOAT32, MANY);
            assertThat(second.address()).isNotEqualTo(address);
            first.close();
            try (Tensor third = Tensor.empty(DType.FLOAT32, 4, MANY / 4 - 100)) {
                assertThat(third.address()).isEqualTo(address);
                assertThat(third.sizes()).containsExactly(4, MANY / 4 - 100);
                assertThat(third.contiguous()).isTrue();
            }
            try (Tensor half = Tensor.empty(DType.FLOAT32, MANY / 2)) {
                assertThat(half.address()).isNotEqualTo(address);
            }
            second.close();
            workspace.leave();
        }
    }

    @Test
    void memoryThatARoundHasNotUsedIsFreedAtItsEnd() {
        long before = Tensor.live();
        try (Workspace workspace = new Workspace()) {
            workspace.enter();
            Tensor.empty(DType.FLOAT32, MANY).close();
            Tensor.empty(DType.FLOAT64, 3 * MANY).close();
            workspace.leave();
            assertThat(Tensor.live()).isEqualTo(before + 2);
            workspace.enter();
            Tensor.empty(DType.FLOAT64, 3 * MANY).close();
            workspace.leave();
            assertThat(Tensor.live()).isEqualTo(before + 1);
        }
        assertThat(Tensor.live()).isEqualTo(before);
    }

    @Test
    void tensorsMadeOutsideOrSmallHaveMemoryOfTheirOwn() {
        long before = Tensor.live();
        try (Workspace workspace = new Workspace()) {
            workspace.enter();
            Tensor.empty(DType.FLOAT32, 10).close();
            workspace.leave();
            Tensor.empty(DType.FLOAT32, MANY).close();
            assertThat(Tensor.live()).isEqualTo(before);
        }
    }

    @Test
    void whatIsKeptStaysUntilTheEnd() {
        long before = Tensor.live();
        try (Workspace workspace = new Workspace()) {
            workspace.enter();
            Tensor.empty(DType.FLOAT32, MANY).close();
            workspace.leave();
            workspace.keep();
            workspace.enter();
            workspace.leave();
            assertThat(Tensor.live()).isEqualTo(before + 1);
        }
        assertThat(Tensor.live()).isEqualTo(before);
    }

    @Test
    void sealedItGivesWhatItHasAndRefusesTheRest() {
        try (Workspace workspace = new Workspace()) {
            workspace.enter();
            long address;
            try (Tensor first = Tensor.empty(DType.FLOAT32, MANY)) {
                address = first.address();
            }
            workspace.seal(true);
            try (Tensor again = Tensor.empty(DType.FLOAT32, MANY)) {
                assertThat(again.address()).isEqualTo(address);
                assertThatThrownBy(() -> Tensor.empty(DType.FLOAT32, MANY))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(MANY + " FLOAT32 values");
            }
            workspace.seal(false);
            workspace.leave();
        }
    }
}
