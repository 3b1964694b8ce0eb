package io.rootstock.cli.doctor;

import io.rootstock.cli.display.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
