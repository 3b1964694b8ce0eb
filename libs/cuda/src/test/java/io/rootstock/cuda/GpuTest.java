package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class GpuTest {
    @Test
    void withoutADriverThereIsNoGpuAndTheReasonIsSaid() {
        Assumptions.assumeFalse(Files.exists(Path.of("/dev/nvidiactl")), "there is a GPU");
        assertThat(Gpu.count()).isZero();
        assertThatThrownBy(() -> Gpu.open(0))
                .isInstanceOf(CudaMissingException.class)
                .hasMessageContaining("libcuda.so.1")
                .hasMessageContaining("train on the CPU");
    }

    @Test
    void argumentsLieWhereTheirPointersSay() {
        try (Arena arena = Arena.ofConfined()) {
            var pointers = new KernelArguments(arena).write(1L << 40, 7, 1.5f, 2.5);
            assertThat(pointers.getAtIndex(ADDRESS, 1).reinterpret(4).get(JAVA_INT, 0))
                    .isEqualTo(7);
            assertThatThrownBy(() -> new KernelArguments(arena).write("text")).hasMessageContaining("argument 0");
            assertThatThrownBy(() -> new KernelArguments(arena).write(new Object[33]))
                    .hasMessageContaining("32 arguments at most, not 33");
        }
    }

    /** Full sequence on a machine with a GPU: compile, load, copy, launch, capture and launch the graph. */
    @Test
    void aGraphDoesItsWorkAgainWithNewInput() {
        Assumptions.assumeTrue(Gpu.count() > 0, "requires a GPU");
        String source = "extern \"C\" __global__ void twice(int* x, int n) {"
                + " int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) x[i] *= 2; }";
        try (Gpu gpu = Gpu.open(0);
                Stream stream = Stream.create();
                PinnedMemory host = PinnedMemory.allocate(400);
                ManagedMemory device = ManagedMemory.allocate(400);
                Arena arena = Arena.ofConfined()) {
            Path libtorch = Path.of(System.getenv().getOrDefault("ROOTSTOCK_LIBTORCH", "."));
            byte[] code = Nvrtc.open(libtorch).compile("twice.cu", source, gpu.architecture());
            try (CudaModule module = CudaModule.load(code)) {
                Kernel twice = module.kernel("twice");
                long address = device.segment().address();
                try (Graph graph = stream.capture(() -> {
                    stream.copyToDevice(address, host.segment());
                    twice.launch(stream, Geometry.values(100, 64), new KernelArguments(arena), address, 100);
                })) {
                    for (int round = 1; round <= 3; round++) {
                        host.segment().setAtIndex(JAVA_INT, 99, round);
                        graph.launch(stream);
                        stream.synchronize();
                        assertThat(device.segment().getAtIndex(JAVA_INT, 99)).isEqualTo(2 * round);
                    }
                }
            }
        }
    }
}
