package io.rootstock.trainer.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.collectives.MpiLauncher;
import io.rootstock.files.FullDisk;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeProcessTest {
    @TempDir
    Path home;

    private List<String> words(Class<?> program) {
        return ProbeProcess.words(
                new JavaWorkerLauncher(home, home, "64m", List.of(), MpiLauncher.HYDRA), List.of(program.getName()));
    }

    @Test
    void theLastLineIsRead() {
        assertThat(words(Measuring.class)).containsExactly("1.5e9", "2");
    }

    @Test
    void aFailureHasTheCauseThatTheProcessPrinted() {
        assertThatThrownBy(() -> words(OnAFullDisk.class))
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("No space left on device")
                .matches(FullDisk::isCauseOf);
    }

    static final class Measuring {
        private Measuring() {}

        public static void main(String[] arguments) {
            System.out.println("measuring");
            System.out.println("1.5e9 2");
        }
    }

    static final class OnAFullDisk {
        private OnAFullDisk() {}

        public static void main(String[] arguments) throws IOException {
            Files.write(Path.of("/dev/full"), new byte[1]);
        }
    }
}
