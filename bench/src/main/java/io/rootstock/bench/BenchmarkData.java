package io.rootstock.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of real data that the benchmarks read: {@code ROOTSTOCK_BENCH_DATA}, else {@code ../shared/data}. */
public final class BenchmarkData {
    private BenchmarkData() {}

    /**
     * A file of that folder.
     *
     * @throws IllegalStateException where it is missing
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
