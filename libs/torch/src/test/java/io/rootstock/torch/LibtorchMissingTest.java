package io.rootstock.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each test in a separate JVM, because a process loads libtorch once. */
class LibtorchMissingTest {
    @TempDir
    Path directory;

    /** Main class of the other JVM: tries twice, since the second attempt finds a class that failed to initialize. */
    public static final class Attempt {
        private Attempt() {}

        public static void main(String[] arguments) {
            for (int attempt = 0; attempt < 2; attempt++) {
                try (Tensor tensor = Tensor.zeros(DType.FLOAT32, 1)) {
                    System.out.println("made " + tensor);
                } catch (LibtorchMissingException e) {
                    System.out.println("missing: " + e.getMessage());
                }
            }
        }
    }

    @Test
    void aFolderWithoutLibtorchIsNamedTogetherWithTheRemedyEachTime() throws Exception {
        assertThat(attempt(directory).lines().filter(line -> line.startsWith("missing: ")))
                .hasSize(2)
                .allMatch(line -> line.contains(directory.toString()))
                .allMatch(line -> line.contains("set ROOTSTOCK_LIBTORCH to the folder"));
    }

    @Test
    void aLibraryThatCannotBeOpenedIsNamedWithTheLoadersWords() throws Exception {
        Files.writeString(directory.resolve("libtorch_cpu.so"), "not a library");
        assertThat(attempt(directory)).contains("missing: Cannot open").contains("libtorch_cpu.so: file too short");
    }

    @Test
    void anyFolderWithLibtorchsLibrariesWillDo() throws Exception {
        assertThat(attempt(Torch.directory())).contains("made Tensor(FLOAT32[1])");
    }

    private static String attempt(Path libtorch) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Drootstock.libtorch=" + libtorch,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Attempt.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
