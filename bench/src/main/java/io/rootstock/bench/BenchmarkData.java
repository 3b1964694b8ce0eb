package io.rootstock.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/** Folder of the benchmarks' data: {@code ROOTSTOCK_BENCH_DATA}, else {@code ../shared/data}. */
public final class BenchmarkData {
    private BenchmarkData() {}

    /**
     * Returns a file of the folder.
     *
     * @throws IllegalStateException if it is missing
     */
    public static Path file(String name) {
        String folder = System.getenv("ROOTSTOCK_BENCH_DATA");
        Path file = Path.of(folder == null || folder.isBlank() ? "../shared/data" : folder, name);
        if (!Files.isReadable(file)) {
            throw new IllegalStateException(file.toAbsolutePath().normalize()
                    + " is missing; set ROOTSTOCK_BENCH_DATA to the folder that holds " + name);
        }
        return file;
    }
}
