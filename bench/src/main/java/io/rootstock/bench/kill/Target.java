package io.rootstock.bench.kill;

import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProcessRecord;
import io.rootstock.cli.installation.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Processes of one installation that the benchmark kills, located as an operator would do it. */
enum Target {
    WORKER,
    TRAINER,
    REGISTRY,
    DATABASE,
    TOKENIZER,
    INFERENCE,
    /** Every service, the worker and the database at once. */
    EVERYTHING;

    private static final String WORKER_CLASS = "io.rootstock.trainer.worker.Worker";

    /** Kills the target's processes and returns their number. */
    int kill(Installation installation) {
        List<ProcessHandle> processes = processes(installation);
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
        return processes.size();
    }

    private List<ProcessHandle> processes(Installation installation) {
        return switch (this) {
            case WORKER -> workers(installation.home());
            case TRAINER -> service(installation, Service.TRAINER);
            case REGISTRY -> service(installation, Service.REGISTRY);
            case DATABASE -> database(installation.home());
            case TOKENIZER -> service(installation, Service.TOKENIZER);
            case INFERENCE -> service(installation, Service.INFERENCE);
            case EVERYTHING -> {
                List<ProcessHandle> all = new ArrayList<>();
                for (Target target : List.of(WORKER, TRAINER, REGISTRY, DATABASE, TOKENIZER, INFERENCE)) {
                    all.addAll(target.processes(installation));
                }
                yield all;
            }
        };
    }

    private static List<ProcessHandle> service(Installation installation, Service service) {
        return installation.running(service).flatMap(ProcessRecord::process).stream()
                .toList();
    }

    private static List<ProcessHandle> workers(Path home) {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    List<String> arguments = arguments(process.pid());
                    return arguments.contains(WORKER_CLASS)
                            && arguments.stream().anyMatch(argument -> argument.startsWith(home.toString()));
                })
                .toList();
    }

    private static List<ProcessHandle> database(Path home) {
        Path file = home.resolve("registry/postgres/data/postmaster.pid");
        try {
            long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
            return Optional.of(pid)
                    .filter(number ->
                            arguments(number).stream().anyMatch(argument -> argument.startsWith(home.toString())))
                    .flatMap(ProcessHandle::of)
                    .stream()
                    .toList();
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static List<String> arguments(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\0", -1));
        } catch (IOException gone) {
            return List.of();
        }
    }
}
