package io.rootstock.cli.command.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.Rootstock;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.UpdateModelRequest;
import io.rootstock.registry.v1.UpdateModelResponse;
import io.rootstock.registry.v1.UpdateVersionRequest;
import io.rootstock.registry.v1.UpdateVersionResponse;
import io.rootstock.registry.v1.Version;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs {@code models edit} with a registry that records the requests. */
class ModelsEditCommandTest {
    private final List<UpdateModelRequest> models = new ArrayList<>();
    private final List<UpdateVersionRequest> versions = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Registry())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void aModelIsChangedByNameAndAVersionByNumber() {
        assertThat(run("javadoc", "--description", "Summaries", "--tag", "team=docs", "--tag", "stage="))
                .isZero();
        assertThat(models)
                .containsExactly(UpdateModelRequest.newBuilder()
                        .setName("models/javadoc")
                        .setDescription("Summaries")
                        .putTags("team", "docs")
                        .putTags("stage", "")
                        .build());
        assertThat(run("javadoc:2", "--remove-tag", "draft")).isZero();
        assertThat(versions)
                .containsExactly(UpdateVersionRequest.newBuilder()
                        .setName("models/javadoc/versions/2")
                        .addRemovedTags("draft")
                        .build());
        assertThat(out.toString()).contains("javadoc:2", "tags  reviewed=yes, team=docs");
    }

    @Test
    void aCallWithoutAChangeAndAnAliasAreRefused() {
        assertThat(run("javadoc")).isEqualTo(1);
        assertThat(err.toString()).contains("nothing to change", "--description");
        assertThat(run("javadoc@production", "--description", "")).isEqualTo(1);
        assertThat(err.toString()).contains("MODEL:NUMBER");
        assertThat(models).isEmpty();
    }

    private int run(String... arguments) {
        String[] all = Stream.of(
                        Stream.of("models", "edit"),
                        Stream.of(arguments),
                        Stream.of("--registry-endpoint", "127.0.0.1:" + server.getPort()))
                .flatMap(part -> part)
                .toArray(String[]::new);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all);
    }

    private final class Registry extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void updateModel(UpdateModelRequest request, StreamObserver<UpdateModelResponse> observer) {
            models.add(request);
            observer.onNext(UpdateModelResponse.newBuilder()
                    .setModel(Model.newBuilder().setName(request.getName()))
                    .build());
            observer.onCompleted();
        }

        @Override
        public void updateVersion(UpdateVersionRequest request, StreamObserver<UpdateVersionResponse> observer) {
            versions.add(request);
            observer.onNext(UpdateVersionResponse.newBuilder()
                    .setVersion(Version.newBuilder()
                            .setName(request.getName())
                            .putTags("team", "docs")
                            .putTags("reviewed", "yes"))
                    .build());
            observer.onCompleted();
        }
    }
}
