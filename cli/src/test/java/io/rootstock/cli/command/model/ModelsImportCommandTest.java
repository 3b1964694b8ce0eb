package io.rootstock.cli.command.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.Rootstock;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.CreateVersionResponse;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.tokenizer.v1.DeleteTokenizerRequest;
import io.rootstock.tokenizer.v1.DeleteTokenizerResponse;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.GetTokenizerResponse;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import io.rootstock.tokenizer.v1.ImportTokenizerResponse;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.trainer.v1.ImportModelRequest;
import io.rootstock.trainer.v1.ImportModelResponse;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code models import} with services that record the requests. */
class ModelsImportCommandTest {
    @TempDir
    private Path folder;

    private final Set<String> tokenizers = new TreeSet<>();
    private final List<CreateVersionRequest> versions = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Status refusal = Status.OK;
    private Server server;

    @BeforeEach
    void start() throws Exception {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        List.<BindableService>of(new Trainer(), new Tokenizers(), new Models()).forEach(builder::addService);
        server = builder.build().start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void theLicenseOfTheFilesIsRegisteredUnlessAnotherIsGiven() throws Exception {
        assertThat(run("smol")).isZero();
        assertThat(run("smol", "--license", "mit")).isZero();
        assertThat(versions)
                .extracting(request -> request.getVersion().getLicense())
                .containsExactly("apache-2.0", "mit");
        assertThat(out.toString()).contains("license apache-2.0", "license mit");
        assertThat(run("smol", "--license", "Apache 2.0")).isEqualTo(2);
        assertThat(err.toString()).contains("--license", "'Apache 2.0' is not an identifier");
    }

    @Test
    void aRefusedVersionLeavesNoTokenizer() throws Exception {
        refusal = Status.FAILED_PRECONDITION;
        assertThat(run("smol")).isEqualTo(1);
        assertThat(err.toString()).contains("the registry refuses");
        assertThat(tokenizers).isEmpty();
    }

    @Test
    void aRefusedVersionLeavesTheTokenizerOfAnEarlierImport() throws Exception {
        tokenizers.add("tokenizers/smol");
        refusal = Status.FAILED_PRECONDITION;
        assertThat(run("smol")).isEqualTo(1);
        assertThat(tokenizers).containsExactly("tokenizers/smol");
    }

    @Test
    void aVersionThatMayBeRegisteredKeepsItsTokenizer() throws Exception {
        refusal = Status.UNAVAILABLE;
        assertThat(run("smol")).isEqualTo(1);
        assertThat(tokenizers).containsExactly("tokenizers/smol");
    }

    private int run(String name, String... options) throws Exception {
        Path model = Files.write(folder.resolve("model.gguf"), new byte[100]);
        String endpoint = "127.0.0.1:" + server.getPort();
        String[] all = Stream.of(
                        Stream.of("models", "import", name, model.toString()),
                        Stream.of(options),
                        Stream.of("registry", "tokenizer", "trainer", "inference")
                                .flatMap(service -> Stream.of("--" + service + "-endpoint", endpoint)))
                .flatMap(arguments -> arguments)
                .toArray(String[]::new);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all);
    }

    private static <T> void answer(StreamObserver<T> observer, T message) {
        observer.onNext(message);
        observer.onCompleted();
    }

    private static final class Trainer extends TrainerServiceGrpc.TrainerServiceImplBase {
        @Override
        public StreamObserver<ImportModelRequest> importModel(StreamObserver<ImportModelResponse> responses) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ImportModelRequest part) {}

                @Override
                public void onError(Throwable cancelled) {}

                @Override
                public void onCompleted() {
                    answer(
                            responses,
                            ImportModelResponse.newBuilder()
                                    .setTokenizerDigest("sha256:1")
                                    .setLicense("apache-2.0")
                                    .build());
                }
            };
        }
    }

    private final class Tokenizers extends TokenizerServiceGrpc.TokenizerServiceImplBase {
        @Override
        public void getTokenizer(GetTokenizerRequest request, StreamObserver<GetTokenizerResponse> observer) {
            if (tokenizers.contains(request.getName())) {
                answer(observer, GetTokenizerResponse.getDefaultInstance());
            } else {
                observer.onError(Status.NOT_FOUND.asRuntimeException());
            }
        }

        @Override
        public void importTokenizer(ImportTokenizerRequest request, StreamObserver<ImportTokenizerResponse> observer) {
            tokenizers.add(request.getName());
            answer(
                    observer,
                    ImportTokenizerResponse.newBuilder()
                            .setTokenizer(Tokenizer.newBuilder()
                                    .setName(request.getName())
                                    .setDigest(request.getDigest()))
                            .build());
        }

        @Override
        public void deleteTokenizer(DeleteTokenizerRequest request, StreamObserver<DeleteTokenizerResponse> observer) {
            tokenizers.remove(request.getName());
            answer(observer, DeleteTokenizerResponse.getDefaultInstance());
        }
    }

    private final class Models extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void createVersion(CreateVersionRequest request, StreamObserver<CreateVersionResponse> observer) {
            if (!refusal.isOk()) {
                observer.onError(refusal.withDescription("the registry refuses").asRuntimeException());
                return;
            }
            versions.add(request);
            answer(
                    observer,
                    CreateVersionResponse.newBuilder()
                            .setVersion(request.getVersion().toBuilder().setName(request.getModel() + "/versions/1"))
                            .build());
        }
    }
}
