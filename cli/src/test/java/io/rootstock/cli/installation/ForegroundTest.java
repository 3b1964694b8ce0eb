package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command in the foreground for services; processes of {@code sleep} are recorded in their place. */
final class ForegroundTest {
    @TempDir
    private Path home;

    private final Map<Service, Process> processes = new EnumMap<>(Service.class);

    @AfterEach
    void end() {
        processes.values().forEach(Process::destroyForcibly);
    }

    @Test
    void stopsTheServicesWhenOneExitsAndNamesIt() throws Exception {
        for (Service service : Service.values()) {
            record(service);
        }
        processes.get(Service.TRAINER).destroy();
        Foreground foreground = new Foreground(new Installation(home, home, OptionalInt.empty(), Map.of()));
        assertThatThrownBy(() -> foreground.run(() -> {}))
                .isInstanceOfSatisfying(
                        CliException.class,
                        failure -> assertThat(failure.hint())
                                .contains(home.resolve("logs/trainer.log").toString()))
                .hasMessage("the trainer service has exited");
        assertThat(processes.values()).noneMatch(Process::isAlive);
    }

    @Test
    void aServiceThatIsNotRunningHasExited() throws IOException {
        record(Service.REGISTRY);
        Foreground foreground = new Foreground(new Installation(home, home, OptionalInt.empty(), Map.of()));
        assertThatThrownBy(() -> foreground.run(() -> {}))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("has exited");
        assertThat(processes.get(Service.REGISTRY).isAlive()).isFalse();
    }

    private void record(Service service) throws IOException {
        Process process = new ProcessBuilder("sleep", "60").start();
        processes.put(service, process);
        long start = process.info().startInstant().map(Instant::toEpochMilli).orElseThrow();
        new ProcessRecord(service.label(), process.pid(), start, 1, 2, "test", 0, Map.of(), "")
                .write(home.resolve("processes").resolve(service.label() + ".json"));
    }
}
