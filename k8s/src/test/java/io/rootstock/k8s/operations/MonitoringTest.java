package io.rootstock.k8s.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.k8s.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MonitoringTest {
    private static final Path GUIDE = Path.of("../docs/guides/monitor.md");
    private static final Pattern HEADING = Pattern.compile("(?m)^### (Rootstock\\w+)$");

    @Test
    void readsTheMetricsOfEveryPod() throws IOException {
        Documents documents = Documents.of("monitoring");
        assertThat(documents.all("PodMonitor"))
                .extracting(Documents::name)
                .containsExactlyInAnyOrderElementsOf(Documents.SERVICES);
        for (String service : Documents.SERVICES) {
            JsonNode spec = documents.named("PodMonitor", service).path("spec");
            assertThat(spec.at("/selector/matchLabels/app.kubernetes.io~1name").asText())
                    .isEqualTo(service);
            assertThat(spec.at("/podMetricsEndpoints/0/port").asText()).isEqualTo("http");
            assertThat(spec.at("/podMetricsEndpoints/0/path").asText()).isEqualTo("/q/metrics");
            assertThat(spec.path("podTargetLabels"))
                    .extracting(JsonNode::asText)
                    .containsExactly("app.kubernetes.io/name", "app.kubernetes.io/part-of");
        }
    }

    @Test
    void readsThemWithAClientCertificateWhereTheServicesRequireOne() throws IOException {
        for (String service : Documents.SERVICES) {
            JsonNode patch = Manifests.tree(Path.of("components/monitoring-mtls", service + ".yaml"));
            assertThat(patch.at("/0/value").asText()).isEqualTo("https");
            assertThat(patch.at("/1/value/serverName").asText()).isEqualTo(service);
            assertThat(patch.at("/1/value/keySecret/key").asText()).isEqualTo("tls.key");
        }
    }

    @Test
    void alertsOnMetricsThatTheServicesHave() throws IOException {
        KnownMetrics known = KnownMetrics.read();
        Set<String> recorded = new HashSet<>();
        for (JsonNode rule : rules()) {
            if (rule.has("record")) {
                recorded.add(rule.path("record").asText());
            }
            assertKnown(rule.path("expr").asText(), known, Set.of());
        }
        assertThat(recorded).containsExactly("rootstock_inference_tokens_per_second");
    }

    @Test
    void explainsEveryAlertInTheGuide() throws IOException {
        List<String> alerts = new ArrayList<>();
        for (JsonNode rule : rules()) {
            if (rule.has("alert")) {
                String name = rule.path("alert").asText();
                alerts.add(name);
                assertThat(rule.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
                assertThat(rule.at("/annotations/summary").asText()).as(name).isNotBlank();
                assertThat(rule.at("/annotations/runbook").asText())
                        .isEqualTo("docs/guides/monitor.md#" + name.toLowerCase(Locale.ROOT));
            }
        }
        assertThat(alerts).hasSizeGreaterThan(20).doesNotHaveDuplicates();
        assertThat(HEADING.matcher(Files.readString(GUIDE)).results().map((MatchResult match) -> match.group(1)))
                .containsExactlyElementsOf(alerts);
    }

    @Test
    void testsEveryAlertWithPromtool() throws IOException {
        String tests = Files.readString(Path.of("src/test/promtool/alerts.yaml"));
        for (JsonNode rule : rules()) {
            if (rule.has("alert")) {
                assertThat(tests).contains("alertname: " + rule.path("alert").asText());
            }
        }
    }

    @Test
    void showsEveryServiceAndAnOverview() throws IOException {
        KnownMetrics known = KnownMetrics.read();
        List<String> dashboards = new ArrayList<>(Documents.SERVICES);
        dashboards.add("overview");
        Documents documents = Documents.of("monitoring");
        Set<String> shown = new HashSet<>();
        for (String name : dashboards) {
            JsonNode map = documents.named("ConfigMap", "rootstock-dashboard-" + name);
            assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
            JsonNode dashboard = new ObjectMapper()
                    .readTree(
                            map.path("data").path("dashboard-" + name + ".json").asText());
            assertThat(dashboard.path("uid").asText()).isEqualTo("rootstock-" + name);
            Set<Integer> ids = new HashSet<>();
            for (JsonNode panel : dashboard.path("panels")) {
                assertThat(ids.add(panel.path("id").asInt())).isTrue();
                assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
                assertThat(panel.path("targets")).isNotEmpty();
                for (JsonNode target : panel.path("targets")) {
                    String expression = target.path("expr").asText();
                    assertThat(expression).as(name).contains("namespace=\"$namespace\"");
                    assertKnown(expression, known, Set.of());
                    shown.addAll(Query.of(expression).series().keySet());
                }
            }
            assertThat(ids).as(name).hasSizeGreaterThan(5);
        }
        assertThat(known.labels().keySet())
                .filteredOn(series -> series.startsWith("rootstock_") && !series.matches(".*_(sum|max|bucket|count)"))
                .as("metrics without a panel")
                .filteredOn(series -> !shown.contains(series))
                .containsExactlyInAnyOrder(
                        "rootstock_registry_database_up",
                        "rootstock_inference_shadows_dropped_total",
                        "rootstock_tls_reloads_total",
                        "rootstock_grpc_malformed_requests_total");
    }

    /** Every series is one of the reference, and selected by labels that it has. */
    static void assertKnown(String expression, KnownMetrics known, Set<String> recorded) {
        Map<String, Set<String>> series = Query.of(expression).series();
        assertThat(series).as(expression).isNotEmpty();
        series.forEach((name, labels) -> {
            if (!recorded.contains(name)) {
                assertThat(known.labels()).as(expression).containsKey(name);
                assertThat(known.labels().get(name)).as(expression).containsAll(labels);
            }
        });
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        Documents.of("monitoring")
                .named("PrometheusRule", "rootstock")
                .at("/spec/groups")
                .forEach(group -> group.path("rules").forEach(rules::add));
        return rules;
    }
}
