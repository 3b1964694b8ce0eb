package io.rootstock.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.doctor.Finding.Level;
import io.rootstock.cli.doctor.MachineChecks.DiskCheck;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.BuildVersion;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProcessRecord;
import io.rootstock.cli.installation.Service;
import io.rootstock.cli.installation.SmallDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plants one fault at a time on an otherwise sound machine, and expects the one finding about it. */
final class DoctorTest {
    @TempDir
    private Path directory;

    private Path root;
    private Path home;
    private Path system;
    private Path java;
    private final Map<String, String> environment = new HashMap<>();
    private Instant now = Instant.now();
    private long leastDisk = 1;
    private Optional<Path> token = Optional.empty();

    @BeforeEach
    void aSoundMachine() throws IOException {
        root = directory.resolve("root");
        for (Service service : Service.values()) {
            write(service.jar(root), "jar");
        }
        write(root.resolve("trainer-service/target/quarkus-app/lib/main/org.bytedeco.pytorch-2.jar"), "jar");
        write(root.resolve("inference-service/target/quarkus-app/native/libllama.so"), "so");
        home = Files.createDirectories(directory.resolve("home"));
        system = directory.resolve("system");
        write(system.resolve("proc/meminfo"), "MemTotal: 16000000 kB\nMemAvailable: 12000000 kB\n");
        write(system.resolve("proc/cpuinfo"), "processor : 0\nmodel name : X\nflags : sse avx2\nprocessor : 1\n");
        write(
                system.resolve("proc/self/limits"),
                "Max open files            1024                 1048576       files\n");
        java = directory.resolve("jdk");
        write(java.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"25.0.3\"\n");
    }

