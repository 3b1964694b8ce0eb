package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that fails leaves nothing running that it has started. */
final class StartTest {
    @TempDir
    private Path folder;

    private Path home;
    private ScriptedDownload download;

    @BeforeEach
    void aDownload() throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        download = ScriptedDownload.write(folder.resolve("download"));
    }

    @AfterEach
    void end() {
        download.processes().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void aServiceThatCannotBeRecordedDoesNotRun() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(home)) {
            disk.fill();
            assertThatThrownBy(() -> installation().start(List.of(Service.REGISTRY)))
                    .isInstanceOfSatisfying(
                            CliException.class,
                            failure -> assertThat(failure.hint()).startsWith("free disk space"))
                    .hasMessage(
                            "cannot record the registry service: the disk of the data directory " + home + " is full");
            assertThat(download.processes()).isEmpty();
            assertThat(installation().stop()).isEmpty();
        }
    }

    @Test
    void aServiceThatExitsDuringTheStartEndsTheOthersOfTheStart() throws Exception {
        download.script(Service.TOKENIZER, "echo no memory; exit 1");
        Process before = new ProcessBuilder("sleep", "60").start();
        try {
            record(Service.INFERENCE, before);
            assertThatThrownBy(
                            () -> installation().start(List.of(Service.TOKENIZER, Service.REGISTRY, Service.INFERENCE)))
                    .isInstanceOf(CliException.class)
                    .hasMessageStartingWith("the tokenizer service exited during startup")
                    .hasMessageContaining("no memory");
            assertThat(download.processes()).isEmpty();
            assertThat(before.isAlive()).as("a service that was running before").isTrue();
        } finally {
            before.destroyForcibly();
        }
    }

    @Test
    void aReadOnlyDataDirectoryIsNamed() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(home)) {
            disk.protect();
            assertThatThrownBy(() -> installation().start())
                    .isInstanceOfSatisfying(
                            CliException.class,
                            failure -> assertThat(failure.hint()).contains("--home"))
                    .hasMessage("the data directory " + home + " is read-only");
            assertThat(download.processes()).isEmpty();
        }
    }

    private Installation installation() {
        return new Installation(home, download.root(), OptionalInt.of(0), Map.of());
    }

    private void record(Service service, Process process) throws IOException {
        new ProcessRecord(
                        service.label(),
                        process.pid(),
                        process.info().startInstant().orElseThrow().toEpochMilli(),
                        1,
                        2,
                        "test",
                        Launcher.build(service, Layout.of(download.root())),
                        Map.of(),
                        "")
                .write(home.resolve("processes").resolve(service.label() + ".json"));
    }
}
