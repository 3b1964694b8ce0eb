package io.rootstock.bench.cluster.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Calls kubectl, and a command that switches nodes.
 *
 * @param command words of the command kubectl
 * @param nodes words of the command of nodes, which gets {@code off}, {@code on}, {@code cut}, {@code join} or {@code workers}
 *     and a node's name; empty: none
 */
record Kubectl(List<String> command, List<String> nodes) {
    static final String NAMESPACE = "rootstock";

    /** Exit code of a command that ended by SIGKILL. */
    private static final int KILLED = 137;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads the variables KUBECTL and NODE_COMMAND. */
    static Kubectl fromEnvironment() {
        return new Kubectl(words("KUBECTL", "kubectl"), words("NODE_COMMAND", ""));
    }

    private static List<String> words(String variable, String otherwise) {
        String value = System.getenv().getOrDefault(variable, otherwise).strip();
        return value.isEmpty() ? List.of() : List.of(value.split("\\s+", -1));
    }

    /** A pod of a worker. */
    record Pod(String name, String node) {}

    /** The running pod of a run's newest attempt, of several ranks one; empty if none runs. */
    Optional<Pod> worker(String run) {
        return workers(run).stream().findFirst();
    }

    /** The running pods of a run's newest attempt. */
    List<Pod> workers(String run) {
        JsonNode pods = get("pods", "-l", "app.kubernetes.io/name=run-worker,rootstock.io/run=" + run);
        return items(pods)
                .filter(pod -> pod.at("/status/phase").asText().equals("Running"))
                .filter(pod -> pod.at("/metadata/deletionTimestamp").isMissingNode())
                .map(pod -> new Pod(
                        pod.at("/metadata/name").asText(),
                        pod.at("/spec/nodeName").asText()))
                .toList();
    }

    /** Whether the cluster knows that a node answers. */
    boolean isReady(String node) {
        return answers(get("nodes", node));
    }

    /** Names of all nodes. */
    List<String> nodeNames() {
        return items(get("nodes"))
                .map(node -> node.at("/metadata/name").asText())
                .toList();
    }

    /** Whether all nodes answer and all pods of the installation's services are ready. */
    boolean isWhole() {
        boolean nodesReady = items(get("nodes")).allMatch(Kubectl::answers);
        return nodesReady
                && items(get("deployments,statefulsets"))
                        .allMatch(
                                workload -> workload.at("/status/readyReplicas").asInt()
                                        == workload.at("/spec/replicas").asInt());
    }

    private static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.path("items").spliterator(), false);
    }

    private static boolean answers(JsonNode node) {
        return StreamSupport.stream(node.at("/status/conditions").spliterator(), false)
                .anyMatch(condition -> condition.path("type").asText().equals("Ready")
                        && condition.path("status").asText().equals("True"));
    }

    private JsonNode get(String... arguments) {
        List<String> words = new ArrayList<>(List.of("get"));
        words.addAll(Arrays.asList(arguments));
        words.addAll(List.of("-o", "json"));
        try {
            return JSON.readTree(run(words.toArray(new String[0])));
        } catch (IOException e) {
            throw new IllegalStateException("kubectl " + String.join(" ", words), e);
        }
    }

    /** Calls kubectl in the namespace of the installation; returns its output. */
    String run(String... arguments) {
        return execute(inNamespace(arguments), 0);
    }

    /** Runs a script in a pod, which may end meanwhile by SIGKILL, and the script with it. */
    void kill(Pod pod, String script) {
        execute(inNamespace("exec", pod.name(), "--", "sh", "-c", script), KILLED);
    }

    private List<String> inNamespace(String... arguments) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("-n", NAMESPACE));
        words.addAll(Arrays.asList(arguments));
        return words;
    }

    /** Calls the command of nodes; returns its output. */
    String node(String action, String node) {
        List<String> words = new ArrayList<>(nodes);
        words.add(action);
        words.add(node);
        return execute(words, 0);
    }

    /**
     * @param accepted exit code that counts as success, as 0 does
     */
    private static String execute(List<String> words, int accepted) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0 && code != accepted) {
                throw new IllegalStateException(String.join(" ", words) + ": exit code " + code + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", words), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
