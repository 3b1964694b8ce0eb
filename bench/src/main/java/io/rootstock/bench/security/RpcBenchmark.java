package io.rootstock.bench.security;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.security.Tenants.Caller;
import io.rootstock.bench.security.Tenants.Tenant;
import io.rootstock.cli.installation.Service;
import io.rootstock.cli.installation.ServiceStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Calls every RPC as every caller of {@link Tenants}, by gRPC and over HTTP, with {@link Requests}, then runs {@link
 * Attacks}. Prints {@code calls= leaks= crashes= unbounded=}: answers that the caller must not see, services that ended, and
 * requests above {@value #MAX_SECONDS} s or the memory of their service.
 */
public final class RpcBenchmark {
    /** Bound of a request that is not long work. */
    static final int MAX_SECONDS = 30;

    private static final int DEFAULT_CALLS = 100_000;
    private static final int CONCURRENT = 16;
    /** Streams that wait for events, and calls that work for minutes, are cancelled then. */
    private static final int WATCH_MILLIS = 300;

    private static final int WORK_MILLIS = 2000;
    private static final int MAX_MESSAGES = 64;
    private static final int MAX_FINDINGS = 1000;
    /** Share of the calls before the first write to another tenant's resources; later, only secrets are leaks. */
    private static final double BEFORE_FOREIGN_WRITES = 0.8;

    private static final Set<String> WORK = Set.of(
            "AdminService/Verify",
            "DatasetService/PrepareDataset",
            "ModelService/AddVersionArtifact",
            "StorageService/Prune",
            "TokenizerService/TrainTokenizer",
            "TrainerService/CreateGguf",
            "TrainerService/EstimateRun",
            "TrainerService/ImportModel");
    /** Resident memory of each service in MiB: its heap, and 1 GiB for the rest. */
    private static final Map<Service, Integer> MAX_MEMORY = Map.of(
            Service.REGISTRY, 384 + 1024,
            Service.TOKENIZER, 1536 + 1024,
            Service.TRAINER, 512 + 1024,
            Service.INFERENCE, 512 + 1024,
            Service.EVALUATOR, 1024 + 1024);

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return ByteString.readFrom(stream).toByteArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    /** Every tenth call goes to one of the routes of the inference service that are no RPCs; {@code %s} is a model. */
    private static final int ROUTES_EVERY = 10;

    private static final List<Route> ROUTES = List.of(
            new Route("GET", "/v1/models", ""),
            new Route("GET", "/v1/models/%s", ""),
            new Route(
                    "POST",
                    "/v1/chat/completions",
                    "{\"model\": \"%s\", \"max_tokens\": 4, \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}"),
            new Route("POST", "/v1/completions", "{\"model\": \"%s\", \"max_tokens\": 4, \"prompt\": \"The house\"}"),
            new Route("POST", "/v1/responses", "{\"model\": \"%s\", \"max_output_tokens\": 4, \"input\": \"x\"}"),
            new Route("POST", "/v1/embeddings", "{\"model\": \"%s\", \"input\": \"The house\"}"),
            new Route("POST", "/v1/classify", "{\"model\": \"%s\", \"input\": [\"The house\"]}"),
            new Route("GET", "/v1/files", ""),
            new Route("GET", "/v1/fine_tuning/jobs", ""),
            new Route("GET", "/v2", ""),
            new Route("GET", "/v2/models/%s", ""),
            new Route("GET", "/v2/models/%s/ready", ""),
            new Route("GET", "/peers/served", ""));

    private record Route(String method, String path, String body) {}

    private record Rpc(Service service, MethodDescriptor<?, ?> method, String name, String role) {
        Descriptors.Descriptor request() {
            return ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor())
                    .getMethodDescriptor()
                    .getInputType();
        }

        /** Whether it changes something; streams that watch are not declared free of side effects, nor are others' contracts. */
        boolean writes() {
            return !method.isSafe()
                    && !method.getBareMethodName().startsWith("Watch")
                    && !name.startsWith("GRPCInferenceService/");
        }

        int limitMillis() {
            return method.getBareMethodName().startsWith("Watch")
                    ? WATCH_MILLIS
                    : WORK.contains(name) ? WORK_MILLIS : MAX_SECONDS * 1000;
        }
    }

    /**
     * End of a call.
     *
     * @param status name of a gRPC status, or number of an HTTP status
     * @param answered whether the method has answered
     * @param text everything that the caller received
     */
    private record Outcome(String status, boolean answered, String text, double seconds) {}

    private final long seed;
    private final int calls;
    private final Lifecycle life;
    private final Tenants tenants;
    private final List<Rpc> rpcs = new ArrayList<>();
    private final Map<Service, ManagedChannel> channels = new EnumMap<>(Service.class);
    private final Map<Service, Long> processes = new EnumMap<>(Service.class);
    private final Map<Service, Integer> httpPorts = new EnumMap<>(Service.class);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<String> answered = new TreeSet<>();
    private final Map<String, String> faults = new TreeMap<>();
    private final List<String> leaks = new ArrayList<>();
    private final List<String> unbounded = new ArrayList<>();
    private final AtomicInteger done = new AtomicInteger();

    private RpcBenchmark(Lifecycle life, int calls, long seed, String adminToken) throws IOException {
        this.life = life;
        this.calls = calls;
        this.seed = seed;
        tenants = new Tenants(life, new Random(seed), adminToken);
        Map<String, String> roles = Rpcs.roles();
        for (ServiceStatus status : life.installation().status()) {
            processes.put(status.service(), status.pid());
            httpPorts.put(status.service(), status.httpPort());
            if (!status.service().hasRpcs()) {
                continue;
            }
            channels.put(
                    status.service(),
                    NettyChannelBuilder.forTarget(life.installation().endpoint(status.service()))
                            .usePlaintext()
                            .build());
            for (ServiceDescriptor service : Rpcs.services(status.service())) {
                for (MethodDescriptor<?, ?> method : service.getMethods()) {
                    String name = Rpcs.name(method);
                    rpcs.add(new Rpc(status.service(), method, name, roles.get(name)));
                }
            }
        }
    }

    /** Entry point; options: {@code --calls N}, {@code --seed N}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> options = List.of(arguments);
        int calls = (int) option(options, "--calls", DEFAULT_CALLS);
        long seed = option(options, "--seed", new Random().nextInt(1_000_000));
        String token = Files.readString(Path.of(System.getenv("ROOTSTOCK_AUTH_TOKEN_FILE")))
                .strip();
        System.out.printf("seed=%d%n", seed);
        boolean held;
        try (Lifecycle life = Lifecycle.start("security", Map.of("rootstock.auth.requests-per-second", "0"))) {
            held = new RpcBenchmark(life, calls, seed, token).run();
        }
        System.exit(held ? 0 : 1);
    }

    private static long option(List<String> options, String name, long standard) {
        int index = options.indexOf(name);
        return index < 0 ? standard : Long.parseLong(options.get(index + 1));
    }

    private boolean run() throws InterruptedException {
        Semaphore slots = new Semaphore(CONCURRENT);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < calls; i++) {
                int number = i;
                slots.acquire();
                threads.execute(() -> {
                    try {
                        call(number);
                    } catch (RuntimeException e) {
                        fault("benchmark", e.toString());
                    } finally {
                        slots.release();
                    }
                });
                if (i % 1000 == 0) {
                    checkMemory();
                    System.err.printf("%d calls%n", i);
                }
            }
        }
        checkMemory();
        Attacks attacks = new Attacks(life, tenants, httpPorts, channels);
        List<String> held = attacks.run();
        List<String> crashes = crashes();
        channels.values().forEach(ManagedChannel::shutdownNow);
        faults.forEach((rpc, reason) -> System.out.printf("fault: %s: %s%n", rpc, reason));
        leaks.forEach(leak -> System.out.printf("leak: %s%n", leak));
        unbounded.forEach(request -> System.out.printf("unbounded: %s%n", request));
        crashes.forEach(crash -> System.out.printf("crash: %s%n", crash));
        held.forEach(attack -> System.out.printf("attack that failed: %s%n", attack));
        attacks.succeeded()
                .forEach((attack, what) -> System.out.printf("attack that succeeded: %s: %s%n", attack, what));
        int leaked = leaks.size() + attacks.count(Attacks.Harm.LEAK);
        int crashed = crashes.size() + attacks.count(Attacks.Harm.CRASH);
        int unbound = unbounded.size() + attacks.count(Attacks.Harm.UNBOUNDED);
        System.out.printf("rpcs=%d answered=%d faults=%d%n", rpcs.size(), answered.size(), faults.size());
        System.out.printf("calls=%d leaks=%d crashes=%d unbounded=%d%n", done.get(), leaked, crashed, unbound);
        return leaked + crashed + unbound == 0;
    }

    /** Every RPC as every caller with a valid request comes first, then random ones. */
    private void call(int number) {
        Random random = new Random(seed * 1_000_003 + number);
        int combinations = rpcs.size() * tenants.callers.size();
        boolean first = number < combinations;
        if (!first && random.nextInt(ROUTES_EVERY) == 0) {
            route(random);
            return;
        }
        Rpc rpc = first ? rpcs.get(number % rpcs.size()) : rpcs.get(random.nextInt(rpcs.size()));
        Caller caller = first
                ? tenants.callers.get(number / rpcs.size())
                : tenants.callers.get(random.nextInt(tenants.callers.size()));
        if (rpc.writes() && caller.role().equals("admin")) {
            // An admin may do everything; some of it would end the benchmark.
            caller = tenants.caller("viewer");
        }
        boolean late = number > calls * BEFORE_FOREIGN_WRITES;
        boolean foreign = (late || !rpc.writes()) && random.nextInt(5) < 2;
        Tenant tenant = foreign || caller.tenant() == null ? tenants.other(caller) : caller.tenant();
        Requests requests = new Requests(
                random, caller.tenant() == null ? "x" : caller.tenant().secret());
        Message request = requests.valid(rpc.name(), rpc.request(), tenant);
        if (!first && random.nextInt(3) > 0) {
            request = requests.mutated(request);
        }
        byte[] bytes = request.toByteArray();
        boolean damaged = !first && random.nextInt(8) == 0;
        if (damaged) {
            bytes = requests.damaged(bytes);
        }
        boolean byHttp = rpc.method().getType().clientSendsOneMessage() && random.nextInt(3) == 0;
        Outcome outcome = byHttp ? http(rpc, caller, bytes) : grpc(rpc, caller, bytes);
        done.incrementAndGet();
        judge(rpc, caller, tenant, request, bytes, outcome, late);
    }

    private void judge(
            Rpc rpc, Caller caller, Tenant tenant, Message request, byte[] bytes, Outcome outcome, boolean late) {
        String who = "%s by %s: %s".formatted(rpc.name(), caller.label(), outcome.status());
        if (outcome.answered()) {
            synchronized (answered) {
                answered.add(rpc.name());
            }
            if (!caller.isAdmitted(rpc.name(), rpc.role(), new String(bytes, StandardCharsets.ISO_8859_1))) {
                leak(who + ", although the RPC is for the role " + rpc.role());
            }
            if (late
                    && rpc.writes()
                    && isAbout(request, tenant)
                    && tenants.hidden(caller).contains(tenant.mark())) {
                leak(who + ", although " + tenant.mark() + " is another tenant's");
            }
        }
        judge(who, caller, new String(bytes, StandardCharsets.ISO_8859_1), outcome, late);
    }

    /** Calls a route about a model of any tenant. */
    private void route(Random random) {
        Caller caller = tenants.callers.get(random.nextInt(tenants.callers.size()));
        Tenant tenant = tenants.tenants.get(random.nextInt(tenants.tenants.size()));
        Route route = ROUTES.get(random.nextInt(ROUTES.size()));
        String path = route.path().formatted(tenant.mark());
        byte[] body = route.body().formatted(tenant.mark()).getBytes(StandardCharsets.UTF_8);
        if (body.length > 0 && random.nextInt(3) == 0) {
            body = new Requests(random, "").damaged(body);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + httpPorts.get(Service.INFERENCE) + path))
                .header("Content-Type", "application/json")
                .method(route.method(), HttpRequest.BodyPublishers.ofByteArray(body));
        Outcome outcome = send(request, caller, text -> true);
        done.incrementAndGet();
        String who = "%s %s by %s: %s".formatted(route.method(), route.path(), caller.label(), outcome.status());
        judge(who, caller, path + new String(body, StandardCharsets.ISO_8859_1), outcome, false);
    }

    private void judge(String who, Caller caller, String sent, Outcome outcome, boolean late) {
        for (String hidden : tenants.hidden(caller)) {
            boolean isMark =
                    tenants.tenants.stream().anyMatch(each -> each.mark().equals(hidden));
            if (outcome.text().contains(hidden) && !sent.contains(hidden) && !(late && isMark)) {
                leak(who + ", with " + hidden + " of another tenant");
            }
        }
        if (outcome.seconds() > MAX_SECONDS) {
            synchronized (unbounded) {
                unbounded.add(who + " after %.1f s, about call %d".formatted(outcome.seconds(), done.get()));
            }
        }
        if (Set.of("INTERNAL", "UNKNOWN", "500").contains(outcome.status())) {
            fault(who, outcome.text().lines().findFirst().orElse(""));
        }
    }

    /** Whether a field of the request, not of a message in it, names a resource of a tenant. */
    private static boolean isAbout(Message request, Tenant tenant) {
        return request.getAllFields().values().stream()
                .anyMatch(value -> value instanceof String text && text.contains(tenant.mark()));
    }

    private void leak(String text) {
        synchronized (leaks) {
            if (leaks.size() < MAX_FINDINGS) {
                leaks.add(text);
            }
        }
    }

    private void fault(String rpc, String reason) {
        synchronized (faults) {
            String _ = faults.putIfAbsent(rpc, reason.substring(0, Math.min(200, reason.length())));
        }
    }

    private Outcome grpc(Rpc rpc, Caller caller, byte[] request) {
        long start = System.nanoTime();
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(BYTES, BYTES)
                .setFullMethodName(rpc.method().getFullMethodName())
                .setType(rpc.method().getType())
                .build();
        ClientCall<byte[], byte[]> call = channels.get(rpc.service())
                .newCall(
                        method,
                        CallOptions.DEFAULT.withDeadlineAfter(rpc.limitMillis() + 1000L, TimeUnit.MILLISECONDS));
        CompletableFuture<Status> end = new CompletableFuture<>();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        AtomicInteger messages = new AtomicInteger();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] message) {
                        received.writeBytes(message);
                        if (messages.incrementAndGet() == MAX_MESSAGES) {
                            end.complete(Status.OK);
                        }
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        received.writeBytes(
                                String.valueOf(status.getDescription()).getBytes(StandardCharsets.UTF_8));
                        for (String key : trailers.keys()) {
                            if (key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                                received.writeBytes(
                                        trailers.get(Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER)));
                            }
                        }
                        end.complete(status);
                    }
                },
                caller.headers());
        call.request(MAX_MESSAGES);
        call.sendMessage(request);
        call.halfClose();
        Status status = end.completeOnTimeout(Status.CANCELLED, rpc.limitMillis(), TimeUnit.MILLISECONDS)
                .join();
        call.cancel("the benchmark has seen enough", null);
        double seconds = (System.nanoTime() - start) / 1e9;
        boolean late = rpc.limitMillis() < MAX_SECONDS * 1000;
        return new Outcome(
                status.getCode().name(),
                messages.get() > 0,
                received.toString(StandardCharsets.ISO_8859_1),
                late ? 0 : seconds);
    }

    private Outcome http(Rpc rpc, Caller caller, byte[] request) {
        boolean stream = !rpc.method().getType().serverSendsOneMessage();
        byte[] body = stream
                ? ByteBuffer.allocate(request.length + 5)
                        .put((byte) 0)
                        .putInt(request.length)
                        .put(request)
                        .array()
                : request;
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                        + httpPorts.get(rpc.service()) + "/" + rpc.method().getFullMethodName()))
                .header("Content-Type", stream ? "application/connect+proto" : "application/proto")
                .header("Connect-Timeout-Ms", String.valueOf(rpc.limitMillis()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        // The first frame of a stream with an error is its end, whose flags are 2.
        return send(builder, caller, text -> !stream || (!text.isEmpty() && text.charAt(0) != 2));
    }

    /** @param answered whether the body of a response with status 200 is of the method */
    private Outcome send(HttpRequest.Builder request, Caller caller, Predicate<String> answered) {
        long start = System.nanoTime();
        if (!caller.token().isEmpty()) {
            request.header("Authorization", "Bearer " + caller.token());
        }
        try {
            HttpResponse<byte[]> response = http.send(
                    request.timeout(Duration.ofSeconds(MAX_SECONDS + 5)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            String text = new String(response.body(), StandardCharsets.ISO_8859_1);
            return new Outcome(
                    String.valueOf(response.statusCode()),
                    response.statusCode() == 200 && answered.test(text),
                    text,
                    (System.nanoTime() - start) / 1e9);
        } catch (HttpTimeoutException e) {
            return new Outcome("timeout", false, "", (System.nanoTime() - start) / 1e9);
        } catch (IOException e) {
            return new Outcome("closed", false, "", 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Compares the resident memory of each service with its bound. */
    private void checkMemory() {
        processes.forEach((service, pid) -> {
            try {
                long mebibytes = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                        .sum();
                if (mebibytes > MAX_MEMORY.get(service)) {
                    synchronized (unbounded) {
                        unbounded.add("%s has %d MiB in memory".formatted(service.label(), mebibytes));
                    }
                }
            } catch (IOException e) {
                // It has ended; crashes() reports it.
                fault(service.label(), e.toString());
            }
        });
    }

    /** The services that do not serve, or not in their first process. */
    private List<String> crashes() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_SECONDS);
        while (true) {
            List<String> crashes = life.installation().status().stream()
                    .filter(status -> status.health() != ServiceStatus.Health.SERVING
                            || status.pid() != processes.get(status.service()))
                    .map(status -> status.service().label() + " is " + status.health())
                    .collect(Collectors.toList());
            if (crashes.isEmpty() || System.nanoTime() > end) {
                return crashes;
            }
            Thread.sleep(1000);
        }
    }
}
