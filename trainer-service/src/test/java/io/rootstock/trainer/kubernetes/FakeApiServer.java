package io.rootstock.trainer.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobListBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The part of Kubernetes' API that the launcher calls, over HTTP and from memory, without controllers. */
final class FakeApiServer implements AutoCloseable {
    private static final String JOBS = "/apis/batch/v1/namespaces/runs/jobs";
    private static final String PODS = "/api/v1/namespaces/runs/pods";

    private final HttpServer server;
    private final Map<String, Job> jobs = new TreeMap<>();
    private final List<Pod> pods = new ArrayList<>();
    private final List<String> deletions = new ArrayList<>();
    private boolean failing;

    FakeApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    /** A client of this server. */
    KubernetesClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .withRequestRetryBackoffLimit(0)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Sets whether calls fail with 503. */
    synchronized void setFailing(boolean failing) {
        this.failing = failing;
    }

    synchronized List<Job> jobs() {
        return List.copyOf(jobs.values());
    }

    /** Adds or replaces a Job. */
    synchronized void put(Job job) {
        jobs.put(job.getMetadata().getName(), job);
    }

    synchronized void remove(String job) {
        jobs.remove(job);
    }

    synchronized void put(Pod pod) {
        pods.add(pod);
    }

    /** Deleted objects with the options of the deletion. */
    synchronized List<String> deletions() {
        return List.copyOf(deletions);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void serve(HttpExchange call) throws IOException {
        String path = call.getRequestURI().getPath();
        String method = call.getRequestMethod();
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (failing) {
            answer(
                    call,
                    503,
                    new StatusBuilder().withCode(503).withMessage("stopped").build());
        } else if (method.equals("GET") && path.equals(JOBS)) {
            answer(call, 200, new JobListBuilder().withItems(jobs()).build());
        } else if (method.equals("POST") && path.equals(JOBS)) {
            Job job = Serialization.unmarshal(body, Job.class);
            boolean exists = jobs.putIfAbsent(job.getMetadata().getName(), job) != null;
            answer(
                    call,
                    exists ? 409 : 201,
                    exists
                            ? new StatusBuilder()
                                    .withCode(409)
                                    .withReason("AlreadyExists")
                                    .build()
                            : job);
        } else if (method.equals("GET") && path.equals(PODS)) {
            answer(call, 200, new PodListBuilder().withItems(pods).build());
        } else if (method.equals("DELETE")) {
            deletions.add(path.substring(path.lastIndexOf('/') + 1) + " " + body);
            answer(call, 200, new StatusBuilder().withCode(200).build());
        } else {
            answer(
                    call,
                    404,
                    new StatusBuilder()
                            .withCode(404)
                            .withMessage(method + " " + path)
                            .build());
        }
    }

    private static void answer(HttpExchange call, int status, Object object) throws IOException {
        byte[] bytes = Serialization.asJson(object).getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders().add("Content-Type", "application/json");
        call.sendResponseHeaders(status, bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }
}