    @Test
    void findsNothingOnASoundMachine() {
        assertThat(examine()).isNotEmpty().allSatisfy(finding -> {
            if (!finding.check().equals("disk")) {
                assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.OK);
            }
        });
    }

    @Test
    void findsAnotherJava() throws IOException {
        write(java.resolve("release"), "JAVA_VERSION=\"21.0.4\"\n");
        assertOnly("java", Level.ERROR, "Java 21.0.4", "install a JDK 25");
    }

    @Test
    void findsLittleMemoryOfTheMachineAndOfTheContainer() throws IOException {
        write(system.resolve("sys/fs/cgroup/memory.max"), "2147483648\n");
        assertOnly("memory", Level.WARNING, "2.15 GB", "raise the memory");
        write(system.resolve("proc/meminfo"), "MemAvailable: 500000 kB\n");
        assertOnly("memory", Level.ERROR, "512 MB", "end other programs");
    }

    @Test
    void findsAProcessorWithoutVectorInstructions() throws IOException {
        write(system.resolve("proc/cpuinfo"), "processor : 0\nflags : sse\nprocessor : 1\n");
        assertOnly("processor", Level.WARNING, "without AVX2", "several times slower");
    }

    @Test
    void findsADataDirectoryThatIsAFile() throws IOException {
        Files.delete(home);
        write(home, "");
        assertThat(new DiskCheck(home, 1).run())
                .containsExactly(Finding.error(
                        "disk", home + " is a file, not a directory", "choose another data directory with --home"));
    }

    @Test
    void findsAFullDisk() {
        leastDisk = Long.MAX_VALUE;
        assertOnly("disk", Level.ERROR, "at least", "rootstock prune");
    }

    @Test
    void namesADataDirectoryThatIsFullOrReadOnly() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(home)) {
            disk.fill();
            assertOnly("disk", Level.ERROR, "0 B free for " + home + "; at least 1 B are needed", "free disk space");
            disk.protect();
            assertOnly("disk", Level.ERROR, "the data directory " + home + " is read-only", "--home");
        }
    }

    @Test
    void aStartNeedsSpaceMemoryAndFreePorts() throws IOException {
        Doctor.requireStartable(machine(), installation());
        leastDisk = Long.MAX_VALUE;
        write(system.resolve("proc/meminfo"), "MemAvailable: 500000 kB\n");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            record(Service.REGISTRY, 1, 0, other.getLocalPort(), 1, BuildVersion.current());
            assertThatThrownBy(() -> Doctor.requireStartable(machine(), installation()))
                    .isInstanceOfSatisfying(
                            CliException.class,
                            failure -> assertThat(failure.hint())
                                    .contains("free disk space", "--port-base", "raise the memory"))
                    .hasMessageContaining("free for " + home)
                    .hasMessageContaining("512 MB of memory available")
                    .hasMessageContaining("another program uses port " + other.getLocalPort());
        }
    }

    @Test
    void aServiceThatIsStartedAgainNeedsNoMoreMemory() throws IOException {
        write(system.resolve("proc/meminfo"), "MemAvailable: 500000 kB\n");
        Files.setLastModifiedTime(Service.REGISTRY.jar(root), FileTime.fromMillis(1));
        ProcessHandle self = ProcessHandle.current();
        record(
                Service.REGISTRY,
                self.pid(),
                self.info().startInstant().orElseThrow().toEpochMilli(),
                1,
                2,
                BuildVersion.current());
        Doctor.requireStartable(machine(), installation());
        leastDisk = Long.MAX_VALUE;
        assertThatThrownBy(() -> Doctor.requireStartable(machine(), installation()))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("free for " + home);
    }

    @Test
    void findsALowLimitOfOpenFiles() throws IOException {
        write(
                system.resolve("proc/self/limits"),
                "Max open files            256                  1024         files\n");
        assertOnly("open files", Level.WARNING, "at most 1024", "LimitNOFILE");
    }

    @Test
    void findsAClockThatIsBehind() throws IOException {
        Path log = home.resolve("logs/registry.log");
        write(log, "");
        Files.setLastModifiedTime(log, FileTime.from(now.plusSeconds(7200)));
        assertOnly("clock", Level.ERROR, "2 h later", "timedatectl");
    }

    @Test
    void findsAServiceThatIsNotBuilt() throws IOException {
        Files.delete(Service.TRAINER.jar(root));
        assertOnly("build", Level.ERROR, "not built: trainer", "run ./rootstock");
    }

    @Test
    void findsMissingAndMisplacedLibraries() throws IOException {
        environment.put("ROOTSTOCK_LIBTORCH", directory.toString());
        assertOnly("libtorch", Level.ERROR, "ROOTSTOCK_LIBTORCH names " + directory, "unset it");
        environment.clear();
        Files.write(root.resolve("inference-service/target/quarkus-app/native/libllama.so"), new byte[0]);
        assertOnly("llama.cpp", Level.ERROR, "holds no libllama", "build the services again");
    }

    @Test
    void findsDamagedProgramsOfPostgresql() throws IOException {
        Path program = home.resolve("native/postgresql-0123456789abcdef/bin/postgres");
        write(program, "");
        assertOnly("postgresql", Level.ERROR, "does not run", "is unpacked again");
        write(program, "#!/bin/sh\necho 'postgres (PostgreSQL) 17.5'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        write(home.resolve("registry/postgres/data/PG_VERSION"), "16\n");
        assertOnly("postgresql", Level.ERROR, "is of PostgreSQL 16, the programs are of 17", "pg_upgrade");
    }

    @Test
    void findsATokenFileThatOthersReadOrThatIsMissing() throws IOException {
        Path file = directory.resolve("token");
        token = Optional.of(file);
        assertOnly("token", Level.ERROR, "cannot read the token file", "--token-file");
        write(file, "0123456789abcdef0123456789abcdef");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertOnly("token", Level.WARNING, "can be read", "chmod 600");
    }

    @Test
    void findsAPortThatAnotherProgramUses() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            record(Service.REGISTRY, 1, 0, other.getLocalPort(), 1, BuildVersion.current());
            assertThat(findings("ports")).singleElement().satisfies(finding -> {
                assertThat(finding.level()).isEqualTo(Level.ERROR);
                assertThat(finding.message()).contains(other.getLocalPort() + " of the registry service");
                assertThat(finding.hint()).contains("--port-base");
            });
        }
    }

    @Test
    void findsAServiceThatDoesNotRespondAndStoppedOnesBesideIt() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProcessHandle self = ProcessHandle.current();
            record(
                    Service.REGISTRY,
                    self.pid(),
                    self.info().startInstant().orElseThrow().toEpochMilli(),
                    silent.getLocalPort(),
                    silent.getLocalPort(),
                    "0.0.1");
            assertThat(findings("services"))
                    .extracting(Finding::message)
                    .contains(
                            "the registry service does not respond (process " + self.pid() + ")",
                            "the registry service was started from another build (version 0.0.1)",
                            "the trainer service is stopped, others are running");
        }
    }

    @Test
    void findsAnEndpointThatNothingListensAt() {
        Map<Service, String> addresses = new EnumMap<>(Service.class);
        addresses.put(Service.REGISTRY, "127.0.0.1:1");
        assertThat(Doctor.examine(
                        machine(),
                        new Endpoints(addresses, Optional.empty(), Optional.empty()),
                        List.of(Service.REGISTRY),
                        token))
                .filteredOn(finding -> finding.level() == Level.ERROR)
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .startsWith("the registry service at 127.0.0.1:1 is unreachable: UNAVAILABLE"));
    }

    private void assertOnly(String check, Level level, String message, String hint) {
        assertThat(examine())
                .filteredOn(finding -> finding.level() != Level.OK
                        && (check.equals("disk") || !finding.check().equals("disk")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.check()).isEqualTo(check);
                    assertThat(finding.level()).isEqualTo(level);
                    assertThat(finding.message()).contains(message);
                    assertThat(finding.hint()).contains(hint);
                });
    }

    private List<Finding> findings(String check) {
        return examine().stream()
                .filter(finding -> finding.check().equals(check))
                .toList();
    }

    private List<Finding> examine() {
        return Doctor.examine(machine(), root, installation(), token);
    }

    private Installation installation() {
        return new Installation(home, root, OptionalInt.of(0), Map.of());
    }

    private Machine machine() {
        return new Machine(system, Optional.of(java), environment, now, leastDisk);
    }

    private void record(Service service, long pid, long startMillis, int grpc, int http, String version)
            throws IOException {
        ProcessRecord record =
                new ProcessRecord(service.label(), pid, startMillis, grpc, http, version, 1, Map.of(), "");
        write(home.resolve("processes/" + service.label() + ".json"), new ObjectMapper().writeValueAsString(record));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
