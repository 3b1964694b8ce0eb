package io.rootstock.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** PostgreSQL's programs, which the registry unpacks at its first start, and the version of the database. */
record PostgresCheck(Path home) implements Check {
    private static final String NAME = "postgresql";
    private static final int TIMEOUT_SECONDS = 10;
    private static final Pattern VERSION = Pattern.compile("postgres \\(PostgreSQL\\) (([0-9]+)\\S*).*");

    @Override
    public List<Finding> run() {
        List<Path> unpacked = unpacked();
        if (unpacked.isEmpty()) {
            return List.of(Finding.ok(NAME, "is unpacked at the first start"));
        }
        return unpacked.stream().map(this::of).toList();
    }

    private List<Path> unpacked() {
        try (Stream<Path> folders = Files.list(home.resolve("native"))) {
            return folders.filter(folder -> folder.getFileName().toString().matches("postgresql-[0-9a-f]+"))
                    .toList();
        } catch (IOException missing) {
            return List.of();
        }
    }

    private Finding of(Path folder) {
        Optional<Matcher> version = version(folder.resolve("bin/postgres"));
        if (version.isEmpty()) {
            return Finding.error(
                    NAME,
                    folder.resolve("bin/postgres") + " does not run",
                    "remove " + folder + ", which is unpacked again at the next start");
        }
        String major = version.get().group(2);
        Optional<String> data = databaseVersion().filter(found -> !found.equals(major));
        return data.isPresent()
                ? Finding.error(
                        NAME,
                        "the database in " + home.resolve("registry/postgres") + " is of PostgreSQL " + data.get()
                                + ", the programs are of " + major,
                        "upgrade the database with pg_upgrade, or restore a backup into a new data directory")
                : Finding.ok(NAME, version.get().group(1) + " in " + folder);
    }

    private Optional<String> databaseVersion() {
        try {
            return Optional.of(Files.readString(home.resolve("registry/postgres/data/PG_VERSION"))
                    .strip());
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private static Optional<Matcher> version(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return Optional.of(VERSION.matcher(output)).filter(Matcher::matches);
        } catch (IOException unusable) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
