package io.rootstock.k8s.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AutoscalingTest {
    @Test
    void scalesTheInferenceServiceWhoseNumberOfPodsNothingElseSets() throws IOException {
        for (String overlay : List.of("autoscale", "autoscale-keda")) {
            Documents documents = Documents.of(overlay);
            assertThat(documents.named("Deployment", "inference").path("spec").has("replicas"))
                    .isFalse();
            JsonNode target = scaler(documents).path("spec").path("scaleTargetRef");
            assertThat(target.path("kind").asText()).isEqualTo("Deployment");
            assertThat(target.path("name").asText()).isEqualTo("inference");
        }
    }

    @Test
    void removesOnePodAtATimeAndNotBeforeTheOneBeforeHasFinished() throws IOException {
        for (String overlay : List.of("autoscale", "autoscale-keda")) {
            Documents documents = Documents.of(overlay);
            JsonNode down = behavior(documents).path("scaleDown");
            int grace = documents
                    .named("Deployment", "inference")
                    .at("/spec/template/spec/terminationGracePeriodSeconds")
                    .asInt();
            assertThat(down.path("policies")).hasSize(1);
            assertThat(down.at("/policies/0/value").asInt()).isEqualTo(1);
            assertThat(down.at("/policies/0/periodSeconds").asInt()).isGreaterThan(grace);
            assertThat(down.path("stabilizationWindowSeconds").asInt()).isEqualTo(300);
        }
    }

    @Test
    void bothVariantsHaveTheSameLimits() throws IOException {
        Documents hpa = Documents.of("autoscale");
        Documents keda = Documents.of("autoscale-keda");
        assertThat(behavior(hpa)).isEqualTo(behavior(keda));
        assertThat(scaler(hpa).at("/spec/minReplicas")).isEqualTo(scaler(keda).at("/spec/minReplicaCount"));
        assertThat(scaler(hpa).at("/spec/maxReplicas")).isEqualTo(scaler(keda).at("/spec/maxReplicaCount"));
        for (int index = 0; index < 2; index++) {
            assertThat(scaler(hpa).at("/spec/metrics/" + index + "/pods/target/averageValue"))
                    .isEqualTo(scaler(keda).at("/spec/triggers/" + index + "/metadata/threshold"));
        }
    }

    @Test
    void readsMetricsThatTheServiceHas() throws IOException {
        KnownMetrics known = KnownMetrics.read();
        for (JsonNode metric : scaler(Documents.of("autoscale")).at("/spec/metrics")) {
            MonitoringTest.assertKnown(
                    metric.at("/pods/metric/name").asText(), known, Set.of("rootstock_inference_tokens_per_second"));
        }
        for (JsonNode trigger : scaler(Documents.of("autoscale-keda")).at("/spec/triggers")) {
            String query = trigger.at("/metadata/query").asText();
            assertThat(query).contains("namespace=\"rootstock\"");
            MonitoringTest.assertKnown(query, known, Set.of());
        }
    }

    private static JsonNode scaler(Documents documents) {
        List<? extends JsonNode> hpa = documents.all("HorizontalPodAutoscaler");
        return hpa.isEmpty() ? documents.named("ScaledObject", "inference") : hpa.getFirst();
    }

    private static JsonNode behavior(Documents documents) {
        JsonNode spec = scaler(documents).path("spec");
        return spec.has("behavior")
                ? spec.path("behavior")
                : spec.at("/advanced/horizontalPodAutoscalerConfig/behavior");
    }
}
