package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two services behind one name are stopped with SIGTERM and started again, one after the other, under load. */
@Timeout(180)
@Tag("fault")
class RollingRestartIT {
    @TempDir
    Path directory;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    /** Number of gRPC calls that each port has answered. */
    private final Map<Integer, AtomicInteger> answered = new ConcurrentHashMap<>();

    private final AtomicInteger httpAnswers = new AtomicInteger();
    private volatile boolean stopped;

    /** A service with fixed ports. */
    private final class Replica {
        private final Path home;
        private final int registry;
        private final int port = ServiceProcess.freePort();
        private final int http = ServiceProcess.freePort();
        private ServiceProcess process;

        Replica(String name, int registry) throws IOException {
            this.home = Files.createDirectory(directory.resolve(name));
            this.registry = registry;
        }

        void start() throws IOException {
            process = new ServiceProcess(
                    port,
                    home,
                    registry,
                    "quarkus.http.port=" + http,
                    "rootstock.artifacts.directory=" + directory.resolve("artifacts"),
                    "rootstock.inference.threads=1",
                    "rootstock.grpc.connection-age=1s",
                    "rootstock.shutdown.lame-duck=2s");
        }

        void stop() throws InterruptedException {
            process.terminate();
            assertThat(process.ended()).isTrue();
            process.close();
        }

        void close() {
            if (process != null) {
                process.close();
            }
        }

        boolean isReady(HttpClient probe) {
            try {
                return probe.send(
                                        HttpRequest.newBuilder(uri("/q/health/ready"))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            } catch (IOException _) {
                return false;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** Waits until the replica answers calls of the gRPC client. */
        void awaitCalls() {
            int before = answers().get();
            await(() -> answers().get() > before);
        }

        private AtomicInteger answers() {
            return answered.computeIfAbsent(port, _ -> new AtomicInteger());
        }

        URI uri(String path) {
            return URI.create("http://127.0.0.1:" + http + path);
        }
    }

    @Test
    void noCallFails() throws IOException, InterruptedException {
        try (PlayedRegistry registry = new PlayedRegistry()) {
            registry.promote(version());
            Replica first = new Replica("first", registry.port());
            Replica second = new Replica("second", registry.port());
            List<Replica> replicas = List.of(first, second);
            List<Thread> clients = new ArrayList<>();
            try (HttpClient probe = client();
                    HttpClient requests = client()) {
                for (Replica replica : replicas) {
                    replica.start();
                }
                ReadyList ready = new ReadyList(replicas, probe);
                clients.add(Thread.ofVirtual().start(ready));
                await(() -> ready.list.size() == 2);
                NameResolverRegistry.getDefaultRegistry().register(new ReadyAddresses(ready::addresses));
                ManagedChannel channel = NettyChannelBuilder.forTarget(ReadyAddresses.TARGET)
                        .defaultLoadBalancingPolicy("round_robin")
                        .intercept(new CountAnswers())
                        .usePlaintext()
                        .build();
                for (int i = 0; i < 2; i++) {
                    clients.add(Thread.ofVirtual().start(() -> callOverGrpc(channel)));
                    clients.add(Thread.ofVirtual().start(() -> callOverHttp(ready, requests)));
                }
                replicas.forEach(Replica::awaitCalls);
                for (Replica replica : replicas) {
                    replica.stop();
                    replica.start();
                    await(() -> ready.list.size() == 2);
                    // Its client connects when the age of another connection makes it resolve the name again.
                    replica.awaitCalls();
                }
                stopped = true;
                for (Thread client : clients) {
                    client.join();
                }
                channel.shutdownNow();
            } finally {
                stopped = true;
                replicas.forEach(Replica::close);
            }
            assertThat(failures).isEmpty();
            assertThat(answered.values())
                    .allSatisfy(count -> assertThat(count.get()).isGreaterThan(10));
            assertThat(httpAnswers.get()).isGreaterThan(10);
        }
    }

    private Version version() {
        return Version.newBuilder()
                .setName("models/base/versions/1")
                .setKind(VersionKind.VERSION_KIND_BASE)
                .setJob("jobs/made-here")
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                        .setDigest(new DirectoryArtifactStore(directory.resolve("artifacts"))
                                .putFile(TinyModel.reciting("abcd").write(directory.resolve("model.gguf")))
                                .value()))
                .build();
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /** The replicas that are ready, as the endpoints of a Kubernetes service are; probed every 50 ms. */
    private final class ReadyList implements Runnable {
        private final List<Replica> replicas;
        private final HttpClient probe;
        private volatile List<Replica> list = List.of();

        ReadyList(List<Replica> replicas, HttpClient probe) {
            this.replicas = replicas;
            this.probe = probe;
        }

        @Override
        public void run() {
            while (!stopped) {
                list = replicas.stream()
                        .filter(replica -> replica.isReady(probe))
                        .toList();
                pause(50);
            }
        }

        List<InetSocketAddress> addresses() {
            return list.stream()
                    .map(replica -> new InetSocketAddress(InetAddress.getLoopbackAddress(), replica.port))
                    .toList();
        }
    }

    private void callOverGrpc(ManagedChannel channel) {
        GenerateRequest request = GenerateRequest.newBuilder()
                .setModel("base")
                .setPrompt("a")
                .setOptions(options(3))
                .build();
        while (!stopped) {
            try {
                String text = InferenceServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(30, TimeUnit.SECONDS)
                        .generate(request)
                        .getCompletions(0)
                        .getText();
                if (!text.equals("bcd")) {
                    failures.add("gRPC: answer " + text);
                }
            } catch (RuntimeException e) {
                failures.add("gRPC: " + e);
            }
            pause(5);
        }
    }

    private void callOverHttp(ReadyList ready, HttpClient client) {
        for (int i = 0; !stopped; i++) {
            List<Replica> list = ready.list;
            Replica replica = list.get(i % list.size());
            try {
                HttpResponse<String> response = client.send(
                        HttpRequest.newBuilder(replica.uri("/v1/completions"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"base\",\"prompt\":\"a\",\"max_tokens\":3}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    httpAnswers.incrementAndGet();
                } else {
                    failures.add("HTTP: " + response.statusCode() + " " + response.body());
                }
            } catch (IOException e) {
                failures.add("HTTP: " + e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            pause(5);
        }
    }

    private static void pause(int milliseconds) {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(milliseconds));
    }

    /** Counts the successful calls by the port of their server. */
    private final class CountAnswers implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    super.start(
                            new SimpleForwardingClientCallListener<>(listener) {
                                @Override
                                public void onClose(Status status, Metadata trailers) {
                                    if (status.isOk()
                                            && getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
                                                    instanceof InetSocketAddress server) {
                                        answered.computeIfAbsent(server.getPort(), _ -> new AtomicInteger())
                                                .incrementAndGet();
                                    }
                                    super.onClose(status, trailers);
                                }
                            },
                            headers);
                }
            };
        }
    }
}
