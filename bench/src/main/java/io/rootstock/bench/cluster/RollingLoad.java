package io.rootstock.bench.cluster;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.tokenizer.v1.ListTokenizersRequest;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Clients of an installation in a cluster, until a file {@code stop} exists: gRPC calls over all inference pods (round robin) and HTTP
 * requests over connections that are kept; and gRPC calls over the Services of the registry and the tokenizer service, until a file
 * {@code inference-only} exists. Nothing is repeated. Prints each failed request, the counts of each client, and
 * {@code requests= lost=}. Reads {@code ROOTSTOCK_TOKEN}, the model's name and the directory of the files.
 */
public final class RollingLoad {
    private static final int THREADS = 3;
    private static final long PAUSE_MILLIS = 50;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SIGNAL_PAUSE = Duration.ofMillis(100);
    private static final int TOKENS = 4;
    private static final String ANSWER = "aaaa";

    private final String model;
    private final String token;
    private final Path signals;
    private final Clients inferenceClients = new Clients();
    private final Clients otherClients = new Clients();

    private RollingLoad(String model, String token, Path signals) {
        this.model = model;
        this.token = token;
        this.signals = signals;
    }

    /** A request; throws if it was not answered as expected. */
    @FunctionalInterface
    private interface Request {
        void send() throws IOException, InterruptedException;
    }

    /** Clients that stop together. */
    private static final class Clients {
        private final List<Target> targets = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean over;

        void start(String name, Request request) {
            Target target = new Target(name);
            targets.add(target);
            for (int i = 0; i < THREADS; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    while (!over) {
                        one(target, request);
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
                    }
                }));
            }
        }

        void stop() throws InterruptedException {
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    /** Counts of one client. */
    private record Target(String name, AtomicInteger requests, AtomicInteger lost) {
        Target(String name) {
            this(name, new AtomicInteger(), new AtomicInteger());
        }
    }

    /** Arguments: the id of the served model, which generates only the letter a, and the directory of the files. */
    public static void main(String[] arguments) throws InterruptedException {
        new RollingLoad(arguments[0], System.getenv("ROOTSTOCK_TOKEN"), Path.of(arguments[1])).run();
    }

    private void run() throws InterruptedException {
        ManagedChannel inference = channel("dns:///inference.rootstock:7403");
        ManagedChannel registry = channel("dns:///registry.rootstock:7400");
        ManagedChannel tokenizer = channel("dns:///tokenizer.rootstock:7401");
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            inferenceClients.start("inference, gRPC round robin", () -> generate(inference));
            inferenceClients.start("inference, HTTP keep-alive", () -> complete(http));
            otherClients.start(
                    "registry, gRPC",
                    () -> ModelServiceGrpc.newBlockingStub(registry)
                            .withDeadlineAfter(LIMIT)
                            .listModels(ListModelsRequest.getDefaultInstance()));
            otherClients.start(
                    "tokenizer, gRPC",
                    () -> TokenizerServiceGrpc.newBlockingStub(tokenizer)
                            .withDeadlineAfter(LIMIT)
                            .listTokenizers(ListTokenizersRequest.getDefaultInstance()));
            System.out.println("started");
            await("inference-only");
            otherClients.stop();
            System.out.println("clients of inference only");
            await("stop");
            inferenceClients.stop();
        }
        List.of(inference, registry, tokenizer).forEach(ManagedChannel::shutdownNow);
        List<Target> targets = Stream.of(inferenceClients, otherClients)
                .flatMap(clients -> clients.targets.stream())
                .toList();
        for (Target target : targets) {
            System.out.printf(
                    "%-30s %7d requests %5d lost%n",
                    target.name(), target.requests().get(), target.lost().get());
        }
        System.out.println("requests="
                + targets.stream().mapToInt(target -> target.requests().get()).sum() + " lost="
                + targets.stream().mapToInt(target -> target.lost().get()).sum());
    }

    private void await(String file) throws InterruptedException {
        while (!Files.exists(signals.resolve(file))) {
            Thread.sleep(SIGNAL_PAUSE);
        }
    }

    private ManagedChannel channel(String address) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return NettyChannelBuilder.forTarget(address)
                .defaultLoadBalancingPolicy("round_robin")
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .usePlaintext()
                .build();
    }

    private static void one(Target target, Request request) {
        long start = System.nanoTime();
        try {
            request.send();
        } catch (IOException | StatusRuntimeException | IllegalStateException e) {
            target.lost().incrementAndGet();
            System.out.printf(
                    "%s %s, after %d ms: %s%n",
                    LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS),
                    target.name(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                    e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        target.requests().incrementAndGet();
    }

    private void generate(ManagedChannel channel) {
        String text = InferenceServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(LIMIT)
                .generate(GenerateRequest.newBuilder()
                        .setModel(model)
                        .setPrompt("the quick brown fox")
                        .setOptions(GenerationOptions.newBuilder()
                                .setMaxTokens(TOKENS)
                                .setSampling(Sampling.newBuilder().setTemperature(0)))
                        .build())
                .getCompletions(0)
                .getText();
        require(text.equals(ANSWER), text);
    }

    private void complete(HttpClient http) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create("http://inference-http.rootstock:7413/v1/completions"))
                        .timeout(LIMIT)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"model\":\"" + model + "\",\"prompt\":\"the quick brown fox\",\"max_tokens\":"
                                        + TOKENS + ",\"temperature\":0}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        require(
                response.statusCode() == 200 && response.body().contains("\"" + ANSWER + "\""),
                response.statusCode() + " " + response.body());
    }

    private static void require(boolean expected, String answer) {
        if (!expected) {
            throw new IllegalStateException("answer: " + answer);
        }
    }
}
