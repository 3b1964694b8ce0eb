package io.rootstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.installation.BuildVersion;
import io.rootstock.inference.v1.ChatStreamRequest;
import io.rootstock.inference.v1.ChatStreamResponse;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListModelsResponse;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.ModelServiceGrpc;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The native executable behaves as the command line on a JVM. Runs in builds with {@code -Dnative}. */
@Tag("native")
@EnabledIfSystemProperty(named = "rootstock.cli.executable", matches = ".+")
final class NativeExecutableIT {
    @TempDir
    private Path home;

    private Server server;

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new OneModel())
                .addService(new NoJobs())
                .addService(new Echo())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void everyCommandHasTheSameHelp() throws Exception {
        CommandLine whole =
                Rootstock.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()));
        List<List<String>> paths = new ArrayList<>();
        paths(whole, List.of(), paths);
        assertThat(paths).hasSizeGreaterThan(100);
        for (List<String> path : paths) {
            CommandLine expected = whole;
            List<String> arguments = new ArrayList<>(path);
            for (String name : path) {
                expected = expected.getSubcommands().get(name);
            }
            arguments.add("--help");
            assertThat(run(arguments.toArray(String[]::new)).out()).isEqualTo(expected.getUsageMessage(Ansi.OFF));
        }
    }

    @Test
    void printsResultsInEachFormat() throws Exception {
        String[] list = {"models", "list", "--registry-endpoint", "127.0.0.1:" + server.getPort()};
        assertThat(run(list).out().lines().skip(2)).singleElement().asString().contains("spam", "production → 2");
        assertThat(run(with(list, "--json")).out())
                .startsWith("{\"name\":\"models/spam\"")
                .contains("\"latestVersion\":\"2\"");
        assertThat(run(with(list, "-o", "yaml")).out()).startsWith("---\n").contains("name: models/spam\n");
        assertThat(run(with(list, "-o", "name")).out()).isEqualTo("models/spam\n");
    }

    @Test
    void reportsErrorsWithTheirDetails() throws Exception {
        Result refused = run("jobs", "list", "--registry-endpoint", "127.0.0.1:" + server.getPort());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("the filter is invalid").doesNotContain("Exception");
        Result unknown = run("jobs", "lst");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("'lst'").contains("jobs list");
    }

    @Test
    void streamsAnAnswer() throws Exception {
        Result answer = run("chat", "m", "hello", "--inference-endpoint", "127.0.0.1:" + server.getPort());
        assertThat(answer.err()).contains("completion tokens");
        assertThat(answer.out()).isEqualTo("echo hello\n");
    }

    @Test
    void readsFilesOfTheInstallation() throws Exception {
        Files.createDirectories(home.resolve("processes"));
        Files.writeString(
                home.resolve("processes/registry.json"),
                "{\"service\":\"registry\",\"pid\":1,\"startMillis\":1,\"grpcPort\":7500,\"httpPort\":7510,"
                        + "\"version\":\"1\",\"build\":1,\"links\":{\"trainer\":7502},\"tokenFile\":\"\"}");
        assertThat(run("status", "--json").out()).contains("\"endpoint\":\"127.0.0.1:7500\"");
        assertThat(run("doctor", "--json").out()).contains("\"check\":\"ports\"");
        assertThat(run("completion", "fish").out()).contains("complete -c rootstock");
        assertThat(run("--version").out()).startsWith("rootstock " + BuildVersion.current());
    }

    private Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("rootstock.cli.executable")));
        command.addAll(List.of(arguments));
        Path err = home.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().put("ROOTSTOCK_HOME", home.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, Files.readString(err));
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static void paths(CommandLine line, List<String> path, List<List<String>> paths) {
        line.getSubcommands().forEach((name, subcommand) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            paths.add(longer);
            paths(subcommand, longer, paths);
        });
    }

    private static final class OneModel extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> response) {
            response.onNext(ListModelsResponse.newBuilder()
                    .addModels(Model.newBuilder()
                            .setName("models/spam")
                            .setLatestVersion(2)
                            .addAliases(Alias.newBuilder()
                                    .setName("models/spam/aliases/production")
                                    .setVersion("models/spam/versions/2")))
                    .build());
            response.onCompleted();
        }
    }

    private static final class NoJobs extends JobServiceGrpc.JobServiceImplBase {
        @Override
        public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> response) {
            com.google.rpc.Status status = com.google.rpc.Status.newBuilder()
                    .setCode(Status.Code.INVALID_ARGUMENT.value())
                    .setMessage("the filter is invalid")
                    .addDetails(Any.pack(ErrorInfo.newBuilder()
                            .setReason("INVALID_FILTER")
                            .setDomain("rootstock")
                            .build()))
                    .build();
            Metadata trailers = new Metadata();
            trailers.put(
                    Metadata.Key.of(
                            "grpc-status-details-bin",
                            ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance())),
                    status);
            response.onError(Status.INVALID_ARGUMENT
                    .withDescription("the filter is invalid")
                    .asRuntimeException(trailers));
        }
    }

    private static final class Echo extends InferenceServiceGrpc.InferenceServiceImplBase {
        @Override
        public void chatStream(ChatStreamRequest request, StreamObserver<ChatStreamResponse> deltas) {
            deltas.onNext(ChatStreamResponse.newBuilder()
                    .setText("echo " + request.getMessages(0).getContent())
                    .build());
            deltas.onCompleted();
        }
    }
}
