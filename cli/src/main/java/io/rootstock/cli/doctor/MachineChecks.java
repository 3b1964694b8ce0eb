package io.rootstock.cli.doctor;

import io.rootstock.cli.display.Format;
import io.rootstock.cli.doctor.Doctor.Check;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.DataDirectory;
import io.rootstock.files.FullDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Checks of the machine: its Java runtime, processor, memory, GPUs, disk, limits and clock. */
final class MachineChecks {
    private MachineChecks() {}

    /** The Java runtime of the services: version 25. */
    record JavaCheck(Optional<Path> found) implements Check {
        private static final String NAME = "java";
        private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(([0-9]+)[^\"]*)\"");
        private static final int REQUIRED = 25;
        private static final String HINT =
                "install a JDK 25 (Debian: apt install openjdk-25-jdk) and set JAVA_HOME to its folder";

        @Override
        public List<Finding> run() {
            return List.of(
                    found.map(JavaCheck::of).orElseGet(() -> Finding.error(NAME, "no Java runtime found", HINT)));
        }

        private static Finding of(Path home) {
            Optional<Matcher> version = version(home);
            if (version.isEmpty()) {
                return Finding.warning(NAME, "unknown version of the Java runtime at " + home, HINT);
            }
            String found = "Java " + version.get().group(1) + " at " + home;
            return Integer.parseInt(version.get().group(2)) == REQUIRED
                    ? Finding.ok(NAME, found)
                    : Finding.error(NAME, found + "; the services need Java " + REQUIRED, HINT);
        }

        private static Optional<Matcher> version(Path home) {
            try {
                return Files.readAllLines(home.resolve("release")).stream()
                        .map(VERSION::matcher)
                        .filter(Matcher::matches)
                        .findFirst();
            } catch (IOException unreadable) {
                return Optional.empty();
            }
        }
    }

    /** Cores and vector instructions of the processor. */
    record ProcessorCheck(Machine machine) implements Check {
        private static final String NAME = "processor";
        private static final long MIN_CORES = 2;

        @Override
        public List<Finding> run() {
            List<String> lines = machine.lines("proc/cpuinfo");
            long cores =
                    lines.stream().filter(line -> line.startsWith("processor")).count();
            Optional<String> flags =
                    lines.stream().filter(line -> line.startsWith("flags")).findFirst();
            String model = lines.stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown model");
            String found = cores + " cores, " + model;
            if (flags.isPresent() && !(" " + flags.get() + " ").contains(" avx2 ")) {
                return List.of(Finding.warning(
                        NAME,
                        found + ", without AVX2",
                        "training and serving are several times slower than on a processor with AVX2"));
            }
            return List.of(
                    cores < MIN_CORES
                            ? Finding.warning(NAME, found, "use a machine with at least " + MIN_CORES + " cores")
                            : Finding.ok(NAME, found));
        }
    }

    /** Free memory, and the limit of the control group, such as a container's. */
    record MemoryCheck(Machine machine) implements Check {
        private static final String NAME = "memory";
        /** Heaps of the five services after a start, and PostgreSQL. */
        private static final long MIN_BYTES = 1L << 30;

        private static final long RECOMMENDED = 4L << 30;
        private static final long BYTES_PER_KIBIBYTE = 1024;

        @Override
        public List<Finding> run() {
            OptionalLong available = available();
            if (available.isEmpty()) {
                return List.of(Finding.warning(NAME, "free memory is unknown", "check that /proc is mounted"));
            }
            long least = LongStream.concat(available.stream(), limit().stream())
                    .min()
                    .orElseThrow();
            String found = Format.bytes(least) + " of memory available";
            if (least >= RECOMMENDED) {
                return List.of(Finding.ok(NAME, found));
            }
            String needed = found + "; the services and a small training run need " + Format.bytes(RECOMMENDED);
            String hint = "end other programs, or raise the memory of the machine or container";
            return List.of(least < MIN_BYTES ? Finding.error(NAME, needed, hint) : Finding.warning(NAME, needed, hint));
        }

        private OptionalLong available() {
            return machine.lines("proc/meminfo").stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .filter(digits -> !digits.isEmpty())
                    .mapToLong(digits -> Long.parseLong(digits) * BYTES_PER_KIBIBYTE)
                    .findFirst();
        }

        /** Limit of the control group; empty without one. */
        private OptionalLong limit() {
            return machine.lines("sys/fs/cgroup/memory.max").stream()
                    .filter(line -> line.matches("[0-9]{1,18}"))
                    .mapToLong(Long::parseLong)
                    .findFirst();
        }
    }

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
            return query().map(gpus ->
                            gpus.lines().map(gpu -> Finding.ok(NAME, gpu)).toList())
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

