package io.rootstock.tokenizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory of a preparation. */
class SmallHeapTest {
    private static final int ROWS = 16_000;

    @TempDir
    private Path folder;

    @Test
    void aSplitLargerThanTheHeapIsPrepared() throws IOException, InterruptedException {
        String text = "0123456789 ".repeat(180);
        try (BufferedWriter rows = Files.newBufferedWriter(folder.resolve("rows.jsonl"))) {
            for (int row = 0; row < ROWS; row++) {
                rows.write("{\"instruction\": \"" + row + "\", \"output\": \"" + text + "\"}\n");
            }
        }
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx112m",
                        "-XX:+UseSerialGC",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeapPreparation.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = process.waitFor();
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(status).as(printed).isZero();
        // The tokens of the training split as integers are 115 MB.
        assertThat(printed).contains("rows=14400 tokens=").contains("duplicates=0");
    }
}
