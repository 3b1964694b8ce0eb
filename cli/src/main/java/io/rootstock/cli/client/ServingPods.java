package io.rootstock.cli.client;

import io.grpc.StatusRuntimeException;
import io.rootstock.cli.error.CliException;
import io.rootstock.client.Endpoint;
import io.rootstock.inference.v1.ControlServiceGrpc.ControlServiceBlockingStub;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The pods of the inference service. Behind a headless Service, a channel reaches one of them, but load, requests and draining
 * concern each.
 *
 * @param pods clients by address, in order
 */
public record ServingPods(Map<String, ControlServiceBlockingStub> pods) {
    /** Keeps the order of the pods. */
    public ServingPods {
        pods = new LinkedHashMap<>(pods);
    }

    /** Whether the endpoint names more than one pod. */
    public boolean areSeveral() {
        return pods.size() > 1;
    }

    /**
     * Calls every pod at the same time, and returns their responses by address, in order.
     *
     * @throws StatusRuntimeException of the only pod
     * @throws CliException of one of several pods, with its address; the other pods were called
     */
    public <T> Map<String, T> call(Function<ControlServiceBlockingStub, T> rpc) {
        Executor threads = task -> Thread.ofVirtual().start(task);
        Map<String, CompletableFuture<T>> calls = new LinkedHashMap<>();
        pods.forEach(
                (address, pod) -> calls.put(address, CompletableFuture.supplyAsync(() -> rpc.apply(pod), threads)));
        Map<String, T> responses = new LinkedHashMap<>();
        calls.forEach((address, call) -> responses.put(address, response(address, call)));
        return responses;
    }

    private <T> T response(String address, CompletableFuture<T> call) {
        try {
            return call.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StatusRuntimeException failure) {
                if (!areSeveral()) {
                    throw failure;
                }
                throw new CliException(
                        "pod " + address + ": " + failure.getStatus().getCode() + ": "
                                + failure.getStatus().getDescription(),
                        "repeat the command; all other pods were called");
            }
            throw e;
        }
    }

    /**
     * Returns the addresses of an endpoint in order, of one family; of the loopback interface one.
     *
     * @throws CliException if the name cannot be resolved
     */
    static List<InetAddress> addresses(Endpoint endpoint) {
        try {
            List<InetAddress> all = Arrays.stream(InetAddress.getAllByName(endpoint.host()))
                    .sorted(Comparator.comparing(InetAddress::getHostAddress))
                    .toList();
            List<InetAddress> oldFamily =
                    all.stream().filter(Inet4Address.class::isInstance).toList();
            List<InetAddress> family = oldFamily.isEmpty() ? all : oldFamily;
            return family.stream().allMatch(InetAddress::isLoopbackAddress) ? family.subList(0, 1) : family;
        } catch (UnknownHostException e) {
            throw new CliException(
                    "the host of the inference service, " + endpoint.host() + ", cannot be resolved",
                    "check --inference-endpoint");
        }
    }
}
