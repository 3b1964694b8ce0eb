package io.rootstock.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

    /** As on a platform without a jar of libtorch, where the build has fetched it. */
    @Test
    void theFolderBesideTheClassesIsUsedAndNothingIsUnpacked() throws Exception {
        Path classes = Path.of(
                Torch.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path copied = directory.resolve("classes");
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.toList()) {
                Files.copy(file, copied.resolve(classes.relativize(file).toString()));
            }
        }
        Files.createSymbolicLink(directory.resolve("native"), Torch.directory());
        Path home = directory.resolve("home");
        assertThat(attempt(
                        "-Drootstock.home=" + home,
                        "-cp",
                        copied + File.pathSeparator + System.getProperty("java.class.path")))
                .contains("made Tensor(FLOAT32[1])");
        assertThat(home).doesNotExist();
    }

    private static String attempt(Path libtorch) throws IOException, InterruptedException {
        return attempt("-Drootstock.libtorch=" + libtorch, "-cp", System.getProperty("java.class.path"));
    }

    private static String attempt(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(options));
        command.add(Attempt.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("ROOTSTOCK_LIBTORCH");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
