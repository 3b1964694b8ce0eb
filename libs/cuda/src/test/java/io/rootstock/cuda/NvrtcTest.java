package io.rootstock.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests the installed NVRTC; skipped without it. */
class NvrtcTest {
    private static Nvrtc compiler;

    @BeforeAll
    static void find() {
        try {
            compiler = Nvrtc.open(Path.of(System.getenv().getOrDefault("ROOTSTOCK_LIBTORCH", ".")));
        } catch (CudaMissingException e) {
            Assumptions.abort(e.getMessage());
        }
    }

    @Test
    void sourceBecomesMachineCode() {
        byte[] code = compiler.compile("one.cu", "extern \"C\" __global__ void one(int* x) { *x = 1; }", "sm_80");
        assertThat(code).startsWith(0x7f, 'E', 'L', 'F');
        assertThat(compiler.version()).matches("1[2-9]\\.\\d+");
    }

    @Test
    void anErrorComesWithItsLine() {
        assertThatThrownBy(() -> compiler.compile("bad.cu", "\nextern \"C\" __global__ void bad() { x = 1; }", "sm_80"))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("bad.cu(2)")
                .hasMessageContaining("\"x\" is undefined");
    }
}
