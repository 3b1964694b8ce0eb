package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortsTest {
    @TempDir
    private Path home;

    @Test
    void portsOfTheLastStartAreUsedAgain() {
        Map<Service, Ports.Pair> started = Ports.choose(7600);
        assertThat(Ports.remembered(started, 7400)).isEqualTo(started);
        assertThat(Ports.remembered(Map.of(), 7400)).isEqualTo(Ports.choose(7400));
        Map<Service, Ports.Pair> part = new EnumMap<>(started);
        part.remove(Service.TRAINER);
        assertThat(Ports.remembered(part, 7400)).isEqualTo(started);
    }

    @Test
    void freePortsAreKeptAndMissingOnesAreFree() {
        Map<Service, Ports.Pair> part = Map.of(Service.REGISTRY, new Ports.Pair(40_001, 40_777));
        Map<Service, Ports.Pair> ports = Ports.remembered(part, 7400);
        assertThat(ports).containsEntry(Service.REGISTRY, new Ports.Pair(40_001, 40_777));
        assertThat(ports.get(Service.TRAINER).grpc()).isNotEqualTo(7402);
    }

    @Test
    void aCrashedServiceKeepsItsPortsAndStatusNamesBrokenLinks() throws IOException {
        record(Service.REGISTRY, 7600, true, Map.of("tokenizer", 7601, "trainer", 7402));
        record(Service.TRAINER, 7602, false, Map.of());
        Installation installation = new Installation(home, home, OptionalInt.empty(), Map.of());
        assertThat(installation.endpoint(Service.TRAINER)).isEqualTo("127.0.0.1:7602");
        assertThat(installation.endpoint(Service.TOKENIZER)).isEqualTo("127.0.0.1:7601");
        ServiceStatus registry = installation.status().getFirst();
        assertThat(registry.service()).isEqualTo(Service.REGISTRY);
        assertThat(registry.brokenLinks()).containsExactly("trainer at 7402, not 7602");
    }

    @Test
    void otherPortsAreRefusedWhileAServiceRuns() throws IOException {
        record(Service.REGISTRY, 7600, true, Map.of());
        Installation installation = new Installation(home, home, OptionalInt.of(7500), Map.of());
        assertThatThrownBy(() -> installation.start(List.of(Service.REGISTRY)))
                .isInstanceOf(CliException.class)
                .hasMessage("the registry service is running on port 7600, not on 7500");
    }

    /** Writes a record; a running service has this process as its process. */
    private void record(Service service, int grpcPort, boolean running, Map<String, Integer> links) throws IOException {
        ProcessHandle self = ProcessHandle.current();
        long start = self.info().startInstant().map(Instant::toEpochMilli).orElseThrow();
        new ProcessRecord(
                        service.label(),
                        self.pid(),
                        running ? start : start - 1,
                        grpcPort,
                        grpcPort + 10,
                        "test",
                        0,
                        links,
                        "")
                .write(home.resolve("processes").resolve(service.label() + ".json"));
    }
}
