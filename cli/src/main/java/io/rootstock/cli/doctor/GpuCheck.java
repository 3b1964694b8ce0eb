package io.rootstock.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** NVIDIA GPUs and their driver. */
record GpuCheck(Machine machine) implements Check {
    private static final String NAME = "gpu";
    private static final int TIMEOUT_SECONDS = 10;
    private static final List<String> QUERY =
            List.of("nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader");

    @Override
    public List<Finding> run() {
        if (!Files.exists(machine.system().resolve("dev/nvidia0"))) {
            return List.of(Finding.ok(NAME, "none; training and serving use the processor"));
        }
        return query().map(
                        gpus -> gpus.lines().map(gpu -> Finding.ok(NAME, gpu)).toList())
                .orElseGet(() -> List.of(Finding.error(
                        NAME,
                        "a GPU is present, but nvidia-smi does not answer",
                        "install NVIDIA's driver, or in a container run it with the NVIDIA container toolkit")));
    }

    private static Optional<String> query() {
        try {
            Process process = new ProcessBuilder(QUERY)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String gpus = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return Optional.of(gpus).filter(text -> process.exitValue() == 0 && !text.isEmpty());
        } catch (IOException missing) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
