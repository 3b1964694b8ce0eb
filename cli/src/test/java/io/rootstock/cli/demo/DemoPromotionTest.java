package io.rootstock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.OutputFormat;
import io.rootstock.cli.display.TerminalWidth;
import io.rootstock.cli.installation.Service;
import io.rootstock.evaluation.v1.CheckGatesRequest;
import io.rootstock.evaluation.v1.CheckGatesResponse;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.evaluation.v1.GateResult;
import io.rootstock.evaluation.v1.GateServiceGrpc;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.GetVersionResponse;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.SetAliasResponse;
import io.rootstock.registry.v1.Version;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Promotes with a registry whose only gate passes or fails. */
class DemoPromotionTest {
    private static final String VERSION = "models/javadoc/versions/1";
    private static final String GATE = "models/javadoc/aliases/production/gates/text";

    private final StringWriter out = new StringWriter();
    private final Console console = new Console(
            new PrintWriter(out, true),
            new PrintWriter(new StringWriter()),
            OutputFormat.TABLE,
            false,
            TerminalWidth.UNLIMITED);
    private Server server;
    private Clients clients;
    private DemoPromotion promotion;
    private String current = "";
    private String failed = "javadoc:1 is not evaluated; run `rootstock eval run javadoc:1`";

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Models())
                .addService(new Gates())
                .build()
                .start();
        clients = new Clients(new Endpoints(
                Map.of(Service.REGISTRY, "127.0.0.1:" + server.getPort()), Optional.empty(), Optional.empty()));
        promotion = new DemoPromotion(clients, console);
    }

    @AfterEach
    void stop() {
        clients.close();
        server.shutdownNow();
    }

    @Test
    void aRefusalIsShownWithTheReasonsOfTheGatesThatFail() {
        promotion.showRefusal(VERSION);
        assertThat(current).isEmpty();
        assertThat(out.toString().lines())
                .containsExactly(
                        "  promotion of javadoc:1 is refused, as expected before its evaluation:",
                        "    gate text: javadoc:1 is not evaluated; run `rootstock eval run javadoc:1`");
    }

    @Test
    void aPromotionThatAGateRefusesIsShownAndOverridden() {
        failed = "bits_per_byte 2.31, upper end 2.35, is above 2.045";
        promotion.promote(VERSION);
        assertThat(current).isEqualTo(VERSION);
        assertThat(out.toString().lines())
                .startsWith(
                        "  promotion of javadoc:1 is refused:",
                        "    gate text: bits_per_byte 2.31, upper end 2.35, is above 2.045")
                .endsWith("  models/javadoc/aliases/production → javadoc:1")
                .hasSize(4);
    }

    @Test
    void aVersionInProductionIsNotPromotedAgain() {
        failed = "";
        promotion.promote(VERSION);
        assertThat(current).isEqualTo(VERSION);
        failed = "not evaluated";
        promotion.showRefusal(VERSION);
        promotion.promote(VERSION);
        assertThat(out.toString().lines())
                .containsExactly(
                        "  models/javadoc/aliases/production → javadoc:1", "  javadoc:1 is already in production");
    }

    @Test
    void otherFailuresAreNotTakenForRefusals() {
        server.shutdownNow();
        assertThatThrownBy(() -> promotion.showRefusal(VERSION)).isInstanceOf(StatusRuntimeException.class);
    }

    private final class Models extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> responses) {
            assertThat(request.getName()).isEqualTo("models/javadoc@production");
            if (current.isEmpty()) {
                responses.onError(Status.NOT_FOUND.asRuntimeException());
                return;
            }
            responses.onNext(GetVersionResponse.newBuilder()
                    .setVersion(Version.newBuilder().setName(current))
                    .build());
            responses.onCompleted();
        }

        @Override
        public void setAlias(SetAliasRequest request, StreamObserver<SetAliasResponse> responses) {
            if (!failed.isEmpty() && !request.getOverrideGates()) {
                responses.onError(StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                        .setCode(Code.FAILED_PRECONDITION_VALUE)
                        .setMessage(request.getVersion() + " fails a gate")
                        .addDetails(Any.pack(
                                ErrorInfo.newBuilder().setReason("GATES_FAILED").build()))
                        .build()));
                return;
            }
            current = request.getVersion();
            responses.onNext(SetAliasResponse.newBuilder()
                    .setAlias(Alias.newBuilder().setName(request.getName()).setVersion(current))
                    .build());
            responses.onCompleted();
        }
    }

    private final class Gates extends GateServiceGrpc.GateServiceImplBase {
        @Override
        public void checkGates(CheckGatesRequest request, StreamObserver<CheckGatesResponse> responses) {
            responses.onNext(CheckGatesResponse.newBuilder()
                    .addResults(GateResult.newBuilder()
                            .setGate(Gate.newBuilder().setName(GATE.replace("text", "other")))
                            .setPassed(true))
                    .addResults(GateResult.newBuilder()
                            .setGate(Gate.newBuilder().setName(GATE))
                            .setReason(failed))
                    .build());
            responses.onCompleted();
        }
    }
}
