package io.rootstock.bench.cluster;

import io.grpc.StatusRuntimeException;
import io.rootstock.bench.kill.Patience;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.installation.Service;
import io.rootstock.client.TokenCredentials;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.registry.v1.SetAliasRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Promotes a version of a model that generates one letter, and asks for a token until the new version answers. Reads {@code
 * ROOTSTOCK_REGISTRY_ENDPOINT}, {@code ROOTSTOCK_INFERENCE_ENDPOINT} and {@code ROOTSTOCK_TOKEN}.
 */
public final class PromotionTime {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(50);

    private PromotionTime() {}

    /** Arguments: the model's id, the version's number and its letter. */
    public static void main(String[] arguments) {
        String model = arguments[0];
        String token = System.getenv("ROOTSTOCK_TOKEN");
        Endpoints endpoints = new Endpoints(
                Map.of(
                        Service.REGISTRY, System.getenv("ROOTSTOCK_REGISTRY_ENDPOINT"),
                        Service.INFERENCE, System.getenv("ROOTSTOCK_INFERENCE_ENDPOINT")),
                Optional.of(new TokenCredentials(() -> token)),
                Optional.empty());
        try (Clients clients = new Clients(endpoints)) {
            long start = System.nanoTime();
            Object _ = clients.models()
                    .setAlias(SetAliasRequest.newBuilder()
                            .setName("models/" + model + "/aliases/production")
                            .setVersion("models/" + model + "/versions/" + arguments[1])
                            .build());
            while (!answer(clients, model).equals(arguments[2])) {
                if (System.nanoTime() - start > LIMIT.toNanos()) {
                    throw new IllegalStateException("version " + arguments[1] + " is not served");
                }
                Patience.sleep(POLL);
            }
            System.out.printf(Locale.ROOT, "first_token_seconds=%.1f%n", (System.nanoTime() - start) / 1e9);
        }
    }

    /** The next token; empty while no version is served. */
    private static String answer(Clients clients, String model) {
        try {
            return clients.inference()
                    .generate(GenerateRequest.newBuilder()
                            .setModel(model)
                            .setPrompt("the quick brown fox")
                            .setOptions(GenerationOptions.newBuilder()
                                    .setMaxTokens(1)
                                    .setSampling(Sampling.newBuilder().setTemperature(0)))
                            .build())
                    .getCompletions(0)
                    .getText();
        } catch (StatusRuntimeException e) {
            if (!Patience.isUnavailable(e)) {
                throw e;
            }
            return "";
        }
    }
}
