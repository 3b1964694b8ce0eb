package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.rootstock.k8s.Traffic.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The guide's table of allowed connections is what the network policies allow. */
class TrafficTest {
    private static final Path GUIDE = Path.of("../docs/guides/deploy-kubernetes.md");
    private static final Map<String, String> OWN = Map.of("kubernetes.io/metadata.name", "rootstock");
    private static final Map<String, String> CLIENT = Map.of("rootstock.io/client", "true");

    @Test
    void isWhatTheGuideSays() throws IOException {
        for (String name : List.of("ha", "jobs", "mtls", "single-node", "spark")) {
            assertThat(table(Rendered.overlay(name))).as(name).isEqualTo(table(Rendered.base()));
        }
        assertThat(Files.readString(GUIDE)).contains(table(Rendered.base()));
    }

    @Test
    void isOpenToTheDatabaseAndS3ForTheServicesThatUseThem() throws IOException {
        Rendered base = Rendered.base();
        Pod database = new Pod(Map.of(), Optional.of(Map.of()));
        for (String service : Installation.SERVICES) {
            assertThat(traffic(base).allows(pod(base, service), database, 5432))
                    .isEqualTo(List.of("registry", "tokenizer").contains(service));
            assertThat(traffic(base).allows(pod(base, service), database, 443)).isEqualTo(!service.equals("inference"));
            assertThat(traffic(base).allows(pod(base, service), database, 80)).isFalse();
            // Without S3, the artifact store is a volume.
            Rendered node = Rendered.overlay("single-node");
            assertThat(traffic(node).allows(pod(node, service), database, 443)).isFalse();
        }
        assertThat(traffic(base).allows(new Pod(Map.of(), Optional.empty()), database, 443))
                .isFalse();
    }

    private static Traffic traffic(Rendered rendered) {
        return new Traffic(rendered.all(NetworkPolicy.class), OWN);
    }

    private static Pod pod(Rendered rendered, String service) {
        return new Pod(rendered.workload(service).template().getMetadata().getLabels(), Optional.empty());
    }

    private static Map<String, Pod> callers(Rendered rendered) {
        Map<String, Pod> callers = new LinkedHashMap<>();
        for (String service : Installation.SERVICES) {
            callers.put(service, pod(rendered, service));
        }
        callers.put("client in the namespace", new Pod(CLIENT, Optional.empty()));
        callers.put("namespace of clients", new Pod(Map.of(), Optional.of(CLIENT)));
        callers.put(
                "namespace of monitoring", new Pod(Map.of(), Optional.of(Map.of("rootstock.io/monitoring", "true"))));
        callers.put("other pod in the namespace", new Pod(Map.of(), Optional.empty()));
        callers.put("labelled pod in another namespace", new Pod(CLIENT, Optional.of(Map.of())));
        return callers;
    }

    private static String table(Rendered rendered) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("| from | " + String.join(" | ", Installation.SERVICES) + " |");
        lines.add("|---|" + "---|".repeat(Installation.SERVICES.size()));
        for (Map.Entry<String, Pod> caller : callers(rendered).entrySet()) {
            StringBuilder line = new StringBuilder("| " + caller.getKey() + " |");
            for (String service : Installation.SERVICES) {
                String ports = Installation.ports(service).stream()
                        .filter(port -> traffic(rendered).allows(caller.getValue(), pod(rendered, service), port))
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
                line.append(' ').append(ports.isEmpty() ? "" : ports + " ").append('|');
            }
            lines.add(line.toString());
        }
        return String.join("\n", lines) + "\n";
    }
}
