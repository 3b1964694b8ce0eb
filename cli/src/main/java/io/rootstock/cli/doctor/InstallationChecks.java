package io.rootstock.cli.doctor;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.EndpointHealth;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.doctor.Doctor.Check;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Layout;
import io.rootstock.cli.installation.ProcessRecord;
import io.rootstock.cli.installation.Service;
import io.rootstock.cli.installation.ServiceStatus;
import io.rootstock.cli.installation.ServiceStatus.Health;
import io.rootstock.client.TokenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks of an installation: its builds, libraries, database, token, ports and services. */
final class InstallationChecks {
    private InstallationChecks() {}

    /** The packaged services are there. */
    record BuildCheck(Installation installation) implements Check {
        private static final String NAME = "build";

        @Override
        public List<Finding> run() {
            List<Service> missing = installation.missingBuilds();
            return List.of(
                    missing.isEmpty()
                            ? Finding.ok(NAME, "all services are built")
                            : Finding.error(
                                    NAME,
                                    "not built: "
                                            + missing.stream()
                                                    .map(Service::label)
                                                    .collect(Collectors.joining(", ")),
                                    installation.remedy()));
        }
    }

    /**
     * The shared libraries of libtorch or llama.cpp: in the folder of an environment variable, else beside the packaged service.
     *
     * @param name of the library
     * @param variable environment variable that names a folder
     * @param file beginning of the name of the file that the folder must hold
     * @param packaged folder of the packaged service
     * @param packagedFile beginning of the name of the file that this folder must hold
     * @param layout names the remedy for a missing file
     */
    record LibraryCheck(
            Machine machine,
            String name,
            String variable,
            String file,
            Path packaged,
            String packagedFile,
            Layout layout)
            implements Check {
        static LibraryCheck libtorch(Machine machine, Layout layout) {
            return new LibraryCheck(
                    machine,
                    "libtorch",
                    "ROOTSTOCK_LIBTORCH",
                    "libtorch_cpu.so",
                    layout.libtorch(),
                    layout.libtorchFile(),
                    layout);
        }

        static LibraryCheck llama(Machine machine, Layout layout) {
            return new LibraryCheck(
                    machine, "llama.cpp", "ROOTSTOCK_LLAMA", "libllama", layout.llama(), "libllama", layout);
        }

        @Override
        public List<Finding> run() {
            Optional<Path> named = machine.variable(variable).map(Path::of);
            Path folder = named.orElse(packaged);
            String prefix = named.isPresent() ? file : packagedFile;
            if (holds(folder, prefix)) {
                return List.of(Finding.ok(name, folder.toString()));
            }
            return List.of(
                    named.isPresent()
                            ? Finding.error(
                                    name,
                                    variable + " names " + folder + ", which holds no " + file,
                                    "set it to a folder that holds the library, or unset it")
                            : Finding.error(name, folder + " holds no " + prefix + "*", layout.missingLibrary(folder)));
        }

        private static boolean holds(Path folder, String prefix) {
            try (Stream<Path> files = Files.list(folder)) {
                return files.anyMatch(path -> path.getFileName().toString().startsWith(prefix) && !isEmpty(path));
            } catch (IOException missing) {
                return false;
            }
        }

        private static boolean isEmpty(Path file) {
            try {
                return Files.size(file) == 0;
            } catch (IOException vanished) {
                return true;
            }
        }
    }

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

    /** The file with the access token: it can be read, and by its owner only. */
    record TokenCheck(Optional<Path> file) implements Check {
        private static final String NAME = "token";
        private static final Set<PosixFilePermission> OTHERS = Set.of(
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.GROUP_WRITE,
                PosixFilePermission.OTHERS_READ,
                PosixFilePermission.OTHERS_WRITE);

        @Override
        public List<Finding> run() {
            return List.of(file.map(TokenCheck::of).orElseGet(() -> Finding.ok(NAME, "no token file is set")));
        }

