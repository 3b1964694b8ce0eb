package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.ServiceStatus.Health;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the packaged services as processes on free ports. */
final class InstallationIT {
    /** Sections of the reference of metrics. */
    private static final Map<Service, String> HEADINGS = Map.of(
            Service.REGISTRY, "Registry",
            Service.TOKENIZER, "Tokenizer service",
            Service.TRAINER, "Trainer",
            Service.INFERENCE, "Inference service",
            Service.EVALUATOR, "Evaluator");

    @TempDir
    private Path home;

    @Tag("matrix")
    @Test
    void startsServicesOnceAndStopsThem() throws Exception {
        try (Installation installation = installation(0)) {
            assertThat(installation.start()).containsExactly(Service.values());
            assertThat(installation.status()).extracting(ServiceStatus::health).containsOnly(Health.SERVING);
            assertThat(installation.start()).as("second start").isEmpty();
            exportsTheDocumentedMetrics(installation);

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

            assertThat(installation.up()).as("supervised from here").isEmpty();
            long supervised =
                    installation.running(Service.TRAINER).orElseThrow().pid();
            installation.kill(Service.TRAINER);
            try (WatchService watch = home.getFileSystem().newWatchService()) {
                awaitRecord(installation, watch, Service.TRAINER);
            }
            assertThat(installation.running(Service.TRAINER).orElseThrow().pid())
                    .isNotEqualTo(supervised);
            assertThat(installation.up()).as("it serves again").isEmpty();
            assertThat(installation.status()).extracting(ServiceStatus::health).containsOnly(Health.SERVING);

            assertThat(installation.stop()).hasSize(5);
            assertThat(installation.status()).extracting(ServiceStatus::health).containsOnly(Health.STOPPED);
        }
    }

    private static void exportsTheDocumentedMetrics(Installation installation) throws Exception {
        MetricsReference common = MetricsReference.read(ProjectRoot.find(), "Every service");
        for (ServiceStatus status : installation.status()) {
            MetricsReference own = MetricsReference.read(ProjectRoot.find(), HEADINGS.get(status.service()));
            Set<String> exported = MetricsReference.exported(status.httpPort());
            assertThat(exported)
                    .as(status.service() + ": metrics from its start")
                    .containsAll(own.fromStart())
                    .containsAll(common.fromStart());
            Set<String> documented = new TreeSet<>(own.all());
            documented.addAll(common.all());
            assertThat(exported)
                    .as(status.service() + ": metrics that the reference has")
                    .filteredOn(name -> name.startsWith("rootstock_"))
                    .isSubsetOf(documented);
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

    /** Starts the registry, as {@code rootstock up} does. */
    static final class Start {
        public static void main(String[] arguments) {
            List<Service> _ = new Installation(Path.of(arguments[0]), ProjectRoot.find(), OptionalInt.of(0), Map.of())
                    .start(List.of(Service.REGISTRY));
        }
    }

    @Test
    @Tag("fault")
    void anInterruptedStartLeavesNoServices() throws Exception {
        try (Installation installation = installation(0);
                WatchService watch = home.getFileSystem().newWatchService()) {
            Process start = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Start.class.getName(),
                            home.toString())
                    .inheritIO()
                    .start();
            awaitRecord(installation, watch, Service.REGISTRY);
            long pid = installation.running(Service.REGISTRY).orElseThrow().pid();
            start.destroy();
            assertThat(start.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(installation.running(Service.REGISTRY)).isEmpty();
        }
    }

    /** Waits until a service runs and is recorded. */
    private void awaitRecord(Installation installation, WatchService watch, Service service) throws Exception {
        WatchKey _ = Files.createDirectories(home.resolve("processes"))
                .register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        while (installation.running(service).isEmpty()) {
            WatchKey changed = watch.poll(60, TimeUnit.SECONDS);
            assertThat(changed).as("a record of the service").isNotNull();
            changed.pollEvents();
            changed.reset();
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
