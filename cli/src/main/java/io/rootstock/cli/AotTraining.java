package io.rootstock.cli;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListModelsResponse;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.ModelServiceGrpc;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The run that trains the JDK's AOT cache of the command line (see {@code cli/train-aot-cache}): lists, help and errors against
 * a registry on the loopback interface that knows one model. The JVM stores the classes that it loads.
 */
final class AotTraining {
    private static final String[][] INVOCATIONS = {
        {"models", "list"},
        {"models", "list", "--json"},
        {"status"},
        {"models", "--help"},
        {"models", "list", "--unknown"},
    };

    private AotTraining() {}

    /** Runs each invocation twice. */
    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        Path home = Files.createTempDirectory("rootstock-aot");
        Server registry = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new OneModel())
                .build()
                .start();
        try {
            for (int round = 0; round < 2; round++) {
                for (String[] invocation : INVOCATIONS) {
                    run(
                            invocation,
                            "--home",
                            home.toString(),
                            "--registry-endpoint",
                            "127.0.0.1:" + registry.getPort());
                }
            }
        } finally {
            registry.shutdownNow();
            Files.delete(home);
        }
        System.exit(0);
    }

    private static void run(String[] invocation, String... connection) {
        String[] all = Stream.concat(Arrays.stream(invocation), Arrays.stream(connection))
                .toArray(String[]::new);
        int _ = Rootstock.commandLine(
                        CommandTree.of(all), new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()))
                .execute(all);
    }

    private static final class OneModel extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> response) {
            response.onNext(ListModelsResponse.newBuilder()
                    .addModels(Model.newBuilder().setName("models/one").setLatestVersion(1))
                    .build());
            response.onCompleted();
        }
    }
}
