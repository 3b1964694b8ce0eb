package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The component that switches mutual TLS on. */
class MutualTlsTest {
    private static final Path COMPONENT = Path.of("components/mtls");
    private static final String MOUNT = "/etc/rootstock/tls/";

    @Test
    void theOverlayAppliesItToTheBase() throws IOException {
        Path overlay = Path.of("overlays/mtls");
        JsonNode kustomization = Manifests.tree(overlay.resolve("kustomization.yaml"));
        assertThat(overlay.resolve(kustomization.path("resources").path(0).asText())
                        .normalize())
                .isEqualTo(Manifests.BASE);
        assertThat(overlay.resolve(kustomization.path("components").path(0).asText())
                        .normalize())
                .isEqualTo(COMPONENT);
    }

    @Test
    void setsBothSidesOfEveryServiceToTheFilesOfItsSecret() throws IOException {
        ConfigMap common =
                (ConfigMap) Manifests.read(COMPONENT.resolve("common.yaml")).getFirst();
        assertThat(common.getMetadata().getName()).isEqualTo("common");
        assertThat(common.getData())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ROOTSTOCK_TLS_CERTIFICATE_FILE", MOUNT + "tls.crt",
                        "ROOTSTOCK_TLS_KEY_FILE", MOUNT + "tls.key",
                        "ROOTSTOCK_TLS_CLIENT_AUTHORITY_FILE", MOUNT + "ca.crt",
                        "ROOTSTOCK_TLS_CLIENT_AUTHENTICATION", "required",
                        "ROOTSTOCK_CLIENT_TLS", "true",
                        "ROOTSTOCK_CLIENT_TRUST_FILE", MOUNT + "ca.crt",
                        "ROOTSTOCK_CLIENT_CERTIFICATE_FILE", MOUNT + "tls.crt",
                        "ROOTSTOCK_CLIENT_KEY_FILE", MOUNT + "tls.key"));
        assertThat(KnownSettings.properties().stream().map(KnownSettings::environmentName))
                .containsAll(common.getData().keySet());
    }

    @Test
    void mountsASecretOfItsOwnInEveryPod() throws IOException {
        for (Workload workload : Workload.all()) {
            HasMetadata patch =
                    Manifests.read(COMPONENT.resolve(workload.name() + ".yaml")).getFirst();
            PodSpec pod = switch (patch) {
                case Deployment deployment -> deployment.getSpec().getTemplate().getSpec();
                case StatefulSet set -> set.getSpec().getTemplate().getSpec();
                default -> throw new AssertionError("unexpected kind " + patch.getKind());
            };
            assertThat(Manifests.named(patch.getClass(), workload.name())).isNotNull();
            assertThat(patch.getMetadata().getName()).isEqualTo(workload.name());
            assertThat(pod.getContainers())
                    .singleElement()
                    .satisfies(container -> assertThat(container.getName())
                            .isEqualTo(workload.container().getName()));
            VolumeMount mount = pod.getContainers().getFirst().getVolumeMounts().getFirst();
            assertThat(mount.getMountPath() + "/").isEqualTo(MOUNT);
            assertThat(mount.getReadOnly()).isTrue();
            // A file mounted by subPath would never be replaced.
            assertThat(mount.getSubPath()).isNull();
            Volume volume = pod.getVolumes().getFirst();
            assertThat(volume.getName()).isEqualTo(mount.getName());
            assertThat(volume.getSecret().getSecretName()).isEqualTo(workload.name() + "-tls");
            assertThat(workload.pod().getVolumes()).extracting(Volume::getName).doesNotContain(volume.getName());
        }
    }

    @Test
    void probesOverHttpsWithTheTimesOfTheBase() throws IOException {
        Map<String, String> paths = Installation.HEALTH_PATHS;
        JsonNode patch = Manifests.tree(COMPONENT.resolve("probes.yaml"));
        assertThat(patch).hasSize(paths.size());
        for (JsonNode operation : patch) {
            String[] path = operation.path("path").asText().split("/", -1);
            String name = path[path.length - 1];
            assertThat(operation.path("path").asText()).isEqualTo("/spec/template/spec/containers/0/" + name);
            Probe probe = Manifests.part(operation.path("value"), Probe.class);
            assertThat(probe.getHttpGet().getPath()).isEqualTo(paths.get(name));
            assertThat(probe.getHttpGet().getScheme()).isEqualTo("HTTPS");
            for (Workload workload : Workload.all()) {
                assertThat(workload.container().getPorts())
                        .extracting(ContainerPort::getName)
                        .contains(probe.getHttpGet().getPort().getStrVal());
                Probe base = switch (name) {
                    case "startupProbe" -> workload.container().getStartupProbe();
                    case "readinessProbe" -> workload.container().getReadinessProbe();
                    case "livenessProbe" -> workload.container().getLivenessProbe();
                    default -> throw new AssertionError("unexpected probe " + name);
                };
                assertThat(probe.getPeriodSeconds()).isEqualTo(base.getPeriodSeconds());
                assertThat(probe.getFailureThreshold()).isEqualTo(base.getFailureThreshold());
                assertThat(probe.getTimeoutSeconds()).isEqualTo(base.getTimeoutSeconds());
            }
        }
    }

    @Test
    void declaresTheGrpcPortsAsTls() throws IOException {
        List<Service> with = Rendered.overlay("mtls").all(Service.class);
        List<Service> without = Rendered.base().all(Service.class);
        assertThat(with).hasSameSizeAs(without);
        for (int i = 0; i < with.size(); i++) {
            ServicePort port = with.get(i).getSpec().getPorts().getFirst();
            assertThat(port.getAppProtocol())
                    .as(with.get(i).getMetadata().getName())
                    .isEqualTo(port.getName().equals("grpc") ? "https" : null);
            assertThat(without.get(i).getSpec().getPorts().getFirst().getAppProtocol())
                    .isEqualTo(port.getName().equals("grpc") ? "kubernetes.io/h2c" : null);
        }
    }
}
