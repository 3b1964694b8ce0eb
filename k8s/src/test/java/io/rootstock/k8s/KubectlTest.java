package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares {@link Kustomize} with kubectl, where there is one. */
class KubectlTest {
    @Test
    void rendersTheSameResources(@TempDir Path folder) throws IOException, InterruptedException {
        String path = System.getenv().getOrDefault("PATH", "");
        if (Stream.of(path.split(File.pathSeparator, -1))
                .noneMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")))) {
            Assumptions.abort("kubectl not found");
        }
        for (Rendered rendered : Rendered.everything()) {
            Path output = folder.resolve("output.yaml");
            Process kubectl = new ProcessBuilder("kubectl", "kustomize", rendered.name())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(kubectl.waitFor()).as(rendered.name()).isZero();
            assertThat(byName(Kustomize.render(Path.of(rendered.name()))))
                    .as(rendered.name())
                    .isEqualTo(byName(Manifests.documents(output)));
        }
    }

    private static Map<String, Object> byName(List<? extends JsonNode> documents) {
        Map<String, Object> resources = new TreeMap<>();
        for (JsonNode document : documents) {
            resources.put(
                    document.path("kind").asText() + "/"
                            + document.at("/metadata/name").asText(),
                    withoutOrder(document));
        }
        return resources;
    }

    /** Lists of objects become sets, because patches may insert items at either end. */
    private static Object withoutOrder(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> fields = new TreeMap<>();
            node.properties().forEach(field -> fields.put(field.getKey(), withoutOrder(field.getValue())));
            return fields;
        }
        if (node.isArray()) {
            List<Object> items = new ArrayList<>();
            node.forEach(item -> items.add(withoutOrder(item)));
            return node.path(0).isObject() ? Set.copyOf(items) : items;
        }
        return node;
    }
}
