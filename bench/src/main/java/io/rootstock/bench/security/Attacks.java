package io.rootstock.bench.security;

import static io.rootstock.bench.security.Tenants.as;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.artifacts.DirectoryManifest;
import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.security.Tenants.Caller;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.cli.installation.ServiceStatus;
import io.rootstock.files.FileTree;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.WatchServingRequest;
import io.rootstock.registry.v1.AddVersionArtifactRequest;
import io.rootstock.registry.v1.AddVersionArtifactResponse;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Attacks that once succeeded; each must fail. */
final class Attacks {
    private static final int STREAMS = 500;
    private static final int LONG_NAME = 5000;
    /** More than a line break with its indentation. */
    private static final int MAX_WHITE_SPACE = 25;
    /** RIGHT-TO-LEFT OVERRIDE. */
    private static final String OVERRIDE = "\u202e";

    /** What a successful attack does. */
    enum Harm {
        LEAK,
        CRASH,
        UNBOUNDED
    }

    /** Returns what the attack achieved; empty: it failed, as it must. */
    @FunctionalInterface
    private interface Attack {
        Optional<String> run() throws IOException, InterruptedException;
    }

    private final Lifecycle life;
    private final Tenants tenants;
    private final Map<Service, Integer> httpPorts;
    /** Without credentials. */
    private final Map<Service, ManagedChannel> channels;

    private final Map<String, String> succeeded = new LinkedHashMap<>();
    private final Map<String, Harm> harms = new LinkedHashMap<>();
    private final List<String> failed = new ArrayList<>();

    Attacks(Lifecycle life, Tenants tenants, Map<Service, Integer> httpPorts, Map<Service, ManagedChannel> channels) {
        this.life = life;
        this.tenants = tenants;
        this.httpPorts = httpPorts;
        this.channels = channels;
    }

    /** Runs all attacks and returns those that failed. */
    List<String> run() {
        attack("a trainer adds weights to a production version", Harm.LEAK, this::weights);
        attack("GetLoad and WatchServing show other tenants' models", Harm.LEAK, this::load);
        attack("500 streams of a viewer keep out the others", Harm.UNBOUNDED, this::streams);
        attack("half a request head keeps a connection", Harm.UNBOUNDED, this::halfHead);
        attack("a file name of 5,000 characters", Harm.CRASH, this::longFileName);
        attack("a file name that turns the text direction", Harm.LEAK, this::direction);
        attack("a page of another host calls a service without tokens", Harm.LEAK, this::otherHost);
        attack("an answer in JSON is white space without end", Harm.UNBOUNDED, this::whiteSpace);
        attack("a chat template doubles its text 60 times", Harm.CRASH, this::template);
        return failed;
    }

    /** The attacks that succeeded, each with what it achieved. */
    Map<String, String> succeeded() {
        return succeeded;
    }

    int count(Harm harm) {
        return (int) succeeded.keySet().stream()
                .filter(name -> harms.get(name) == harm)
                .count();
    }

