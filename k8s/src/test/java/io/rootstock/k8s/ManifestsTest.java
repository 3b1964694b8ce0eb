package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {
    @Test
    void areAllInTheKustomizationAndItNamesNothingElse() throws IOException {
        List<String> listed = new ArrayList<>();
        Manifests.kustomization().path("resources").forEach(name -> listed.add(name.asText()));

        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(Manifests.files().stream()
                        .map(file -> Manifests.BASE.relativize(file).toString())
                        .toList());
    }

    @Test
    void areReadStrictly(@TempDir Path folder) throws IOException {
        String good = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n";
        Path file = folder.resolve("file.yaml");
        Files.writeString(file, good);
        assertThat(Manifests.read(file)).hasSize(1);
        for (String bad : List.of("  nmae: b\n", "  name: b\n", "automountToken: false\n", "kind: ServiceAccount\n")) {
            Files.writeString(file, good + bad);
            assertThatThrownBy(() -> Manifests.read(file)).as(bad).isInstanceOf(IOException.class);
        }
        Files.writeString(file, good + "---\napiVersion: v1\nkind: Secret\n");
        assertThatThrownBy(() -> Manifests.read(file)).hasMessageContaining("unexpected kind v1/Secret");
    }

    @Test
    void nameEveryResourceOnce() throws IOException {
        Set<String> names = new HashSet<>();
        for (HasMetadata resource : Manifests.all()) {
            String name = resource.getKind() + "/" + resource.getMetadata().getName();
            assertThat(names.add(name)).as(name).isTrue();
        }
        assertThat(names).hasSizeGreaterThan(30);
    }

    @Test
    void setOnlyWhatTheCodeKnows() throws IOException {
        List<String> known = KnownSettings.properties().stream()
                .map(KnownSettings::environmentName)
                .toList();
        assertThat(known).contains("ROOTSTOCK_HOME", "ROOTSTOCK_AUTH_TOKEN_FILE", "ROOTSTOCK_REGISTRY_ENDPOINT");

        for (ConfigMap settings : Manifests.all(ConfigMap.class)) {
            assertThat(known)
                    .as(settings.getMetadata().getName())
                    .containsAll(
                            settings.getData() == null
                                    ? Set.of()
                                    : settings.getData().keySet());
        }
        for (Workload workload : Workload.all()) {
            workload.container().getEnv().forEach(variable -> assertThat(known).contains(variable.getName()));
        }
    }

    @Test
    void pointServicesAtEachOthersPorts() throws IOException {
        Map<String, String> addresses = new HashMap<>();
        for (String service : Installation.WITH_RPCS) {
            addresses.put(
                    "ROOTSTOCK_" + KnownSettings.environmentName(service) + "_ENDPOINT",
                    service + ":" + port(service, "quarkus.grpc.server.port"));
        }
        int endpoints = 0;
        for (ConfigMap settings : Manifests.all(ConfigMap.class)) {
            for (Map.Entry<String, String> setting : settings.getData().entrySet()) {
                if (setting.getKey().endsWith("_ENDPOINT")) {
                    assertThat(setting.getValue()).isEqualTo(addresses.get(setting.getKey()));
                    endpoints++;
                }
            }
        }
        assertThat(endpoints).isEqualTo(7);
    }

    @Test
    void exposeThePortsOfTheCode() throws IOException {
        for (String name : Installation.SERVICES) {
            Service service = Manifests.named(Service.class, name);
            assertThat(service.getSpec().getPorts())
                    .extracting(ServicePort::getName)
                    .isEqualTo(Installation.WITH_RPCS.contains(name) ? List.of("grpc", "http") : List.of("http"));
            assertThat(service.getSpec().getPorts())
                    .extracting(ServicePort::getPort)
                    .isEqualTo(Installation.ports(name));
            assertThat(service.getSpec().getSelector()).isEqualTo(Map.of("app.kubernetes.io/name", name));
        }
    }

    @Test
    void letNoServiceReachTheKubernetesApi() throws IOException {
        for (String name : Installation.SERVICES) {
            assertThat(Manifests.named(ServiceAccount.class, name).getAutomountServiceAccountToken())
                    .isFalse();
        }
    }

    @Test
    void limitDisruptionsOfEveryService() throws IOException {
        for (String name : Installation.SERVICES) {
            PodDisruptionBudget budget = Manifests.named(PodDisruptionBudget.class, name);
            assertThat(budget.getSpec().getSelector().getMatchLabels())
                    .isEqualTo(Map.of("app.kubernetes.io/name", name));
        }
    }

    @Test
    void haveAnImageForEveryServiceAndPinIt() throws IOException {
        Map<String, String> tags = new HashMap<>();
        for (JsonNode image : Manifests.kustomization().path("images")) {
            tags.put(image.path("name").asText(), image.path("newTag").asText());
        }
        for (Workload workload : Workload.all()) {
            String[] image = workload.container().getImage().split(":", -1);
            assertThat(image[0]).isEqualTo("rootstock/" + workload.name() + "-service");
            assertThat(image[1]).isEqualTo(tags.get(image[0])).isNotEqualTo("latest");
            String dockerfile =
                    Files.readString(Path.of("../" + workload.name() + "-service/src/main/docker/Dockerfile"));
            assertThat(dockerfile)
                    .contains(workload.container().getImage())
                    .contains("EXPOSE "
                            + Installation.ports(workload.name()).stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(" ")))
                    .contains("USER " + workload.pod().getSecurityContext().getRunAsUser())
                    .contains("COPY --chown=0:0 " + workload.name() + "-service/target/quarkus-app/ ./")
                    .doesNotContain("USER root");
        }
    }

    static int port(String service, String key) throws IOException {
        Properties defaults = KnownSettings.defaults(service);
        return Integer.parseInt(defaults.getProperty(key));
    }
}
