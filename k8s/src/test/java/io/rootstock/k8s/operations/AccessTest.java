package io.rootstock.k8s.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Routes, certificates and priorities. */
class AccessTest {
    private static final List<String> WITH_RPCS = List.of("registry", "tokenizer", "trainer", "inference");

    @Test
    void routesGrpcOfEveryServiceByItsHostName() throws IOException {
        Documents documents = Documents.of("gateway");
        String gateway = Documents.name(documents.all("Gateway").getFirst());
        assertThat(documents.all("GRPCRoute"))
                .extracting(Documents::name)
                .containsExactlyInAnyOrderElementsOf(WITH_RPCS);
        for (String service : WITH_RPCS) {
            JsonNode route = documents.named("GRPCRoute", service).path("spec");
            assertThat(route.at("/parentRefs/0/name").asText()).isEqualTo(gateway);
            assertThat(route.at("/hostnames/0").asText()).isEqualTo(service + ".rootstock.example.com");
            JsonNode backend = route.at("/rules/0/backendRefs/0");
            JsonNode target = documents.named("Service", backend.path("name").asText());
            assertThat(target.at("/spec/selector/app.kubernetes.io~1name").asText())
                    .isEqualTo(service);
            assertThat(target.at("/spec/clusterIP").isMissingNode())
                    .as("headless")
                    .isTrue();
            assertThat(target.at("/spec/ports/0/name").asText()).isEqualTo("grpc");
            assertThat(target.at("/spec/ports/0/port")).isEqualTo(backend.path("port"));
        }
    }

    @Test
    void routesNoHealthAndMetrics() throws IOException {
        Documents documents = Documents.of("gateway");
        assertThat(documents.all("HTTPRoute")).hasSize(2);
        JsonNode console = documents.named("HTTPRoute", "console").at("/spec/rules");
        assertThat(console.at("/0/matches/0/path/value").asText()).isEqualTo("/q");
        assertThat(console.at("/0/backendRefs").isMissingNode()).isTrue();
        assertThat(console.at("/1/backendRefs/0/port").asInt()).isEqualTo(7410);
        JsonNode rules = documents.named("HTTPRoute", "inference").at("/spec/rules");
        assertThat(rules).hasSize(1);
        assertThat(rules.at("/0/matches")).hasSize(1);
        assertThat(rules.at("/0/matches/0/path/value").asText()).isEqualTo("/v1");
    }

    @Test
    void issuesTheCertificatesThatThePodsMount() throws IOException {
        Documents documents = Documents.of("mtls-cert-manager");
        Map<String, JsonNode> bySecret = new HashMap<>();
        documents
                .all("Certificate")
                .forEach(certificate ->
                        bySecret.put(certificate.at("/spec/secretName").asText(), certificate.path("spec")));
        for (String service : Documents.SERVICES) {
            JsonNode certificate = bySecret.get(service + "-tls");
            assertThat(certificate).as(service).isNotNull();
            assertThat(certificate.path("dnsNames"))
                    .extracting(JsonNode::asText)
                    .contains(service, service + ".rootstock", service + ".rootstock.svc");
            assertThat(certificate.path("usages"))
                    .extracting(JsonNode::asText)
                    .containsExactly("server auth", "client auth");
            assertThat(certificate.at("/privateKey/encoding").asText()).isEqualTo("PKCS8");
            assertThat(documents
                            .named("Issuer", certificate.at("/issuerRef/name").asText())
                            .at("/spec/ca/secretName")
                            .asText())
                    .isEqualTo("rootstock-authority");
        }
        assertThat(bySecret.get("rootstock-authority").path("isCA").asBoolean()).isTrue();
    }

    @Test
    void preemptsTrainingBeforeServing() throws IOException {
        Documents documents = Documents.of("priority");
        Map<String, Integer> values = new HashMap<>();
        documents
                .all("PriorityClass")
                .forEach(each ->
                        values.put(Documents.name(each), each.path("value").asInt()));
        Map<String, Integer> ofServices = new HashMap<>();
        for (String kind : List.of("Deployment", "StatefulSet")) {
            documents
                    .all(kind)
                    .forEach(workload -> ofServices.put(
                            Documents.name(workload),
                            values.get(workload.at("/spec/template/spec/priorityClassName")
                                    .asText())));
        }
        assertThat(ofServices.keySet()).containsExactlyInAnyOrderElementsOf(Documents.SERVICES);
        assertThat(ofServices.get("registry")).isGreaterThan(ofServices.get("inference"));
        assertThat(ofServices.get("inference")).isGreaterThan(ofServices.get("trainer"));
        assertThat(ofServices.get("evaluator")).isEqualTo(ofServices.get("trainer"));
        assertThat(values.values()).allMatch(value -> value < 1_000_000_000);
    }
}
