package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.ServiceStatus.Health;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the packaged services as processes on free ports. */
final class InstallationIT {
    @TempDir
    private Path home;

    @Test
    void startsServicesOnceAndStopsThem() {
        try (Installation installation = installation(0)) {
            assertThat(installation.start()).containsExactly(Service.values());
            assertThat(installation.status()).extracting(ServiceStatus::health).containsOnly(Health.SERVING);
            assertThat(installation.start()).as("second start").isEmpty();

            String endpoint = installation.endpoint(Service.TRAINER);
            long before = installation.running(Service.TRAINER).orElseThrow().pid();
            installation.kill(Service.TRAINER);
            assertThat(installation.running(Service.TRAINER)).isEmpty();
            assertThat(installation.start()).containsExactly(Service.TRAINER);
            assertThat(installation.endpoint(Service.TRAINER))
                    .as("unchanged endpoint")
                    .isEqualTo(endpoint);
            assertThat(installation.running(Service.TRAINER).orElseThrow().pid())
                    .isNotEqualTo(before);

            assertThat(installation.stop()).hasSize(4);
            assertThat(installation.status()).extracting(ServiceStatus::health).containsOnly(Health.STOPPED);
        }
    }

    @Test
    void reportsPortInUseBeforeStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Installation installation = installation(taken.getLocalPort())) {
            assertThatThrownBy(() -> installation.start(List.of(Service.REGISTRY)))
                    .isInstanceOf(CliException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " (registry, gRPC) is already in use");
            assertThat(installation.running(Service.REGISTRY)).isEmpty();
        }
    }

    private Installation installation(int portBase) {
        Path root = ProjectRoot.find();
        for (Service service : Service.values()) {
            assumeThat(service.jar(root)).exists();
        }
        return new Installation(home, root, OptionalInt.of(portBase), Map.of());
    }
}
