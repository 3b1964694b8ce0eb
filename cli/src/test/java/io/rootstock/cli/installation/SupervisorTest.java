package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.cli.Rootstock;
import io.rootstock.cli.installation.ServiceStatus.Health;
import io.rootstock.cli.installation.SupervisorRecord.Restarts;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A supervisor in a process of its own, with services that are shell scripts. */
final class SupervisorTest {
    private static final int SIGKILL = 128 + 9;

    @TempDir
    private Path folder;

    private Path home;
    private ScriptedDownload download;
    private Installation installation;

    @BeforeEach
    void aDownload() throws IOException {
        home = folder.resolve("home");
        Files.createDirectories(home.resolve("processes"));
        download = ScriptedDownload.write(folder.resolve("download"));
        installation = new Installation(home, download.root(), OptionalInt.empty(), Map.of());
    }

    @AfterEach
    void end() throws Exception {
        for (ProcessHandle process : supervisors()) {
            process.destroyForcibly();
            process.onExit().get(30, TimeUnit.SECONDS);
        }
        download.processes().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void startsAServiceAgainThatHasEndedAndReportsIt() throws Exception {
        installation.restart(Service.TRAINER);
        installation.supervise();
        long first = pid(Service.TRAINER);
        kill(Service.TRAINER);
        await(() -> runs(Service.TRAINER) && pid(Service.TRAINER) != first);
        long second = pid(Service.TRAINER);
        await(() -> restarts(Service.TRAINER).count() == 1);
        assertThat(restarts(Service.TRAINER).exitCode())
                .as("exit code of a process that the supervisor did not start")
                .isEqualTo(-1);
        kill(Service.TRAINER);
        await(() -> runs(Service.TRAINER)
                && pid(Service.TRAINER) != second
                && restarts(Service.TRAINER).count() == 2);
        assertThat(restarts(Service.TRAINER).exitCode()).isEqualTo(SIGKILL);
        assertThat(restarts(Service.TRAINER).nextMillis()).isZero();
        assertThat(restarts(Service.REGISTRY)).as("never started").isEqualTo(Restarts.NONE);
        assertThat(Files.readString(home.resolve("logs/supervisor.log")))
                .contains("the trainer service (process " + first + ") has ended; it is started again in 1 s")
                .contains("(process " + second + ") has ended with exit code 137; it is started again in 2 s");
        assertThat(status()).contains("the trainer service ended at ", "with exit code 137; started again 2 times");
    }

    @Test
    void aServiceThatKeepsEndingWaitsLonger() throws Exception {
        assertThat(List.of(0, 1, 2, 5, 6, 1000).stream().map(Supervisor::delay).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 32L, 60L, 60L);
        download.script(Service.EVALUATOR, "exit 3");
        installation.restart(Service.EVALUATOR);
        installation.supervise();
        await(() -> restarts(Service.EVALUATOR).count() == 2
                && restarts(Service.EVALUATOR).nextMillis() != 0);
        Restarts last = restarts(Service.EVALUATOR);
        assertThat(last.exitCode()).isEqualTo(3);
        assertThat(last.nextMillis() - last.exitMillis()).isEqualTo(4000);
        ServiceStatus status = installation.status().getLast();
        assertThat(status.health()).isEqualTo(Health.STOPPED);
        assertThat(status.restarts().count()).isEqualTo(2);
        assertThat(status()).contains("the evaluator service ended", "with exit code 3", ", next at ");
    }

    @Test
    void stopsBeforeTheServices() throws Exception {
        installation.restart(Service.REGISTRY);
        installation.restart(Service.TRAINER);
        installation.supervise();
        assertThat(supervisors()).hasSize(1);
        assertThat(installation.stop()).containsExactlyInAnyOrder(Service.REGISTRY, Service.TRAINER);
        assertThat(supervisors()).isEmpty();
        assertThat(download.processes()).isEmpty();
        assertThat(installation.supervisor()).isEmpty();
    }

    @Test
    void aKilledSupervisorIsNamedAndReplaced() throws Exception {
        installation.restart(Service.REGISTRY);
        installation.supervise();
        kill(Service.REGISTRY);
        await(() -> runs(Service.REGISTRY) && restarts(Service.REGISTRY).count() == 1);
        ProcessHandle supervisor =
                installation.supervisor().orElseThrow().process().orElseThrow();
        assertThat(status()).doesNotContain("supervisor");
        supervisor.destroyForcibly();
        supervisor.onExit().get(30, TimeUnit.SECONDS);
        assertThat(installation.running(Service.REGISTRY))
                .as("the services stay")
                .isPresent();
        assertThat(status()).contains("error: the supervisor of the services has ended", "hint: rootstock up");
        installation.supervise();
        assertThat(status()).doesNotContain("supervisor");
        assertThat(restarts(Service.REGISTRY).count()).as("kept").isEqualTo(1);
    }

    @Test
    void thereIsOneSupervisor() throws Exception {
        installation.restart(Service.REGISTRY);
        installation.supervise();
        installation.supervise();
        assertThat(supervisors()).hasSize(1);
        Process second = new ProcessBuilder(Supervisor.command(home, download.root(), Map.of()))
                .redirectErrorStream(true)
                .start();
        assertThat(second.inputReader().readLine()).endsWith("another supervisor is running");
        assertThat(second.waitFor()).isEqualTo(1);
        assertThat(installation.supervisor().orElseThrow().process()).isPresent();
    }

    @Test
    void endsWhenItsDataDirectoryIsGone() throws Exception {
        installation.supervise();
        ProcessHandle supervisor =
                installation.supervisor().orElseThrow().process().orElseThrow();
        FileTree.delete(home);
        supervisor.onExit().get(30, TimeUnit.SECONDS);
        assertThat(home).doesNotExist();
    }

    @Test
    void doesNotStartAServiceThatItCannotRecord() throws Exception {
        FileTree.delete(home);
        try (SmallDisk disk = SmallDisk.mount(home)) {
            Path logs = Files.createDirectories(folder.resolve("logs"));
            Files.createSymbolicLink(home.resolve("logs"), logs);
            installation.restart(Service.REGISTRY);
            installation.supervise();
            disk.fill();
            kill(Service.REGISTRY);
            await(
                    logs,
                    () -> read(logs.resolve("supervisor.log"))
                            .contains("cannot record the registry service: the disk of the data directory " + home
                                    + " is full; the next attempt is in 2 s"));
            assertThat(download.processes()).isEmpty();
            disk.free();
            await(() -> runs(Service.REGISTRY) && restarts(Service.REGISTRY).count() == 1);
            assertThat(download.processes()).hasSize(1);
            assertThat(installation.stop()).containsExactly(Service.REGISTRY);
        }
    }

    private void kill(Service service) {
        installation.kill(service);
    }

    private boolean runs(Service service) {
        return installation.running(service).isPresent();
    }

    private long pid(Service service) {
        return installation.running(service).orElseThrow().pid();
    }

    private Restarts restarts(Service service) {
        return installation.supervisor().orElseThrow().of(service);
    }

    /** Messages of {@code rootstock status}. */
    private String status() {
        StringWriter messages = new StringWriter();
        int _ = Rootstock.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(messages, true))
                .execute("status", "--home", home.toString());
        return messages.toString();
    }

    private List<ProcessHandle> supervisors() {
        return ProcessHandle.allProcesses()
                .filter(process ->
                        arguments(process.pid()).containsAll(List.of(Supervisor.class.getName(), home.toString())))
                .toList();
    }

    private static List<String> arguments(long pid) {
        try {
            return List.of(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .split("\0", -1));
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void await(BooleanSupplier condition) throws Exception {
        await(home.resolve("processes"), condition);
    }

    /** Waits until a condition holds that changes with the files of a folder. */
    private static void await(Path files, BooleanSupplier condition) throws Exception {
        try (WatchService watch = files.getFileSystem().newWatchService()) {
            WatchKey _ =
                    files.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (!condition.getAsBoolean()) {
                WatchKey changed = watch.poll(60, TimeUnit.SECONDS);
                assertThat(changed).as("a change of the files").isNotNull();
                changed.pollEvents();
                changed.reset();
            }
        }
    }
}
