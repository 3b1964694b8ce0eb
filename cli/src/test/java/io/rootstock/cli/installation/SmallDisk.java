package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system of its own in memory, which can be full or read-only. Only root may mount it; the test is skipped for others.
 *
 * @param folder where it is mounted
 */
public record SmallDisk(Path folder) implements AutoCloseable {
    /** Mounts an empty disk of 256 KiB. */
    public static SmallDisk mount(Path folder) throws IOException {
        Files.createDirectories(folder);
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=256k", "rootstock-test", folder.toString()))
                .as("may mount a file system")
                .isZero();
        return new SmallDisk(folder);
    }

    /** Writes a file until no space is left. */
    public void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve("filler"))) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    /** Frees the space again. */
    public void free() throws IOException {
        Files.delete(folder.resolve("filler"));
    }

    /** Makes it read-only. */
    public void protect() {
        assertThat(run("mount", "-o", "remount,ro", folder.toString())).isZero();
    }

    @Override
    public void close() {
        assertThat(run("umount", "-l", folder.toString())).isZero();
    }

    private static int run(String... command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException absent) {
            return 127;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
