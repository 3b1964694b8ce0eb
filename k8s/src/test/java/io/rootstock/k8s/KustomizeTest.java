package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KustomizeTest {
    private static final String POD = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %s}
            spec:
              template:
                spec:
                  containers: [{name: main, image: "a/b:1"}]
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeABase() throws IOException {
        write("base/one.yaml", POD.formatted("one") + "---\n" + POD.formatted("two"));
        write("base/kustomization.yaml", """
                kind: Kustomization
                namespace: n
                labels: [{pairs: {part: p}}]
                resources: [one.yaml]
                images: [{name: a/b, newTag: "2"}]
                """);
        write("component/kustomization.yaml", """
                kind: Component
                resources: [settings.yaml]
                patches:
                  - path: replicas.yaml
                  - path: add.yaml
                    target: {kind: Deployment|StatefulSet, name: on.|none}
                """);
        write("component/settings.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n");
        write("component/replicas.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: two}
                spec: {replicas: 3}
                """);
        write("component/add.yaml", """
                - {op: test, path: /metadata/name, value: one}
                - {op: add, path: /spec/template/spec/containers/0/args, value: [x]}
                """);
        write("overlay/kustomization.yaml", """
                kind: Kustomization
                namespace: n
                resources: [../base]
                components: [../component]
                """);
    }

    @Test
    void rendersResourcesComponentsAndPatches() throws IOException {
        List<ObjectNode> documents = Kustomize.render(folder.resolve("overlay"));

        assertThat(documents)
                .extracting(document -> document.at("/metadata/name").asText())
                .containsExactly("one", "two", "settings");
        assertThat(documents)
                .extracting(document -> document.at("/metadata/namespace").asText())
                .containsOnly("n");
        assertThat(documents.getFirst().at("/metadata/labels/part").asText()).isEqualTo("p");
        assertThat(documents
                        .getFirst()
                        .at("/spec/template/spec/containers/0/image")
                        .asText())
                .isEqualTo("a/b:2");
        assertThat(documents
                        .getFirst()
                        .at("/spec/template/spec/containers/0/args/0")
                        .asText())
                .isEqualTo("x");
        assertThat(documents.get(1).at("/spec/replicas").asInt()).isEqualTo(3);
    }

    @Test
    void generatesConfigMapsFromFiles() throws IOException {
        write("component/page.json", "{}\n");
        write("component/kustomization.yaml", """
                kind: Component
                generatorOptions: {disableNameSuffixHash: true, labels: {kind: page}}
                configMapGenerator: [{name: pages, files: [page.json]}]
                """);
        ObjectNode map = Kustomize.render(folder.resolve("overlay")).getLast();
        assertThat(map.at("/metadata/name").asText()).isEqualTo("pages");
        assertThat(map.at("/metadata/namespace").asText()).isEqualTo("n");
        assertThat(map.at("/metadata/labels/kind").asText()).isEqualTo("page");
        assertThat(map.path("data").path("page.json").asText()).isEqualTo("{}\n");
        write(
                "component/kustomization.yaml",
                "kind: Component\nconfigMapGenerator: [{name: pages, files: [page.json]}]\n");
        assertRefused("suffix of a hash");
    }

    @Test
    void givesResourcesOfTheClusterNoNamespace() throws IOException {
        write(
                "component/settings.yaml",
                "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\n");
        assertThat(Kustomize.render(folder.resolve("overlay"))
                        .getLast()
                        .at("/metadata")
                        .has("namespace"))
                .isFalse();
    }

    @Test
    void deletesResources() throws IOException {
        write("component/replicas.yaml", """
                $patch: delete
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: two}
                """);
        assertThat(Kustomize.render(folder.resolve("overlay"))).hasSize(2);
    }

    @Test
    void refusesWhatItDoesNotKnowAndPatchesThatMatchNothing() throws IOException {
        write("component/replicas.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: three}\n");
        assertRefused("replicas.yaml matches no resource");
        write("component/replicas.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: two}\n");
        write("component/add.yaml", "[{op: replace, path: /spec/none, value: 1}]");
        assertRefused("add.yaml on apps/v1 Deployment one");
        write("component/add.yaml", "[{op: test, path: /metadata/name, value: other}]");
        assertRefused("add.yaml on apps/v1 Deployment one");
        write("component/kustomization.yaml", "kind: Component\nnamePrefix: x\n");
        assertRefused("unknown field namePrefix");
        write("component/kustomization.yaml", "kind: Kustomization\n");
        assertRefused("not a Component");
        write("base/kustomization.yaml", "kind: Kustomization\nresources: [one.yaml, one.yaml]\n");
        assertRefused("apps/v1 Deployment one twice");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> Kustomize.render(folder.resolve("overlay"))).hasMessageContaining(message);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
