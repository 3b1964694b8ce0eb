package io.rootstock.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file size limit (`ulimit -f`) makes writes fail as on a full disk. */
class FullDiskTest {
    private static final int LIMIT_KILOBYTES = 512;

    @TempDir
    Path folder;

    @Test
    void leavesNothingBehind() throws Exception {
        Path file = Files.write(folder.resolve("large"), new byte[4 * LIMIT_KILOBYTES * 1024]);
        Path root = folder.resolve("artifacts");

        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f " + LIMIT_KILOBYTES + "; exec \"$@\"",
                        "bash",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Put.class.getName(),
                        root.toString(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isEqualTo(3);
        assertThat(output).contains("cannot store " + file);
        try (Stream<Path> left = Files.walk(root)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    /** Child process: stores a file and exits with 3 if the store reports that it cannot. */
    static final class Put {
        private Put() {}

        public static void main(String[] arguments) throws IOException {
            try {
                new DirectoryArtifactStore(Path.of(arguments[0])).putFile(Path.of(arguments[1]));
            } catch (ArtifactException e) {
                System.out.println(e.getMessage());
                System.exit(3);
            }
        }
    }
}
