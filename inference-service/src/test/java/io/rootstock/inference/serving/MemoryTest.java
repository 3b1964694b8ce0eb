package io.rootstock.inference.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.checkpoint.gguf.GgufShape;
import io.rootstock.inference.engine.scheduling.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
    @TempDir
    private Path scratch;

    private void write(String file, String text) throws IOException {
        Path path = scratch.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Memory memory() {
        return new Memory(scratch.resolve("proc"), scratch.resolve("cgroup"));
    }

    @Test
    void theTightestCgroupLimitAppliesAndInactiveFilePagesAreAvailable() throws IOException {
        write("proc/meminfo", "MemTotal: 9999999 kB\nMemAvailable:    1000000 kB\n");
        write("proc/self/cgroup", "0::/outer/inner\n");
        write("cgroup/outer/memory.max", "500000000\n");
        write("cgroup/outer/memory.current", "400000000\n");
        write("cgroup/outer/memory.stat", "anon 1\ninactive_file 50000000\n");
        write("cgroup/outer/inner/memory.max", "max\n");
        write("cgroup/outer/inner/memory.current", "300000000\n");
        assertThat(memory().available()).hasValue(150_000_000);
        write("cgroup/outer/memory.max", "max\n");
        assertThat(memory().available()).hasValue(1_024_000_000);
    }

    @Test
    void aMachineWithoutMeminfoHasNoValue() {
        assertThat(memory().available()).isEmpty();
    }

    @Test
    void aModelNeedsItsFileAndItsKvCache() {
        // A Q8_0 file of 1.17 GB; 8 slots and texts to score of 4096 cells, 16 layers, 8 KV heads of 64 keys and 64
        // values.
        GgufShape shape = new GgufShape(1_170_000_000, 16, 2048, 8192, 32_000, 1024, 4096);
        long exact = Memory.need(shape, options(true));
        long half = Memory.need(shape, options(false));
        long cells = 9L * 4096 * 16 * 1024;
        assertThat(exact - half).isEqualTo(2 * cells);
        assertThat(exact).isBetween(1_170_000_000 + 4 * cells, 2_000_000_000 + 4 * cells);
    }

    private static EngineOptions options(boolean exact) {
        return new EngineOptions(8, 64, 4096, 128, exact, Duration.ofSeconds(30));
    }
}