        private static Finding of(Path file) {
            try {
                String _ = new TokenFile(file).current();
                if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                    return Finding.warning(
                            NAME, file + " can be read or written by other users", "run: chmod 600 " + file);
                }
                return Finding.ok(NAME, file.toString());
            } catch (IllegalArgumentException | IOException invalid) {
                return Finding.error(
                        NAME,
                        invalid.getMessage(),
                        "set --token-file or ROOTSTOCK_AUTH_TOKEN_FILE to a file that holds the token");
            }
        }
    }

    /** The ports of services that are not running are free. */
    record PortCheck(Installation installation) implements Check {
        private static final String NAME = "ports";

        @Override
        public List<Finding> run() {
            Map<Service, List<Integer>> taken = installation.takenPorts();
            if (taken.isEmpty()) {
                return List.of(Finding.ok(NAME, "free, or used by the services"));
            }
            return taken.entrySet().stream()
                    .map(service -> Finding.error(
                            NAME,
                            "another program uses port "
                                    + service.getValue().stream()
                                            .map(String::valueOf)
                                            .collect(Collectors.joining(", "))
                                    + " of the " + service.getKey().label() + " service",
                            "stop it (ss -ltnp shows it), or set other ports: rootstock up --port-base 7500 (0: free"
                                    + " ports)"))
                    .toList();
        }
    }

    /** Health of the services of the data directory, and the builds that they were started from. */
    record ServiceCheck(Installation installation) implements Check {
        private static final String NAME = "services";

        @Override
        public List<Finding> run() {
            List<ServiceStatus> all = installation.status();
            if (all.stream().allMatch(status -> status.health() == Health.STOPPED)) {
                return List.of(Finding.ok(NAME, "stopped; rootstock up starts them"));
            }
            List<Finding> findings = new ArrayList<>();
            for (ServiceStatus status : all) {
                findings.add(health(status));
                installation
                        .running(status.service())
                        .filter(running -> installation.isOfAnotherBuild(running, status.service()))
                        .map(running -> outdated(status, running))
                        .ifPresent(findings::add);
                status.brokenLinks().stream()
                        .map(link -> Finding.error(
                                NAME,
                                "the " + status.service().label() + " service calls the " + link,
                                "run: rootstock up, which restarts it"))
                        .forEach(findings::add);
            }
            return List.copyOf(findings);
        }

        private Finding health(ServiceStatus status) {
            String service = "the " + status.service().label() + " service ";
            String log = "see its log: rootstock logs " + status.service().label();
            return switch (status.health()) {
                case SERVING -> Finding.ok(NAME, service + "is serving (process " + status.pid() + ")");
                case NOT_SERVING -> Finding.warning(NAME, service + "is starting or draining", log);
                case UNREACHABLE ->
                    Finding.error(
                            NAME,
                            service + "does not respond (process " + status.pid() + ")",
                            log + "; then restart it: rootstock down, rootstock up");
                case STOPPED ->
                    Finding.error(NAME, service + "is stopped, others are running", log + "; then: rootstock up");
            };
        }

        private static Finding outdated(ServiceStatus status, ProcessRecord running) {
            return Finding.warning(
                    NAME,
                    "the " + status.service().label() + " service was started from another build (version "
                            + running.version() + ")",
                    "run: rootstock up, which restarts it");
        }
    }

    /** Services at given endpoints, such as of a cluster, respond. */
    record EndpointCheck(Endpoints endpoints, List<Service> given) implements Check {
        private static final String NAME = "endpoints";

        @Override
        public List<Finding> run() {
            try (Clients clients = new Clients(endpoints)) {
                return given.stream().map(service -> of(clients, service)).toList();
            }
        }

        private static Finding of(Clients clients, Service service) {
            String endpoint = "the " + service.label() + " service at " + clients.address(service);
            String hint = "check the address, --certificate-authority and the network";
            try {
                EndpointHealth health = EndpointHealth.of(clients, service);
                return switch (health.health()) {
                    case SERVING -> Finding.ok(NAME, endpoint + " is serving");
                    case NOT_SERVING -> Finding.warning(NAME, endpoint + " is not serving", "see the log of its pod");
                    case UNREACHABLE, STOPPED ->
                        Finding.error(NAME, endpoint + " is unreachable: " + health.reason(), hint);
                };
            } catch (CliException invalid) {
                return Finding.error(NAME, endpoint + ": " + invalid.getMessage(), invalid.hint());
            }
        }
    }
}