    private void attack(String name, Harm harm, Attack attack) {
        harms.put(name, harm);
        Optional<String> achieved;
        try {
            achieved = attack.run();
        } catch (IOException | RuntimeException e) {
            achieved = Optional.of("the check failed: " + e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        achieved.ifPresentOrElse(what -> succeeded.put(name, what), () -> failed.add(name));
    }

    private Optional<String> weights() {
        Caller trainer = tenants.caller("trainer");
        String name = trainer.tenant().name("models") + "/versions/1";
        Version before = version(name);
        try {
            Iterator<AddVersionArtifactResponse> responses = as(
                            trainer, ModelServiceGrpc.newBlockingStub(channels.get(Service.REGISTRY)))
                    .addVersionArtifact(AddVersionArtifactRequest.newBuilder()
                            .setName(name)
                            .setKind(ArtifactKind.ARTIFACT_KIND_GGUF_F16)
                            .build());
            responses.forEachRemaining(response -> {});
        } catch (StatusRuntimeException e) {
            boolean refused = e.getStatus().getCode() == Status.Code.PERMISSION_DENIED;
            return refused && version(name).equals(before) ? Optional.empty() : Optional.of(e.getMessage());
        }
        return Optional.of("the file was added");
    }

    private Version version(String name) {
        return life.clients()
                .models()
                .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                .getVersion();
    }

    private Optional<String> load() {
        Caller viewer = tenants.caller("viewer");
        var control = as(viewer, ControlServiceGrpc.newBlockingStub(channels.get(Service.INFERENCE)));
        String seen = control.getLoad(GetLoadRequest.getDefaultInstance()).toString()
                + control.watchServing(WatchServingRequest.getDefaultInstance()).next();
        return tenants.hidden(viewer).stream().filter(seen::contains).findFirst();
    }

    private Optional<String> streams() throws IOException, InterruptedException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < STREAMS; i++) {
                Socket socket = connect(Service.REGISTRY);
                sockets.add(socket);
                send(
                        socket,
                        "POST /rootstock.registry.v1.ModelService/WatchModels HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                + "Authorization: Bearer "
                                + tenants.caller("viewer").token()
                                + "\r\nContent-Type: application/connect+json\r\nContent-Length: 7\r\n\r\n"
                                + "\0\0\0\0\2{}");
            }
            for (Socket socket : sockets) {
                String _ = firstLine(socket);
            }
            HttpResponse<String> other = post(
                    Service.REGISTRY,
                    "/rootstock.registry.v1.ModelService/ListModels",
                    tenants.caller("trainer").token(),
                    "application/json",
                    "{}");
            return other.statusCode() == 200
                    ? Optional.empty()
                    : Optional.of("another caller got " + other.statusCode() + " " + other.body());
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private Optional<String> halfHead() throws IOException {
        try (Socket socket = connect(Service.INFERENCE)) {
            send(socket, "POST /v1/chat/completions HTTP/1.1\r\nHost: 127");
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(2L * RpcBenchmark.MAX_SECONDS));
            while (socket.getInputStream().read() >= 0) {
                // A refusal may come before the end.
            }
            return Optional.empty();
        } catch (SocketTimeoutException e) {
            return Optional.of("open after " + 2 * RpcBenchmark.MAX_SECONDS + " s");
        }
    }

    /** A model may choose white space between the tokens of JSON until its limit of tokens, unless the grammar ends it. */
    private Optional<String> whiteSpace() throws IOException, InterruptedException {
        HttpResponse<String> response = post(
                Service.INFERENCE,
                "/v1/completions",
                tenants.caller("viewer").token(),
                "application/json",
                """
                {"model": "%s", "prompt": "The house", "max_tokens": 100, "temperature": 2,
                 "response_format": {"type": "json_schema", "json_schema": {"name": "point", "schema":
                 {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}}}}
                """.formatted(tenants.tenants.getFirst().mark()));
        if (response.statusCode() != 200) {
            return Optional.of(response.statusCode() + " " + response.body());
        }
        // In the body of the response a line break is written as two characters.
        return response.body().matches("(?s).*([ \t]|\\\\[nrt]){" + MAX_WHITE_SPACE + ",}.*")
                ? Optional.of(response.body())
                : Optional.empty();
    }

    private Optional<String> longFileName() throws IOException, InterruptedException {
        int status = upload("x".repeat(LONG_NAME) + ".jsonl").statusCode();
        return status >= 400 && status < 500 ? Optional.empty() : Optional.of("status " + status);
    }

    private Optional<String> direction() throws IOException, InterruptedException {
        HttpResponse<String> response = upload("rows" + OVERRIDE + "lnosj.jsonl");
        boolean refused = response.statusCode() >= 400 && response.statusCode() < 500;
        return refused || !response.body().contains(OVERRIDE)
                ? Optional.empty()
                : Optional.of("the name is stored: " + response.statusCode());
    }

