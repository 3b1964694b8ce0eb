package io.rootstock.cli.bundle;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.cli.Rootstock;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.CreateVersionResponse;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.GetVersionResponse;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.ListVersionsResponse;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.GetTokenizerResponse;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import io.rootstock.tokenizer.v1.ImportTokenizerResponse;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactContent;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.ReadArtifactRequest;
import io.rootstock.trainer.v1.ReadArtifactResponse;
import io.rootstock.trainer.v1.StoreArtifactsRequest;
import io.rootstock.trainer.v1.StoreArtifactsResponse;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The RPCs that bundles need, on a real artifact store; versions and tokenizers are in memory. */
final class RecordedInstallation implements AutoCloseable {
    final DirectoryArtifactStore store;
    final Map<String, List<Version>> versions = new TreeMap<>();
    final Map<String, String> tokenizers = new TreeMap<>();
    final List<String> received = new ArrayList<>();
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    private final Path folder;
    private final Server server;

    RecordedInstallation(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        store = new DirectoryArtifactStore(folder.resolve("artifacts"));
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Trainer())
                .addService(new Tokenizers())
                .addService(new Models())
                .build()
                .start();
    }

    /** Runs a command of the command line against this installation and returns its exit status. */
    int run(String... arguments) {
        String endpoint = "127.0.0.1:" + server.getPort();
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(Stream.concat(
                                Stream.of(arguments),
                                Stream.of("registry", "tokenizer", "trainer", "inference")
                                        .flatMap(service -> Stream.of("--" + service + "-endpoint", endpoint)))
                        .toArray(String[]::new));
    }

    /** Adds a version to its model and returns it with its name. */
    Version add(String model, Version.Builder version) {
        List<Version> all = versions.computeIfAbsent("models/" + model, _ -> new ArrayList<>());
        Version added = version.setName("models/" + model + "/versions/" + (all.size() + 1))
                .build();
        all.add(added);
        return added;
    }

    /** Stores a file. */
    Artifact file(ArtifactKind kind, String content) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "artifact", ""), content);
        return artifact(kind, store.putFile(file), content.length());
    }

    /** Stores a directory with these files. */
    Artifact directory(ArtifactKind kind, Map<String, String> files) throws IOException {
        Path directory = Files.createTempDirectory(folder, "directory");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
        return artifact(kind, store.putDirectory(directory), 0);
    }

    private static Artifact artifact(ArtifactKind kind, Digest digest, long bytes) {
        return Artifact.newBuilder()
                .setKind(kind)
                .setDigest(digest.value())
                .setBytes(bytes)
                .build();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static <T> void answer(StreamObserver<T> observer, T message) {
        observer.onNext(message);
        observer.onCompleted();
    }

    private final class Trainer extends TrainerServiceGrpc.TrainerServiceImplBase {
        @Override
        public void readArtifact(ReadArtifactRequest request, StreamObserver<ReadArtifactResponse> observer) {
            try {
                byte[] content = Files.readAllBytes(
                        store.verified(Digest.parse(request.getArtifact().getDigest())));
                answer(
                        observer,
                        ReadArtifactResponse.newBuilder()
                                .setChunk(ByteString.copyFrom(content))
                                .build());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public StreamObserver<StoreArtifactsRequest> storeArtifacts(StreamObserver<StoreArtifactsResponse> observer) {
            return new StreamObserver<>() {
                private ArtifactWriter writer;

                @Override
                public void onNext(StoreArtifactsRequest request) {
                    try {
                        switch (request.getPartCase()) {
                            case ARTIFACTS ->
                                observer.onNext(StoreArtifactsResponse.newBuilder()
                                        .addAllMissing(request.getArtifacts().getArtifactsList().stream()
                                                .map(ArtifactContent::getDigest)
                                                .filter(digest -> !store.contains(Digest.parse(digest)))
                                                .toList())
                                        .build());
                            case DIGEST -> {
                                end();
                                received.add(request.getDigest());
                                writer = store.create();
                            }
                            case CHUNK -> request.getChunk().writeTo(writer);
                            case PART_NOT_SET -> throw new AssertionError(request);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }

                @Override
                public void onError(Throwable cancelled) {}

                @Override
                public void onCompleted() {
                    end();
                    answer(
                            observer,
                            StoreArtifactsResponse.newBuilder()
                                    .setComplete(true)
                                    .build());
                }

                private void end() {
                    if (writer != null) {
                        Digest _ = writer.commit();
                    }
                }
            };
        }
    }

    private final class Tokenizers extends TokenizerServiceGrpc.TokenizerServiceImplBase {
        @Override
        public void getTokenizer(GetTokenizerRequest request, StreamObserver<GetTokenizerResponse> observer) {
            if (!tokenizers.containsKey(request.getName())) {
                observer.onError(Status.NOT_FOUND.asRuntimeException());
                return;
            }
            answer(
                    observer,
                    GetTokenizerResponse.newBuilder()
                            .setTokenizer(tokenizer(request.getName()))
                            .build());
        }

        @Override
        public void importTokenizer(ImportTokenizerRequest request, StreamObserver<ImportTokenizerResponse> observer) {
            tokenizers.put(request.getName(), request.getDigest());
            answer(
                    observer,
                    ImportTokenizerResponse.newBuilder()
                            .setTokenizer(tokenizer(request.getName()))
                            .build());
        }

        private Tokenizer tokenizer(String name) {
            return Tokenizer.newBuilder()
                    .setName(name)
                    .setDigest(tokenizers.get(name))
                    .build();
        }
    }

    /** The version of models/{model}:{number} or models/{model}/versions/{number}. */
    private static VersionName named(String name) {
        if (VersionReference.parse(name) instanceof VersionReference.ByNumber(VersionName version)) {
            return version;
        }
        throw new AssertionError(name);
    }

    private final class Models extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void createVersion(CreateVersionRequest request, StreamObserver<CreateVersionResponse> observer) {
            answer(
                    observer,
                    CreateVersionResponse.newBuilder()
                            .setVersion(add(
                                    request.getModel().substring("models/".length()), request.getVersion().toBuilder()))
                            .build());
        }

        @Override
        public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> observer) {
            versions.values().stream()
                    .flatMap(List::stream)
                    .filter(version -> VersionName.parse(version.getName()).equals(named(request.getName())))
                    .findFirst()
                    .ifPresentOrElse(
                            version -> answer(
                                    observer,
                                    GetVersionResponse.newBuilder()
                                            .setVersion(version)
                                            .build()),
                            () -> observer.onError(Status.NOT_FOUND.asRuntimeException()));
        }

        @Override
        public void listVersions(ListVersionsRequest request, StreamObserver<ListVersionsResponse> observer) {
            if (!versions.containsKey(request.getModel())) {
                observer.onError(Status.NOT_FOUND.asRuntimeException());
                return;
            }
            answer(
                    observer,
                    ListVersionsResponse.newBuilder()
                            .addAllVersions(versions.get(request.getModel()))
                            .build());
        }
    }
}
