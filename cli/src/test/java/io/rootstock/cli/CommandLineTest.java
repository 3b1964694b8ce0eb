package io.rootstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.rootstock.cli.installation.SmallDisk;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes, output streams and error messages. */
final class CommandLineTest {
    @TempDir
    private Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void reportsUnavailableServiceWithHint() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        int code = run("jobs", "list", "--registry-endpoint", "127.0.0.1:" + port);
        assertThat(code).isEqualTo(1);
        assertThat(err.toString())
                .contains("service unavailable at 127.0.0.1:" + port)
                .contains("hint: start the services with `rootstock up`")
                .doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void printsStackTraceWithVerbose() {
        run("jobs", "list", "--registry-endpoint", "127.0.0.1:1", "--verbose");
        assertThat(err.toString()).contains("\tat ");
    }

    @Test
    void exitsWithCodeTwoOnUsageError() {
        assertThat(run("pretrain", "--model", "m")).isEqualTo(2);
        assertThat(err.toString()).contains("--dataset").contains("hint: rootstock pretrain --help");
        assertThat(err.toString().lines().count()).isLessThanOrEqualTo(4);
    }

    @Test
    void rejectsOptionsOfOtherTasks() {
        String[] finetune = {"finetune", "--task", "instruction", "--base", "b", "--dataset", "d", "--model", "m"};
        assertThat(run(with(finetune, "--class-weights", "balanced"))).isEqualTo(2);
        assertThat(err.toString()).contains("--class-weights").contains("require --task classification");
        assertThat(run(with(finetune, "--preference-beta", "0.2"))).isEqualTo(2);
        assertThat(err.toString()).contains("--preference-beta requires --task preference");
        assertThat(run(with(finetune, "--tokens", "10M"))).isEqualTo(2);
        assertThat(err.toString()).contains("unknown option '--tokens'");
    }

    @Test
    void finetuneTakesEitherADatasetOrFiles() {
        String[] finetune = {"finetune", "--task", "classification", "--base", "b", "--model", "m"};
        assertThat(run(finetune)).isEqualTo(2);
        assertThat(err.toString()).contains("--dataset").contains("--file");
        err.getBuffer().setLength(0);
        assertThat(run(with(finetune, "--dataset", "d", "--file", "rows.csv"))).isEqualTo(2);
        assertThat(err.toString()).contains("--dataset").contains("--file");
    }

    @Test
    void rejectsAnArchitectureBesideABase() {
        assertThat(run("pretrain", "--dataset", "d", "--model", "m", "--base", "b", "--depth", "4"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("exclude --base");
    }

    @Test
    void rejectsDatasetWithoutSource() {
        assertThat(run("dataset", "prepare", "x", "--kind", "instruction", "--tokenizer", "t"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("missing source");
    }

    @Test
    void rejectsUnreadableFileBeforeUpload() {
        assertThat(run(
                        "tokenizer",
                        "train",
                        "t",
                        "--file",
                        home.resolve("absent.txt").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("cannot read ");
    }

    @Test
    void showsStoppedServicesOfEmptyDataDirectory() {
        assertThat(run("status", "--json")).isEqualTo(1);
        assertThat(out.toString().lines())
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).contains("\"health\":\"STOPPED\""));
    }

    @Test
    void printsResultsInTheGivenFormat() {
        assertThat(run("status", "-o", "yaml")).isEqualTo(1);
        assertThat(out.toString().split("---\n", -1)).hasSize(6);
        assertThat(out.toString()).contains("service: registry\nhealth: STOPPED\n");
        assertThat(run("status", "--json", "--output", "json")).isEqualTo(1);
        assertThat(run("status", "--json", "--output", "yaml")).isEqualTo(2);
        assertThat(err.toString()).contains("--json excludes --output yaml");
        assertThat(run("status", "--output", "xml")).isEqualTo(2);
        assertThat(err.toString()).contains("expected one of [TABLE, JSON, YAML, NAME]");
    }

    @Test
    void printsTheLogOfAService() throws IOException {
        assertThat(run("logs", "registry")).isEqualTo(1);
        assertThat(err.toString()).contains("the registry service has no log").contains("hint: run: rootstock up");
        Files.createDirectories(home.resolve("logs"));
        Files.writeString(home.resolve("logs/registry.log"), "one\ntwo\nthree\n");
        assertThat(run("logs", "REGISTRY", "--tail", "2")).isZero();
        assertThat(out.toString().lines()).containsExactly("two", "three");
    }

    @Test
    void showsTheHealthOfTheServicesAtGivenEndpoints() throws IOException {
        HealthStatusManager health = new HealthStatusManager();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(health.getHealthService())
                .build()
                .start();
        String endpoint = "127.0.0.1:" + server.getPort();
        try {
            health.setStatus("rootstock.registry.v1.JobService", ServingStatus.SERVING);
            assertThat(run("status", "--json", "--registry-endpoint", endpoint)).isZero();
            assertThat(out.toString().lines())
                    .singleElement()
                    .isEqualTo("{\"service\":\"registry\",\"health\":\"SERVING\",\"endpoint\":\"" + endpoint + "\"}");
            health.setStatus("rootstock.inference.v1.InferenceService", ServingStatus.NOT_SERVING);
            assertThat(run("status", "--registry-endpoint", endpoint, "--inference-endpoint", endpoint))
                    .isEqualTo(1);
            assertThat(out.toString()).contains("not serving");
        } finally {
            server.shutdownNow();
        }
        assertThat(run("status", "--registry-endpoint", "127.0.0.1:1")).isEqualTo(1);
        assertThat(out.toString()).contains("unreachable");
        assertThat(err.toString()).contains("the registry service at 127.0.0.1:1 is unreachable: UNAVAILABLE");
    }

    @Test
    void succeedsToStopWithoutRunningServices() {
        assertThat(run("down")).isZero();
        assertThat(out.toString()).contains("no running services");
    }

    @Test
    void upAndDownNameAReadOnlyDataDirectory() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(home)) {
            disk.protect();
            for (String[] command : new String[][] {{"up", "--port-base", "0"}, {"down"}}) {
                assertThat(run(command)).isEqualTo(1);
                assertThat(err.toString())
                        .contains("error: the data directory " + home + " is read-only\n")
                        .contains("hint: mount its file system for writing, or choose another data directory with"
                                + " --home");
                err.getBuffer().setLength(0);
            }
        }
    }

    @Test
    void reportsMissingCorpusOfDemo() {
        assertThat(run("demo", "--corpus", home.resolve("absent.zip").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("corpus not found").contains("--corpus");
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
    }

    private int run(String... arguments) {
        String[] withHome = Arrays.copyOf(arguments, arguments.length + 2);
        withHome[arguments.length] = "--home";
        withHome[arguments.length + 1] = home.toString();
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(withHome);
    }
}
