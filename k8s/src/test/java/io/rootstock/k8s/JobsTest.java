package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.rootstock.k8s.Traffic.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The component with which workers of runs are Jobs. */
class JobsTest {
    private static final Path COMPONENT = Path.of("components/jobs");
    private static final Map<String, String> WORKER = Map.of("app.kubernetes.io/name", "run-worker");

    @Test
    void theOverlayAppliesItToTheBase() throws IOException {
        Path overlay = Path.of("overlays/jobs");
        JsonNode kustomization = Manifests.tree(overlay.resolve("kustomization.yaml"));
        assertThat(overlay.resolve(kustomization.path("resources").path(0).asText())
                        .normalize())
                .isEqualTo(Manifests.BASE);
        assertThat(overlay.resolve(kustomization.path("components").path(0).asText())
                        .normalize())
                .isEqualTo(COMPONENT);
        JsonNode component = Manifests.tree(COMPONENT.resolve("kustomization.yaml"));
        for (String field : List.of("namespace", "labels")) {
            assertThat(component.path(field))
                    .isEqualTo(Manifests.kustomization().path(field));
        }
    }

    @Test
    void theTrainerMayManageJobsAndTheirPodsAndNothingElse() throws IOException {
        Rendered jobs = Rendered.overlay("jobs");
        assertThat(jobs.named(Role.class, "run-launcher").getRules())
                .extracting(PolicyRule::getResources)
                .containsExactly(List.of("jobs"), List.of("pods"));
        assertThat(jobs.named(Role.class, "run-launcher").getRules())
                .allSatisfy(rule -> assertThat(rule.getVerbs()).doesNotContain("*", "update", "patch"));
        assertThat(jobs.named(RoleBinding.class, "run-launcher").getSubjects())
                .singleElement()
                .satisfies(subject -> assertThat(subject.getName())
                        .isEqualTo(jobs.workload("trainer").pod().getServiceAccountName()));
        assertThat(jobs.workload("trainer").pod().getAutomountServiceAccountToken())
                .isTrue();
        assertThat(Rendered.base().workload("trainer").pod().getAutomountServiceAccountToken())
                .isFalse();
    }

    @Test
    void workersHaveTheSettingsAndCredentialsOfTheTrainer() throws IOException {
        Rendered jobs = Rendered.overlay("jobs");
        Workload trainer = jobs.workload("trainer");
        Map<String, String> settings = jobs.settings(trainer);
        assertThat(settings.get("ROOTSTOCK_TRAINER_LAUNCHER")).isEqualTo("kubernetes");
        assertThat(settings.get("ROOTSTOCK_TRAINER_ENDPOINT"))
                .isEqualTo("trainer:" + ManifestsTest.port("trainer", "quarkus.grpc.server.port"));
        // Not set: the workers take over variables and mounted Secrets from the trainer's pod.
        assertThat(settings)
                .doesNotContainKeys(
                        "ROOTSTOCK_TRAINER_KUBERNETES_CONFIG_MAPS",
                        "ROOTSTOCK_TRAINER_KUBERNETES_SECRETS",
                        "ROOTSTOCK_TRAINER_KUBERNETES_MOUNTS");
        assertThat(trainer.container().getEnvFrom())
                .extracting(source -> source.getConfigMapRef() == null
                        ? source.getSecretRef().getName()
                        : source.getConfigMapRef().getName())
                .containsExactly("common", "trainer", "s3", "rootstock-s3");
        ServiceAccount account =
                jobs.named(ServiceAccount.class, settings.get("ROOTSTOCK_TRAINER_KUBERNETES_SERVICE_ACCOUNT"));
        assertThat(account.getAutomountServiceAccountToken()).isFalse();
        assertThat(jobs.all(ConfigMap.class))
                .extracting(map -> map.getMetadata().getName())
                .contains("common", "trainer", "s3");
    }

    @Test
    void theHomeOfTheTrainerIsOnItsNode() throws IOException {
        Workload trainer = Rendered.overlay("jobs").workload("trainer");
        assertThat(trainer.claims()).isEmpty();
        assertThat(trainer.pod().getVolumes())
                .filteredOn(volume -> volume.getName().equals("home"))
                .singleElement()
                .satisfies(home -> assertThat(home.getEmptyDir()).isNotNull());
    }

    @Test
    void workersCallTheRegistryTheTrainerAndTheStoreAndAreNotCalled() throws IOException {
        Rendered jobs = Rendered.overlay("jobs");
        Traffic traffic =
                new Traffic(jobs.all(NetworkPolicy.class), Map.of("kubernetes.io/metadata.name", "rootstock"));
        Pod worker = new Pod(WORKER, Optional.empty());
        for (String service : Installation.SERVICES) {
            Pod pod = new Pod(jobs.workload(service).template().getMetadata().getLabels(), Optional.empty());
            for (int port : Installation.ports(service)) {
                boolean called = List.of("registry", "trainer").contains(service)
                        && port == ManifestsTest.port(service, "quarkus.grpc.server.port");
                assertThat(traffic.allows(worker, pod, port))
                        .as(service + " " + port)
                        .isEqualTo(called);
                assertThat(traffic.allows(pod, worker, port)).isFalse();
            }
        }
        Pod outside = new Pod(Map.of(), Optional.of(Map.of()));
        assertThat(traffic.allows(worker, outside, 443)).isTrue();
        assertThat(traffic.allows(worker, outside, 80)).isFalse();
        assertThat(traffic.allows(outside, worker, 7402)).isFalse();
        Pod trainer = new Pod(jobs.workload("trainer").template().getMetadata().getLabels(), Optional.empty());
        assertThat(traffic.allows(trainer, outside, 6443)).isTrue();
    }

    @Test
    void podsOfSeveralRanksConnectToEachOtherAndToNoOtherPods() throws IOException {
        Rendered jobs = Rendered.overlay("jobs");
        Traffic traffic =
                new Traffic(jobs.all(NetworkPolicy.class), Map.of("kubernetes.io/metadata.name", "rootstock"));
        Pod single = new Pod(WORKER, Optional.empty());
        Map<String, String> labels = new HashMap<>(WORKER);
        labels.put("rootstock.io/ranks", "2");
        Pod rank = new Pod(labels, Optional.empty());
        Pod registry =
                new Pod(jobs.workload("registry").template().getMetadata().getLabels(), Optional.empty());
        // Hydra, UCX and NCCL choose free ports.
        assertThat(traffic.allows(rank, rank, 38_003)).isTrue();
        assertThat(traffic.allows(rank, rank, 22)).isFalse();
        assertThat(traffic.allows(single, rank, 38_003)).isFalse();
        assertThat(traffic.allows(rank, single, 38_003)).isFalse();
        assertThat(traffic.allows(registry, rank, 38_003)).isFalse();
        assertThat(traffic.allows(new Pod(labels, Optional.of(Map.of())), rank, 38_003))
                .isFalse();
        assertThat(traffic.allows(rank, registry, 7400)).isTrue();
    }

    @Test
    void podsOfSeveralRanksHaveStableNames() throws IOException {
        Service names = Rendered.overlay("jobs").named(Service.class, "run-worker");
        assertThat(names.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(names.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(names.getSpec().getSelector()).isEqualTo(WORKER);
    }
}
