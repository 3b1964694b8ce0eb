package io.rootstock.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.rootstock.k8s.Kustomize;
import io.rootstock.k8s.Manifests;
import io.rootstock.k8s.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartTest {
    /** With this property, the committed templates are replaced. */
    private static final String WRITE = "rootstock.chart.write";

    private static Chart chart;

    @TempDir
    private Path folder;

    @BeforeAll
    static void generate() throws IOException {
        chart = Chart.generate();
        if (Boolean.getBoolean(WRITE)) {
            chart.write();
        }
    }

    @Test
    void theCommittedTemplatesAreGeneratedFromTheKustomizeTree() throws IOException {
        Map<String, String> committed = new TreeMap<>();
        try (Stream<Path> files = Files.list(Chart.DIRECTORY.resolve("templates"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                committed.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(committed)
                .as("templates; to replace them, run this test with -D" + WRITE + "=true")
                .isEqualTo(chart.texts());
    }

    @Test
    void rendersTheResourcesOfEveryOverlay() throws IOException {
        try (Stream<Path> overlays = Files.list(Path.of("overlays"))) {
            for (Path overlay : overlays.sorted().toList()) {
                assertThat(rendered(Components.of(overlay)))
                        .as(overlay.toString())
                        .isEqualTo(Resources.byName(Kustomize.render(overlay)));
            }
        }
        assertThat(rendered(Set.of())).isEqualTo(Resources.byName(Kustomize.render(Manifests.BASE)));
    }

    @Test
    void rendersLargerCombinationsThanThoseItIsDerivedFrom() throws IOException {
        for (Set<String> components : List.of(
                Set.of("ha", "volume", "mtls", "spark", "monitoring", "monitoring-mtls", "priority", "autoscale"),
                Set.of("single-node", "mtls-cert-manager", "spark", "monitoring", "monitoring-mtls", "priority"),
                Set.of("ha", "spark", "gateway", "monitoring", "priority", "autoscale-keda"))) {
            assertThat(chart.components().isValid(components))
                    .as(components.toString())
                    .isTrue();
            assertThat(rendered(components))
                    .as(components.toString())
                    .isEqualTo(Resources.byName(chart.components().rendered(components)));
        }
    }

    @Test
    void refusesContradictions() {
        Components components = chart.components();
        assertThat(components.isValid(Set.of("ha", "single-node"))).isFalse();
        assertThat(components.isValid(Set.of("monitoring-mtls", "mtls"))).isFalse();
        assertThat(components.isValid(Set.of("monitoring-mtls", "monitoring", "mtls-cert-manager")))
                .isTrue();
        assertThat(chart.texts().get("refusals.yaml"))
                .contains("{{- if and .Values.components.ha .Values.components.singleNode }}")
                .contains("components.ha and components.singleNode exclude each other");
    }

    @Test
    void hasAValueForEveryComponentAndService() throws IOException {
        JsonNode values = Manifests.tree(Chart.DIRECTORY.resolve("values.yaml"));
        List<String> flags = new ArrayList<>();
        values.path("components").properties().forEach(flag -> {
            flags.add(flag.getKey());
            assertThat(flag.getValue().isBoolean() && !flag.getValue().asBoolean())
                    .as(flag.getKey())
                    .isTrue();
        });
        assertThat(flags)
                .containsExactlyInAnyOrderElementsOf(
                        chart.components().names().stream().map(Components::key).toList());
        for (String service : ChartValues.SERVICES) {
            assertThat(values.path(service).fieldNames()).toIterable().contains("replicas", "resources", "settings");
        }
        assertThat(values.at("/namespace/create").asBoolean()).isFalse();
    }

    @Test
    void hasASchemaThatRefusesUnknownAndInvalidValues() throws IOException {
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(new ObjectMapper()
                        .readTree(Chart.DIRECTORY.resolve("values.schema.json").toFile()));
        ObjectNode values = (ObjectNode) Manifests.tree(Chart.DIRECTORY.resolve("values.yaml"));
        assertThat(schema.validate(values)).isEmpty();
        for (Map.Entry<String, String> invalid : Map.of(
                        "/components/unknown", "true",
                        "/components/ha", "\"yes\"",
                        "/registry/replicas", "-1",
                        "/autoscale/maxReplicas", "0",
                        "/image/tag", "1")
                .entrySet()) {
            ObjectNode changed = values.deepCopy();
            int end = invalid.getKey().lastIndexOf('/');
            ((ObjectNode) changed.at(invalid.getKey().substring(0, end)))
                    .set(invalid.getKey().substring(end + 1), new ObjectMapper().readTree(invalid.getValue()));
            assertThat(schema.validate(changed)).as(invalid.getKey()).isNotEmpty();
        }
    }

    @Test
    void statesTheOldestKubernetes() throws IOException {
        JsonNode metadata = Manifests.tree(Chart.DIRECTORY.resolve("Chart.yaml"));
        assertThat(metadata.path("apiVersion").asText()).isEqualTo("v2");
        assertThat(metadata.path("kubeVersion").asText()).isEqualTo(">= 1.30.0-0");
        // The tag of the images, and of the base.
        assertThat(metadata.path("appVersion").asText())
                .isEqualTo(Manifests.tree(Manifests.BASE.resolve("kustomization.yaml"))
                        .at("/images/0/newTag")
                        .asText());
    }

    private Map<String, Object> rendered(Set<String> components) throws IOException {
        Path file = Files.writeString(folder.resolve("rendered.yaml"), chart.render(components));
        return Resources.byName(Manifests.documents(file));
    }
}
