package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static final List<List<String>> CALLS = List.of(
            List.of("registry", "tokenizer"),
            List.of("registry", "trainer"),
            List.of("registry", "inference"),
            List.of("tokenizer", "registry"),
            List.of("trainer", "registry"),
            List.of("inference", "registry"),
            List.of("evaluator", "registry"));

    @Test
    void letsNothingInOrOutByDefault() throws IOException {
        NetworkPolicy policy = Manifests.named(NetworkPolicy.class, "default-deny");

        assertThat(policy.getSpec().getPodSelector().getMatchLabels()).isNullOrEmpty();
        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getIngress()).isNullOrEmpty();
        assertThat(policy.getSpec().getEgress()).isNullOrEmpty();
    }

    @Test
    void opensBothSidesOfEveryCallThatTheCodeMakes() throws IOException {
        for (List<String> call : CALLS) {
            List<Integer> ports = ports(call.get(0), call.get(1));
            NetworkPolicy out = Manifests.named(NetworkPolicy.class, call.get(0) + "-calls-" + call.get(1));
            assertThat(selected(out)).isEqualTo(call.get(0));
            assertThat(out.getSpec()
                            .getEgress()
                            .getFirst()
                            .getTo()
                            .getFirst()
                            .getPodSelector()
                            .getMatchLabels())
                    .isEqualTo(Map.of("app.kubernetes.io/name", call.get(1)));
            assertThat(ports(out.getSpec().getEgress().getFirst().getPorts())).containsExactlyElementsOf(ports);

            NetworkPolicy in = Manifests.named(NetworkPolicy.class, call.get(1) + "-answers-" + call.get(0));
            assertThat(selected(in)).isEqualTo(call.get(1));
            assertThat(in.getSpec()
                            .getIngress()
                            .getFirst()
                            .getFrom()
                            .getFirst()
                            .getPodSelector()
                            .getMatchLabels())
                    .isEqualTo(Map.of("app.kubernetes.io/name", call.get(0)));
            assertThat(ports(in.getSpec().getIngress().getFirst().getPorts())).containsExactlyElementsOf(ports);
        }
    }

    @Test
    void letsTheServicesWithADatabaseCallIt() throws IOException {
        for (String service : List.of("registry", "tokenizer")) {
            NetworkPolicy out = Manifests.named(NetworkPolicy.class, service + "-calls-database");
            assertThat(selected(out)).isEqualTo(service);
            assertThat(ports(out.getSpec().getEgress().getFirst().getPorts())).containsExactly(5432);
        }
    }

    /** Ports of a service that another one calls; inference, also of an evaluator, reads artifacts from the registry over HTTP. */
    private static List<Integer> ports(String caller, String called) throws IOException {
        int grpc = ManifestsTest.port(called, "quarkus.grpc.server.port");
        return List.of("inference", "evaluator").contains(caller)
                ? List.of(grpc, ManifestsTest.port(called, "quarkus.http.port"))
                : List.of(grpc);
    }

    @Test
    void letsClientsCallAndMonitoringRead() throws IOException {
        // The web console of the registry and the inference service have HTTP clients.
        Set<Integer> clients = new HashSet<>(Set.of(
                ManifestsTest.port("registry", "quarkus.http.port"),
                ManifestsTest.port("inference", "quarkus.http.port")));
        Set<Integer> http = new HashSet<>();
        for (String service : Installation.SERVICES) {
            if (Installation.WITH_RPCS.contains(service)) {
                clients.add(ManifestsTest.port(service, "quarkus.grpc.server.port"));
            }
            http.add(ManifestsTest.port(service, "quarkus.http.port"));
        }

        assertThat(ports(Manifests.named(NetworkPolicy.class, "allow-clients")
                        .getSpec()
                        .getIngress()
                        .getFirst()
                        .getPorts()))
                .containsExactlyInAnyOrderElementsOf(clients);
        assertThat(ports(Manifests.named(NetworkPolicy.class, "allow-monitoring")
                        .getSpec()
                        .getIngress()
                        .getFirst()
                        .getPorts()))
                .containsExactlyInAnyOrderElementsOf(http);
    }

    @Test
    void opensBothSidesForClientsOfTheNamespace() throws IOException {
        NetworkPolicy in = Manifests.named(NetworkPolicy.class, "allow-clients");
        NetworkPolicy out = Manifests.named(NetworkPolicy.class, "clients-call-services");
        Map<String, String> client = Map.of("rootstock.io/client", "true");
        Map<String, String> services = Map.of("app.kubernetes.io/part-of", "rootstock");

        assertThat(in.getSpec().getPodSelector().getMatchLabels()).isEqualTo(services);
        assertThat(in.getSpec().getIngress().getFirst().getFrom())
                .extracting(NetworkPolicyPeer::getPodSelector, NetworkPolicyPeer::getNamespaceSelector)
                .containsExactly(tuple(labels(client), null), tuple(null, labels(client)));
        assertThat(out.getSpec().getPolicyTypes()).containsExactly("Egress");
        assertThat(out.getSpec().getPodSelector()).isEqualTo(labels(client));
        assertThat(out.getSpec().getEgress().getFirst().getTo())
                .singleElement()
                .satisfies(peer -> assertThat(peer.getPodSelector()).isEqualTo(labels(services)));
        assertThat(ports(out.getSpec().getEgress().getFirst().getPorts()))
                .isEqualTo(ports(in.getSpec().getIngress().getFirst().getPorts()));
    }

    private static LabelSelector labels(Map<String, String> labels) {
        return new LabelSelectorBuilder().withMatchLabels(labels).build();
    }

    private static String selected(NetworkPolicy policy) {
        return policy.getSpec().getPodSelector().getMatchLabels().get("app.kubernetes.io/name");
    }

    private static List<Integer> ports(List<NetworkPolicyPort> ports) {
        List<Integer> numbers = new ArrayList<>();
        ports.forEach(port -> numbers.add(port.getPort().getIntVal()));
        return numbers;
    }
}