    private HttpResponse<String> upload(String fileName) throws IOException, InterruptedException {
        return post(
                Service.INFERENCE,
                "/v1/files",
                tenants.caller("trainer").token(),
                "multipart/form-data; boundary=b",
                String.join(
                        "\r\n",
                        "--b",
                        "Content-Disposition: form-data; name=\"purpose\"",
                        "",
                        "fine-tune",
                        "--b",
                        "Content-Disposition: form-data; name=\"file\"; filename=\"" + fileName + "\"",
                        "",
                        "{\"text\": \"x\"}",
                        "--b--",
                        ""));
    }

    /** As after DNS rebinding: the page's host resolves to this machine. */
    private Optional<String> otherHost() throws IOException {
        Path home = Files.createTempDirectory("rootstock-security-open-");
        try (Installation open = new Installation(
                        home, ProjectRoot.find(), OptionalInt.of(0), Map.of(Installation.TOKEN_FILE, ""));
                Socket socket = new Socket()) {
            List<Service> _ = open.start(List.of(Service.REGISTRY));
            int port = open.running(Service.REGISTRY).orElseThrow().httpPort();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            send(
                    socket,
                    String.join(
                            "\r\n",
                            "POST /rootstock.registry.v1.ModelService/ListModels HTTP/1.1",
                            "Host: evil.example",
                            "Content-Type: application/json",
                            "Content-Length: 2",
                            "Connection: close",
                            "",
                            "{}"));
            String line = firstLine(socket);
            // 401 would mean that the service wants a token: then the attack says nothing.
            return line.startsWith("HTTP/1.1 4") && !line.startsWith("HTTP/1.1 401")
                    ? Optional.empty()
                    : Optional.of(line);
        } finally {
            FileTree.delete(home);
        }
    }

    private Optional<String> template() throws IOException {
        ArtifactStore store = new DirectoryArtifactStore(life.home().resolve("artifacts"));
        Version base = version(tenants.tenants.getFirst().name("models") + "/versions/2");
        String digest = base.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                .map(Artifact::getDigest)
                .findFirst()
                .orElseThrow();
        Path folder = Files.createDirectories(life.home().resolve("doubling"));
        for (DirectoryManifest.Entry file :
                DirectoryManifest.read(store, Digest.parse(digest)).files()) {
            Path _ = Files.copy(store.verified(file.digest()), folder.resolve(file.path()));
        }
        Path _ = Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% set ns = namespace(s='x') %}" + "{% set ns.s = ns.s + ns.s %}".repeat(60) + "{{ ns.s }}");
        try {
            Version imported = life.importModel("doubling", folder);
            life.promote(imported.getName());
            String answer = life.clients()
                    .inference()
                    .chat(ChatRequest.newBuilder()
                            .setModel("doubling")
                            .addMessages(Message.newBuilder().setRole("user").setContent("x"))
                            .build())
                    .toString();
            return Optional.of("answered " + answer.substring(0, Math.min(100, answer.length())));
        } catch (StatusRuntimeException | IllegalStateException e) {
            List<String> ended = life.installation().status().stream()
                    .filter(status -> status.health() != ServiceStatus.Health.SERVING)
                    .map(status -> status.service().label())
                    .toList();
            return ended.isEmpty() ? Optional.empty() : Optional.of(ended + " ended");
        }
    }

    private Socket connect(Service service) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpPorts.get(service));
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(RpcBenchmark.MAX_SECONDS));
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static String firstLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = socket.getInputStream().read();
        while (next >= 0 && next != '\r') {
            line.append((char) next);
            next = socket.getInputStream().read();
        }
        return line.toString();
    }

    private HttpResponse<String> post(Service service, String path, String token, String type, String body)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPorts.get(service) + path))
                            .header("Content-Type", type)
                            .header("Authorization", "Bearer " + token)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
