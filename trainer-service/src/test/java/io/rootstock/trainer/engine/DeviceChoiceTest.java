package io.rootstock.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.torch.Device;
import org.junit.jupiter.api.Test;

class DeviceChoiceTest {
    @Test
    void aGpuIsSelectedIfLibtorchAndTheMachineSupportIt() {
        assertThat(DeviceChoice.choose(null, false, () -> 8, 0)).isEqualTo(Device.CPU);
        assertThat(DeviceChoice.choose(null, true, () -> 0, 0)).isEqualTo(Device.CPU);
        assertThat(DeviceChoice.choose(" ", true, () -> 8, 0)).isEqualTo(Device.cuda(0));
        assertThat(DeviceChoice.choose("cpu", true, () -> 8, 0)).isEqualTo(Device.CPU);
        assertThat(DeviceChoice.choose("cuda:3", true, () -> 8, 1)).isEqualTo(Device.cuda(3));
    }

    @Test
    void eachProcessOfAMachineGetsItsOwnGpu() {
        assertThat(DeviceChoice.choose("cuda", true, () -> 2, 1)).isEqualTo(Device.cuda(1));
        assertThatThrownBy(() -> DeviceChoice.choose(null, true, () -> 2, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no GPU 2 among 2");
    }

    @Test
    void unavailableDevicesAreRejected() {
        assertThatThrownBy(() -> DeviceChoice.choose("cuda", false, () -> 1, 0))
                .hasMessageContaining("ROOTSTOCK_LIBTORCH names no libtorch for CUDA");
        assertThatThrownBy(() -> DeviceChoice.choose("cuda", true, () -> 0, 0))
                .hasMessageContaining("no GPU 0 among 0");
        assertThatThrownBy(() -> DeviceChoice.choose("tpu", true, () -> 1, 0))
                .hasMessageContaining("must be cpu, cuda or cuda:N, was tpu");
    }
}
