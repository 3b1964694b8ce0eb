package io.rootstock.trainer.engine.cuda;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.cuda.CudaMissingException;
import io.rootstock.cuda.Gpu;
import io.rootstock.torch.DType;
import io.rootstock.torch.Device;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.Samples;
import io.rootstock.trainer.engine.model.Recomputation;
import io.rootstock.trainer.engine.model.Tuning;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Checks of the GPU path on a machine without a GPU. */
class CudaDeviceTest {
    private static final Execution EXECUTION = Execution.of(Precision.BFLOAT16, 4);

    @Test
    void aMissingGpuIsReported() {
        Assumptions.assumeTrue(Gpu.count() == 0, "there is a GPU");
        Execution execution = EXECUTION.on(Device.cuda(0));
        assertThatThrownBy(() -> Engine.create(Samples.shapes().getFirst(), new Tuning.Full(), execution))
                .isInstanceOf(CudaMissingException.class)
                .hasMessageContaining("A GPU needs NVIDIA's driver");
    }

    @Test
    void aGpuIsOneReplica() {
        assertThatCode(() -> EXECUTION.on(Device.cuda(1))).doesNotThrowAnyException();
        assertThatThrownBy(() -> new Execution(Precision.BFLOAT16, 2, Recomputation.NONE, false, Device.cuda(0), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was 2 threads, BFLOAT16");
        assertThatThrownBy(() -> Execution.of(Precision.FLOAT64, 1).on(Device.cuda(0)))
                .hasMessageContaining("float32 or bfloat16");
    }

    @Test
    void libtorchProvidesTheAttentionOperators() {
        assertThatCode(CudaAttention::require).doesNotThrowAnyException();
    }

    @Test
    void headDimensionsThatNeedPaddingAreRejected() {
        ModelShape shape = Samples.shapes().get(4); // heads of 20
        assertThatThrownBy(() -> new CudaAttention(null, shape, DType.BFLOAT16, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a multiple of 8, was 20");
    }
}
