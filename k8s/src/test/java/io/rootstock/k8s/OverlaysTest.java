package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules for everything that {@code kubectl apply -k} can send: the base and all overlays, as kustomize renders them. */
class OverlaysTest {
    @Test
    void areReadStrictly() throws IOException {
        assertThat(Rendered.everything())
                .extracting(Rendered::name)
                .containsExactly(
                        "base",
                        "overlays/autoscale",
                        "overlays/autoscale-keda",
                        "overlays/gateway",
                        "overlays/ha",
                        "overlays/jobs",
                        "overlays/monitoring",
                        "overlays/mtls",
                        "overlays/mtls-cert-manager",
                        "overlays/priority",
                        "overlays/single-node",
                        "overlays/spark");
        for (Rendered rendered : Rendered.everything()) {
            assertThat(rendered.workloads())
                    .as(rendered.name())
                    .extracting(Workload::name)
                    .containsExactlyInAnyOrderElementsOf(Installation.SERVICES);
        }
    }

    @Test
    void canBeCombined(@TempDir Path folder) throws IOException {
        for (String base : List.of("ha", "single-node")) {
            StringBuilder components = new StringBuilder();
            for (String component : List.of(
                    base, "mtls-cert-manager", "spark", "monitoring", "monitoring-mtls", "autoscale", "priority")) {
                components
                        .append("\n  - ")
                        .append(Path.of("components", component).toAbsolutePath());
            }
            Files.writeString(
                    folder.resolve("kustomization.yaml"),
                    "namespace: rootstock\nresources: [" + Manifests.BASE.toAbsolutePath() + "]\ncomponents:"
                            + components + "\n");
            Rendered combined = Rendered.of(folder);
            Workload tokenizer = combined.workload("tokenizer");
            assertThat(tokenizer.container().getVolumeMounts())
                    .extracting(VolumeMount::getMountPath)
                    .contains("/etc/rootstock/tls", "/var/lib/rootstock-corpora")
                    .doesNotHaveDuplicates();
            assertThat(tokenizer.container().getReadinessProbe().getGrpc()).isNull();
            assertThat(combined.settings(tokenizer)).containsKey("ROOTSTOCK_CORPUS_SPARK_HOME");
        }
    }

    @Test
    void useEveryFileOfTheComponents() throws IOException {
        try (Stream<Path> components = Files.list(Path.of("components"))) {
            for (Path component : components.toList()) {
                JsonNode kustomization = Manifests.tree(component.resolve("kustomization.yaml"));
                List<String> listed = new ArrayList<>(List.of("kustomization.yaml"));
                kustomization.path("resources").forEach(file -> listed.add(file.asText()));
                kustomization
                        .path("patches")
                        .forEach(patch -> listed.add(patch.path("path").asText()));
                kustomization
                        .path("configMapGenerator")
                        .forEach(map -> map.path("files").forEach(file -> listed.add(file.asText())));
                try (Stream<Path> files = Files.list(component)) {
                    assertThat(files.map(file -> file.getFileName().toString()))
                            .as(component.toString())
                            .containsExactlyInAnyOrderElementsOf(listed);
                }
            }
        }
    }

    @Test
    void haveOneNamespace() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            for (HasMetadata resource : rendered.resources()) {
                String namespace = resource instanceof Namespace
                        ? resource.getMetadata().getName()
                        : resource.getMetadata().getNamespace();
                assertThat(namespace)
                        .as(rendered + ": " + resource.getMetadata().getName())
                        .isEqualTo(resource instanceof PriorityClass ? null : "rootstock");
            }
        }
    }

    @Test
    void mountVolumesThatAreThereAndHaveASource() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            List<String> claims = rendered.all(PersistentVolumeClaim.class).stream()
                    .map(claim -> claim.getMetadata().getName())
                    .toList();
            for (Workload workload : rendered.workloads()) {
                List<String> volumes = new ArrayList<>();
                for (Volume volume : workload.pod().getVolumes()) {
                    volumes.add(volume.getName());
                    if (volume.getPersistentVolumeClaim() != null) {
                        assertThat(claims)
                                .as(rendered.name())
                                .contains(volume.getPersistentVolumeClaim().getClaimName());
                    } else if (volume.getConfigMap() != null) {
                        rendered.named(ConfigMap.class, volume.getConfigMap().getName());
                    } else {
                        assertThat(volume.getSecret() != null
                                        || volume.getEmptyDir() != null
                                        || volume.getEphemeral() != null)
                                .as(rendered + ": " + volume.getName())
                                .isTrue();
                    }
                }
                workload.claims()
                        .forEach(claim -> volumes.add(claim.getMetadata().getName()));
                assertThat(workload.container().getVolumeMounts())
                        .as(rendered + ": " + workload.name())
                        .extracting(VolumeMount::getName)
                        .containsExactlyInAnyOrderElementsOf(volumes);
                assertThat(workload.container().getVolumeMounts())
                        .extracting(VolumeMount::getMountPath)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void setOnlyWhatTheCodeKnows() throws IOException {
        List<String> known = KnownSettings.properties().stream()
                .map(KnownSettings::environmentName)
                .toList();
        for (Rendered rendered : Rendered.everything()) {
            for (Workload workload : rendered.workloads()) {
                assertThat(rendered.settings(workload).keySet())
                        .as(rendered + ": " + workload.name())
                        .filteredOn(name -> name.startsWith("ROOTSTOCK_"))
                        .isSubsetOf(known);
                for (EnvFromSource source : workload.container().getEnvFrom()) {
                    if (source.getConfigMapRef() != null) {
                        rendered.named(ConfigMap.class, source.getConfigMapRef().getName());
                    }
                }
                assertThat(workload.container().getEnv())
                        .extracting(EnvVar::getName)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void meetTheRestrictedSecurityLevel() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            for (Workload workload : rendered.workloads()) {
                assertThat(workload.pod().getSecurityContext().getRunAsNonRoot())
                        .isTrue();
                assertThat(workload.pod()
                                .getSecurityContext()
                                .getSeccompProfile()
                                .getType())
                        .isEqualTo("RuntimeDefault");
                for (Container container : containers(workload)) {
                    SecurityContext context = container.getSecurityContext();
                    assertThat(context.getAllowPrivilegeEscalation())
                            .as(rendered + ": " + container.getName())
                            .isFalse();
                    assertThat(context.getReadOnlyRootFilesystem()).isTrue();
                    assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
                    assertThat(container.getImage()).matches("rootstock/[a-z-]+:\\d+\\.\\d+\\.\\d+");
                }
            }
        }
    }

    @Test
    void requestNoMoreThanTheyMayHave() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            for (Workload workload : rendered.workloads()) {
                for (Container container : containers(workload)) {
                    Map<String, Quantity> limits = container.getResources().getLimits();
                    container
                            .getResources()
                            .getRequests()
                            .forEach((resource, request) -> assertThat(request.getNumericalAmount())
                                    .as(rendered + ": " + container.getName() + " " + resource)
                                    .isPositive()
                                    .isLessThanOrEqualTo(limits.get(resource).getNumericalAmount()));
                }
            }
        }
    }

    private static List<Container> containers(Workload workload) {
        List<Container> all = new ArrayList<>(workload.pod().getInitContainers());
        all.addAll(workload.pod().getContainers());
        return all;
    }
}