    /** The data directory: it can be written, and its disk has space. */
    record DiskCheck(Path home, long least) implements Check {
        private static final String NAME = "disk";
        private static final long RECOMMENDED = 10L << 30;

        @Override
        public List<Finding> run() {
            Path existing = home.toAbsolutePath();
            while (!Files.exists(existing)) {
                existing = existing.getParent();
            }
            if (!Files.isDirectory(existing)) {
                return List.of(Finding.error(
                        NAME, existing + " is a file, not a directory", "choose another data directory with --home"));
            }
            try {
                requireWritable(existing);
                return List.of(space(Files.getFileStore(existing).getUsableSpace()));
            } catch (IOException failure) {
                CliException named = new DataDirectory(existing).failure(failure);
                return List.of(Finding.error(NAME, named.getMessage(), named.hint()));
            }
        }

        private static void requireWritable(Path folder) throws IOException {
            try {
                Files.delete(Files.createTempFile(folder, ".doctor", ".tmp"));
            } catch (IOException failure) {
                if (!FullDisk.isCauseOf(failure)) {
                    throw failure;
                }
            }
        }

        private Finding space(long free) {
            String found = Format.bytes(free) + " free for " + home;
            if (free < least) {
                return Finding.error(
                        NAME, found + "; at least " + Format.bytes(least) + " are needed", DataDirectory.FREE_SPACE);
            }
            return free < RECOMMENDED
                    ? Finding.warning(NAME, found + "; models and checkpoints soon need more", DataDirectory.FREE_SPACE)
                    : Finding.ok(NAME, found);
        }
    }

    /** Number of files that a process may hold open. */
    record FileLimitCheck(Machine machine) implements Check {
        private static final String NAME = "open files";
        private static final long RECOMMENDED = 4096;

        @Override
        public List<Finding> run() {
            OptionalLong limit = machine.lines("proc/self/limits").stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.replaceAll(" +", " ").split(" ", -1))
                    // name, soft limit, hard limit: a JVM raises its soft limit to the hard one
                    .filter(words -> words.length > 4 && words[4].matches("[0-9]{1,18}"))
                    .mapToLong(words -> Long.parseLong(words[4]))
                    .findFirst();
            if (limit.isEmpty() || limit.getAsLong() >= RECOMMENDED) {
                return List.of(Finding.ok(
                        NAME, limit.isEmpty() ? "no limit" : "at most " + limit.getAsLong() + " per process"));
            }
            return List.of(Finding.warning(
                    NAME,
                    "at most " + limit.getAsLong() + " per process; many connections and shards need " + RECOMMENDED,
                    "raise the limit: ulimit -Hn " + RECOMMENDED + ", or LimitNOFILE in a systemd unit"));
        }
    }

    /** The clock: files of the installation are not from the future. */
    record ClockCheck(Machine machine, List<Path> files) implements Check {
        private static final String NAME = "clock";
        private static final Duration TOLERANCE = Duration.ofMinutes(1);

        @Override
        public List<Finding> run() {
            Optional<Path> latest = files.stream()
                    .filter(Files::isRegularFile)
                    .max((one, other) -> modified(one).compareTo(modified(other)));
            Duration ahead = latest.map(file -> Duration.between(machine.now(), modified(file)))
                    .orElse(Duration.ZERO);
            if (ahead.compareTo(TOLERANCE) > 0) {
                return List.of(Finding.error(
                        NAME,
                        "the clock says " + machine.now() + ", but " + latest.orElseThrow() + " was written "
                                + Format.duration((double) ahead.toSeconds()) + " later",
                        "set the clock (timedatectl set-ntp true); leases, tokens and certificates depend on it"));
            }
            return List.of(Finding.ok(NAME, machine.now().toString()));
        }

        private static Instant modified(Path file) {
            try {
                return Files.getLastModifiedTime(file).toInstant();
            } catch (IOException vanished) {
                return Instant.EPOCH;
            }
        }

        /** The files directly in some folders. */
        static List<Path> filesOf(Path... folders) {
            return Stream.of(folders).flatMap(ClockCheck::list).toList();
        }

        private static Stream<Path> list(Path folder) {
            try (Stream<Path> files = Files.list(folder)) {
                return files.toList().stream();
            } catch (IOException missing) {
                return Stream.empty();
            }
        }
    }
}
