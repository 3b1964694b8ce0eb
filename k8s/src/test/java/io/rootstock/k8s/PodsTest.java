package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodsTest {
    @Test
    void existForEveryService() throws IOException {
        assertThat(Workload.all())
                .extracting(Workload::name)
                .containsExactlyInAnyOrderElementsOf(Installation.SERVICES);
    }

    @Test
    void areSelectedByTheirLabels() throws IOException {
        for (Workload workload : Workload.all()) {
            assertThat(workload.selector()).isEqualTo(Map.of("app.kubernetes.io/name", workload.name()));
            assertThat(workload.template().getMetadata().getLabels()).containsAllEntriesOf(workload.selector());
        }
    }

    @Test
    void listenOnThePortsOfTheCode() throws IOException {
        for (Workload workload : Workload.all()) {
            assertThat(workload.container().getPorts())
                    .extracting(ContainerPort::getContainerPort)
                    .isEqualTo(Installation.ports(workload.name()));
        }
    }

    @Test
    void areProbedByNamesThatTheServicesAnswer() throws IOException {
        for (Workload workload : Workload.all()) {
            Container container = workload.container();
            if (!Installation.WITH_RPCS.contains(workload.name())) {
                assertThat(Map.of(
                                "startupProbe", path(container.getStartupProbe()),
                                "readinessProbe", path(container.getReadinessProbe()),
                                "livenessProbe", path(container.getLivenessProbe())))
                        .isEqualTo(Installation.HEALTH_PATHS);
                continue;
            }
            for (Probe probe :
                    List.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe())) {
                assertThat(Installation.HEALTH_NAMES.get(workload.name()))
                        .contains(probe.getGrpc().getService());
                assertThat(probe.getGrpc().getPort())
                        .isEqualTo(ManifestsTest.port(workload.name(), "quarkus.grpc.server.port"));
            }
        }
    }

    private static String path(Probe probe) {
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
        return probe.getHttpGet().getPath();
    }

    @Test
    void meetTheRestrictedSecurityLevel() throws IOException {
        for (Workload workload : Workload.all()) {
            assertThat(workload.pod().getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(workload.pod().getSecurityContext().getRunAsUser()).isPositive();
            assertThat(workload.pod().getSecurityContext().getSeccompProfile().getType())
                    .isEqualTo("RuntimeDefault");
            assertThat(workload.pod().getAutomountServiceAccountToken()).isFalse();
            assertThat(workload.pod().getServiceAccountName()).isEqualTo(workload.name());
            assertThat(workload.pod().getContainers()).hasSize(1);
            assertThat(workload.container().getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(workload.container().getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(workload.container()
                            .getSecurityContext()
                            .getCapabilities()
                            .getDrop())
                    .containsExactly("ALL");
        }
    }
}
