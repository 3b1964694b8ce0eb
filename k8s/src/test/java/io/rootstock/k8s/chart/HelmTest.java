package io.rootstock.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.k8s.Kustomize;
import io.rootstock.k8s.Manifests;
import io.rootstock.k8s.Resources;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renders the committed chart with Helm, where there is one. */
class HelmTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void requireHelm() {
        String path = System.getenv().getOrDefault("PATH", "");
        if (Stream.of(path.split(File.pathSeparator, -1))
                .noneMatch(directory -> Files.isExecutable(Path.of(directory, "helm")))) {
            Assumptions.abort("helm not found");
        }
    }

    @Test
    void rendersTheResourcesOfEveryOverlay() throws IOException, InterruptedException {
        List<Path> directories = new ArrayList<>(List.of(Manifests.BASE));
        try (Stream<Path> overlays = Files.list(Path.of("overlays"))) {
            overlays.sorted().forEach(directories::add);
        }
        for (Path directory : directories) {
            List<String> settings = new ArrayList<>(List.of("--set", "namespace.create=true"));
            for (String component : Components.of(directory)) {
                settings.addAll(List.of("--set", "components." + Components.key(component) + "=true"));
            }
            assertThat(helm(settings))
                    .as(directory + ": " + Files.readString(errors()))
                    .isZero();
            assertThat(Resources.byName(Manifests.documents(output())))
                    .as(directory.toString())
                    .isEqualTo(Resources.byName(Kustomize.render(directory)));
        }
    }

    @Test
    void putsValuesIntoTheResources() throws IOException, InterruptedException {
        Path values = Files.writeString(folder.resolve("values.yaml"), """
                image: {registry: registry.example, pullSecrets: [{name: pull}]}
                images:
                  trainer-service: {digest: "sha256:0"}
                secrets: {token: other-token}
                storage: {className: fast}
                registry:
                  replicas: 0
                  settings: {ROOTSTOCK_REGISTRY_FILE_SPACE: 5G, ROOTSTOCK_SHUTDOWN_GRACE: 3s}
                trainer:
                  storage: 500Gi
                  resources: {limits: {nvidia.com/gpu: 1}}
                  tolerations: [{key: gpu, operator: Exists}]
                """);
        assertThat(helm(List.of("--values", values.toString())))
                .as(Files.readString(errors()))
                .isZero();
        assertThat(Files.readString(output()))
                .contains("image: registry.example/rootstock/trainer-service:0.1.0@sha256:0")
                .contains("image: registry.example/rootstock/registry-service:0.1.0")
                .contains("replicas: 0")
                .contains("ROOTSTOCK_REGISTRY_FILE_SPACE: \"5G\"")
                .contains("ROOTSTOCK_SHUTDOWN_GRACE: \"3s\"")
                .contains("nvidia.com/gpu: 1")
                .contains("storage: 500Gi")
                .contains("storageClassName: \"fast\"")
                .contains("secretName: other-token")
                .contains("namespace: elsewhere")
                .doesNotContain("namespace: rootstock")
                .doesNotContain("kind: Namespace");
        assertThat(Manifests.documents(output())).hasSizeGreaterThan(30);
    }

    @Test
    void refusesContradictionsAndUnknownValues() throws IOException, InterruptedException {
        assertThat(helm(List.of("--set", "components.ha=true,components.singleNode=true")))
                .isNotZero();
        assertThat(Files.readString(errors())).contains("exclude each other");
        assertThat(helm(List.of("--set", "components.unknown=true"))).isNotZero();
    }

    private Path output() {
        return folder.resolve("output.yaml");
    }

    private Path errors() {
        return folder.resolve("errors.txt");
    }

    private int helm(List<String> settings) throws IOException, InterruptedException {
        boolean defaults = settings.contains("namespace.create=true");
        List<String> command = new ArrayList<>(List.of(
                "helm",
                "template",
                "rootstock",
                Chart.DIRECTORY.toString(),
                "--kube-version",
                "1.30.0",
                "--namespace",
                defaults ? Components.NAMESPACE : "elsewhere"));
        command.addAll(settings);
        return new ProcessBuilder(command)
                .redirectOutput(output().toFile())
                .redirectError(errors().toFile())
                .start()
                .waitFor();
    }
}
