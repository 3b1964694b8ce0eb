package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The component with which corpus jobs run on Spark; {@code bench/data/kubernetes} runs it in a cluster. */
class SparkTest {
    private static final Path COMPONENT = Path.of("components/spark");
    private static final Path IMAGE = Path.of("../corpus-spark/src/main/docker/Dockerfile");
    private static final String NAME = "app.kubernetes.io/name";

    @Test
    void theOverlayAppliesItToTheBase() throws IOException {
        Path overlay = Path.of("overlays/spark");
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
        assertThat(settings().getProperty("spark.kubernetes.namespace"))
                .isEqualTo(component.path("namespace").asText());
    }

    @Test
    void driversMayManagePodsAndNothingElse() throws IOException {
        assertThat(resource(Role.class, "spark-driver").getRules())
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.getApiGroups()).containsExactly("");
                    assertThat(rule.getResources()).containsExactly("pods");
                });
        assertThat(resource(RoleBinding.class, "spark-driver").getSubjects())
                .singleElement()
                .satisfies(subject -> assertThat(subject.getName())
                        .isEqualTo(Manifests.named(ServiceAccount.class, "tokenizer")
                                .getMetadata()
                                .getName()));
        assertThat(tokenizer().getAutomountServiceAccountToken()).isTrue();
        assertThat(executor().getSpec().getAutomountServiceAccountToken()).isFalse();
    }

    @Test
    void executorsMeetTheRestrictedSecurityLevel() throws IOException {
        PodSpec pod = executor().getSpec();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser() + ":"
                        + pod.getSecurityContext().getRunAsGroup())
                .isEqualTo(Dockerfile.read(IMAGE).onlyOfImage("USER"));
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        List<Container> containers = new ArrayList<>(pod.getContainers());
        containers.addAll(tokenizer().getInitContainers());
        assertThat(containers).hasSize(2).allSatisfy(container -> {
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
        });
    }

    @Test
    void driversAndExecutorsSeeTheSameFilesUnderTheSamePaths() throws IOException {
        String claim =
                resource(PersistentVolumeClaim.class, "corpora").getMetadata().getName();
        List<String> mounts = new ArrayList<>();
        for (PodSpec pod : List.of(tokenizer(), executor().getSpec())) {
            String volume = pod.getVolumes().stream()
                    .filter(each -> each.getPersistentVolumeClaim() != null)
                    .filter(each ->
                            each.getPersistentVolumeClaim().getClaimName().equals(claim))
                    .findFirst()
                    .orElseThrow()
                    .getName();
            mounts.add(mount(pod.getContainers().getFirst(), volume));
        }
        assertThat(mounts.getFirst()).isEqualTo(mounts.getLast());
        assertThat(variable("ROOTSTOCK_CORPUS_WORKSPACE")).startsWith(mounts.getFirst());
        assertThat(variable("ROOTSTOCK_CORPUS_ROOTS")).startsWith(mounts.getFirst());
    }

    @Test
    void theTokenizerServiceFindsSparkAndItsSettings() throws IOException {
        List<String> known = KnownSettings.properties().stream()
                .map(KnownSettings::environmentName)
                .toList();
        Container container = tokenizer().getContainers().getFirst();
        assertThat(container.getEnv())
                .extracting(EnvVar::getName)
                .filteredOn(name -> name.startsWith("ROOTSTOCK_"))
                .hasSize(4)
                .allMatch(known::contains);
        String home = mount(container, "spark");
        assertThat(variable("ROOTSTOCK_CORPUS_SPARK_HOME")).isEqualTo(home);
        assertThat(variable("ROOTSTOCK_CORPUS_SPARK_MASTERS")).startsWith("k8s://");
        assertThat(variable("SPARK_CONF_DIR")).isEqualTo(mount(container, "spark-settings"));
        assertThat(settings().getProperty("spark.kubernetes.executor.podTemplateFile"))
                .isEqualTo(variable("SPARK_CONF_DIR") + "/executor.yaml");
        // What a driver needs of the image: its classes and libraries.
        assertThat(tokenizer().getInitContainers().getFirst().getCommand())
                .containsExactly("cp", "-r", "/opt/rootstock/classes", "/opt/rootstock/lib", home + "/");
        assertThat(Dockerfile.read(IMAGE).ofImage("COPY"))
                .extracting(copy -> copy.arguments().getLast())
                .contains("classes/", "lib/");
    }

    @Test
    void thePinnedImageIsTheOneThatIsBuilt() throws IOException {
        JsonNode pinned = Manifests.tree(COMPONENT.resolve("kustomization.yaml"))
                .path("images")
                .path(0);
        String image =
                pinned.path("name").asText() + ":" + pinned.path("newTag").asText();
        assertThat(tokenizer().getInitContainers().getFirst().getImage()).isEqualTo(image);
        assertThat(settings().getProperty("spark.kubernetes.container.image")).isEqualTo(image);
        assertThat(Files.readString(IMAGE))
                .contains(
                        "-f " + Path.of("..").relativize(IMAGE),
                        "-t " + image + " .",
                        "mvn package -pl corpus-spark -am");
        List<String> ignored = Files.readAllLines(Path.of("../.dockerignore"));
        Dockerfile.read(IMAGE)
                .all("COPY")
                .forEach(copy -> copy.arguments()
                        .subList(0, copy.arguments().size() - 1)
                        .forEach(source -> assertThat(ignored).contains("!" + source.replaceAll("/$", ""))));
    }

    @Test
    void theUsersOfDriversAndExecutorsHaveNames() throws IOException {
        // Hadoop's login fails for others.
        for (Path image : List.of(IMAGE, Path.of("../tokenizer-service/src/main/docker/Dockerfile"))) {
            Dockerfile dockerfile = Dockerfile.read(image);
            assertThat(dockerfile.ofImage("RUN"))
                    .anyMatch(run -> run.text().contains("rootstock:x:" + dockerfile.onlyOfImage("USER") + ":")
                            && run.text().endsWith(">> /etc/passwd"));
        }
    }

    @Test
    void policiesOpenThePortsOfDriversAndExecutorsOnBothSides() throws IOException {
        int retries = Integer.parseInt(settings().getProperty("spark.port.maxRetries"));
        int driver = Integer.parseInt(settings().getProperty("spark.driver.port"));
        int blocks = Integer.parseInt(settings().getProperty("spark.blockManager.port"));
        assertThat(driver + retries).isLessThan(blocks);
        String executors = executor().getMetadata().getLabels().get(NAME);
        String both = driver + "-" + (blocks + retries);
        String some = blocks + "-" + (blocks + retries);
        NetworkPolicy tokenizer = resource(NetworkPolicy.class, "tokenizer-and-executors");
        assertThat(tokenizer.getSpec().getPodSelector().getMatchLabels()).containsEntry(NAME, "tokenizer");
        assertThat(in(tokenizer)).isEqualTo(Map.of(executors, both));
        assertThat(out(tokenizer)).isEqualTo(Map.of(executors, some));
        NetworkPolicy pods = resource(NetworkPolicy.class, "executors");
        assertThat(pods.getSpec().getPodSelector().getMatchLabels()).containsEntry(NAME, executors);
        assertThat(in(pods)).isEqualTo(Map.of("tokenizer", some, executors, some));
        assertThat(out(pods)).isEqualTo(Map.of("tokenizer", both, executors, some));
    }

    private static Map<String, String> in(NetworkPolicy policy) {
        return policy.getSpec().getIngress().stream()
                .flatMap(rule -> rule.getFrom().stream()
                        .map(peer -> Map.entry(name(peer), range(rule.getPorts().getFirst()))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, String> out(NetworkPolicy policy) {
        return policy.getSpec().getEgress().stream()
                .flatMap(rule -> rule.getTo().stream()
                        .map(peer -> Map.entry(name(peer), range(rule.getPorts().getFirst()))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String name(NetworkPolicyPeer peer) {
        return peer.getPodSelector().getMatchLabels().get(NAME);
    }

    private static String range(NetworkPolicyPort port) {
        return port.getPort().getIntVal() + "-" + port.getEndPort();
    }

    private static <T extends HasMetadata> T resource(Class<T> type, String name) throws IOException {
        List<HasMetadata> all = new ArrayList<>();
        for (JsonNode file :
                Manifests.tree(COMPONENT.resolve("kustomization.yaml")).path("resources")) {
            all.addAll(Manifests.read(COMPONENT.resolve(file.asText())));
        }
        return all.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(each -> each.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
    }

    /** The patch of the tokenizer service's pod. */
    private static PodSpec tokenizer() throws IOException {
        Deployment patch =
                (Deployment) Manifests.read(COMPONENT.resolve("tokenizer.yaml")).getFirst();
        assertThat(patch.getMetadata().getName()).isEqualTo("tokenizer");
        return patch.getSpec().getTemplate().getSpec();
    }

    private static Pod executor() throws IOException {
        return Manifests.text(resource(ConfigMap.class, "spark").getData().get("executor.yaml"), Pod.class);
    }

    private static Properties settings() throws IOException {
        Properties settings = new Properties();
        settings.load(
                new StringReader(resource(ConfigMap.class, "spark").getData().get("spark-defaults.conf")));
        return settings;
    }

    private static String variable(String name) throws IOException {
        return tokenizer().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static String mount(Container container, String volume) {
        return container.getVolumeMounts().stream()
                .filter(mount -> mount.getName().equals(volume))
                .map(VolumeMount::getMountPath)
                .findFirst()
                .orElseThrow();
    }
}
