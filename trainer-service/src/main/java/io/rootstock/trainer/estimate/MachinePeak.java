package io.rootstock.trainer.estimate;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.v1.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The peak of this machine, probed once by a {@link PeakProbe} process for each precision and remembered in a file. */
public final class MachinePeak {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 120;

    private final Path file;
    private final JavaWorkerLauncher launcher;

    /**
     * Remembers in a file.
     *
     * @param file where; created by the first probe
     */
    public MachinePeak(Path file, JavaWorkerLauncher launcher) {
        this.file = file;
        this.launcher = launcher;
    }

    /** FLOP/s of all threads together. */
    public synchronized double flops(Machine machine, Precision precision, int threads) {
        String key = machine.name() + ", " + precision + ", " + threads + " threads";
        Map<String, Double> known = read();
        Double peak = known.get(key);
        if (peak == null) {
            peak = probe(precision, threads);
            known.put(key, peak);
            write(known);
        }
        return peak;
    }

    private double probe(Precision precision, int threads) {
        try {
            Process process = launcher.builder(
                            List.of(PeakProbe.class.getName(), precision.name(), Integer.toString(threads)))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("probing this machine took more than " + PATIENCE_SECONDS + " s");
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (process.exitValue() != 0) {
                throw new IllegalStateException("probing this machine failed with exit code " + process.exitValue());
            }
            return Double.parseDouble(printed.lines().toList().getLast());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot probe this machine", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while probing this machine", e);
        }
    }

    private Map<String, Double> read() {
        try {
            return Files.exists(file)
                    ? new TreeMap<>(JSON.readValue(file.toFile(), new TypeReference<Map<String, Double>>() {}))
                    : new TreeMap<>();
        } catch (IOException unreadable) {
            return new TreeMap<>();
        }
    }

    private void write(Map<String, Double> known) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            JSON.writeValue(file.toFile(), known);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
