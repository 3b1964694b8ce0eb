package io.rootstock.corpus.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Spark's client of Kubernetes; {@code bench/data/kubernetes} runs jobs in a cluster. */
class KubernetesClientTest {
    @Test
    void worksWithSparksNetty() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/version", exchange -> {
            byte[] version = "{\"major\":\"1\",\"minor\":\"36\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, version.length);
            exchange.getResponseBody().write(version);
            exchange.close();
        });
        server.start();
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .build())
                .build()) {
            assertThat(client.getKubernetesVersion().getMinor()).isEqualTo("36");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void sparkFindsItsClusterManager() {
        assertThat(Thread.currentThread()
                        .getContextClassLoader()
                        .resources("META-INF/services/org.apache.spark.scheduler.ExternalClusterManager")
                        .toList())
                .anyMatch(resource -> resource.getPath().contains("spark-kubernetes"));
    }
}
