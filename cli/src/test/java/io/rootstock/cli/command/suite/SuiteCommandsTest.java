package io.rootstock.cli.command.suite;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.rootstock.artifacts.Digest;
import io.rootstock.cli.Rootstock;
import io.rootstock.cli.suite.SmallSuite;
import io.rootstock.evaluation.v1.CreateSuiteRevisionRequest;
import io.rootstock.evaluation.v1.CreateSuiteRevisionResponse;
import io.rootstock.evaluation.v1.DeleteSuiteRequest;
import io.rootstock.evaluation.v1.DeleteSuiteResponse;
import io.rootstock.evaluation.v1.GetSuiteRevisionRequest;
import io.rootstock.evaluation.v1.GetSuiteRevisionResponse;
import io.rootstock.evaluation.v1.ListSuiteRevisionsRequest;
import io.rootstock.evaluation.v1.ListSuiteRevisionsResponse;
import io.rootstock.evaluation.v1.ListSuitesRequest;
import io.rootstock.evaluation.v1.ListSuitesResponse;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.SuiteServiceGrpc;
import io.rootstock.evaluation.v1.SuiteTask;
import io.rootstock.trainer.v1.ArtifactContent;
import io.rootstock.trainer.v1.ReadArtifactRequest;
import io.rootstock.trainer.v1.ReadArtifactResponse;
import io.rootstock.trainer.v1.StoreArtifactsRequest;
import io.rootstock.trainer.v1.StoreArtifactsResponse;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands against a registry and a trainer that hold suites and files in memory. */
class SuiteCommandsTest {
    @TempDir
    private Path folder;

    private final List<String> requests = new ArrayList<>();
    private final Map<String, ByteString> artifacts = new LinkedHashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;
    private SuiteRevision stored = SuiteRevision.getDefaultInstance();

    @BeforeEach
    void start() throws Exception {
        SmallSuite.write(folder);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Suites())
                .addService(new Artifacts())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void createUploadsTheMissingFilesAndPrintsTheTasks() {
        assertThat(run("create", "mine", "--from", folder.toString())).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "suites/mine/revisions/1  1 task, 3 rows",
                        "  task  type             metrics  shots  rows",
                        "  ----  ---------------  -------  -----  ----",
                        "  copa  multiple_choice  acc          0     3");
        assertThat(requests).containsExactly("sent 4", "create suites/mine: Three rows");
        assertThat(stored.getFilesList())
                .extracting(SuiteFile::getPath)
                .containsExactly("common.yaml", "copa.yaml", "rows/copa.jsonl", "suite.yaml");
        requests.clear();
        assertThat(run("create", "mine", "--from", folder.toString(), "--description", "other"))
                .isZero();
        assertThat(requests).containsExactly("sent 0", "create suites/mine: other");
    }

    @Test
    void malformedRowsAreFoundBeforeTheUpload() throws IOException {
        Files.writeString(folder.resolve("rows/copa.jsonl"), SmallSuite.ROWS.replace("\"gold\": 0", "\"gold\": 7"));
        assertThat(run("create", "mine", "--from", folder.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "error: rows/copa.jsonl:2: the gold answer 7 is not one of the 2 choices",
                        "hint: write an index from 0 to 1, or the text of a choice");
        assertThat(requests).isEmpty();
        assertThat(run("create", "mine", "--from", folder.toString(), "--no-check-rows"))
                .isZero();
    }

    @Test
    void aBuiltInSuiteListsTheRowFilesThatAreMissing() {
        assertThat(run("create", "base", "--built-in", "base", "--data", folder.toString()))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains(
                        "missing core/boolq.jsonl  DCLM's CORE",
                        "error: 7 row files of the suite are not in " + folder);
        assertThat(requests).isEmpty();
    }

    @Test
    void sourcesThatDoNotFitAreUsageErrors() {
        assertThat(run("create", "mine")).isEqualTo(2);
        assertThat(err.toString()).contains("name one source: --from FOLDER, or --built-in SUITE");
        assertThat(run("create", "mine", "--built-in", "base")).isEqualTo(2);
        assertThat(err.toString()).contains("--built-in requires --data FOLDER");
        assertThat(run("create", "mine", "--from", folder.toString(), "--data", folder.toString()))
                .isEqualTo(2);
        assertThat(run("create", "mine", "--built-in", "none", "--data", folder.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("unknown built-in suite 'none'; known suites: abilities, base");
        assertThat(run("create", "mine", "--from", folder.resolve("absent").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("folder not found: ");
    }

    @Test
    void fieldsOfAServersErrorAreNamedAsArguments() {
        assertThat(run("create", "Mine", "--from", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("  NAME: must be suites/{suite}");
    }

    @Test
    void listShowAndRevisionsPrintTheSuite() {
        assertThat(run("create", "mine", "--from", folder.toString())).isZero();
        clear();
        assertThat(run("list", "--filter", "name = base", "--order-by", " create_time"))
                .isZero();
        assertThat(out.toString()).contains("mine", "1", "Three rows");
        out.getBuffer().setLength(0);
        assertThat(run("revisions", "suites/mine")).isZero();
        assertThat(out.toString().lines().skip(2)).hasSize(1).allMatch(line -> line.startsWith("         1      1"));
        out.getBuffer().setLength(0);
        assertThat(run("show", "mine/revisions/1", "--files")).isZero();
        assertThat(out.toString())
                .contains(
                        "revision     suites/mine/revisions/1", "copa  multiple_choice", "rows/copa.jsonl", "sha256:");
        assertThat(requests)
                .containsExactly(
                        "list name = base create_time", "revisions suites/mine", "get suites/mine/revisions/1");
        out.getBuffer().setLength(0);
        assertThat(run("show", "mine", "--json")).isZero();
        assertThat(out.toString()).startsWith("{\"name\":\"suites/mine/revisions/1\"");
    }

    @Test
    void exportWritesTheFilesThatCreateHasRead() throws IOException {
        assertThat(run("create", "mine", "--from", folder.toString())).isZero();
        Path target = folder.resolve("exported");
        assertThat(run("export", "mine", "--to", target.toString())).isZero();
        assertThat(Files.readString(target.resolve("rows/copa.jsonl"))).isEqualTo(SmallSuite.ROWS);
        assertThat(Files.readString(target.resolve("common.yaml")))
                .isEqualTo(Files.readString(folder.resolve("common.yaml")));
        assertThat(run("export", "mine", "--to", target.toString())).isEqualTo(1);
        assertThat(err.toString()).contains(target + " already exists");
    }

    @Test
    void exportRefusesWrongBytesAndPathsOutsideOfTheFolder() {
        assertThat(run("create", "mine", "--from", folder.toString())).isZero();
        Path target = folder.resolve("exported");
        artifacts.replaceAll((_, _) -> ByteString.copyFromUtf8("other"));
        assertThat(run("export", "mine", "--to", target.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("common.yaml does not match its digest");
        stored = stored.toBuilder()
                .setFiles(0, stored.getFiles(0).toBuilder().setPath("../out"))
                .build();
        assertThat(run("export", "mine", "--to", target.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("invalid file name in the suite: ../out");
        assertThat(target).doesNotExist();
        assertThat(folder.resolve(".exported.partial")).doesNotExist();
    }

    @Test
    void aSuiteIsDeletedByName() {
        assertThat(run("delete", "mine", "--yes")).isZero();
        assertThat(requests).containsExactly("delete suites/mine");
        assertThat(out.toString()).contains("deleted suites/mine");
    }

    private void clear() {
        out.getBuffer().setLength(0);
        requests.clear();
    }

    private int run(String... arguments) {
        String endpoint = "127.0.0.1:" + server.getPort();
        String[] all = Stream.of(
                        Stream.of("suites"),
                        Stream.of(arguments),
                        Stream.of("--registry-endpoint", endpoint, "--trainer-endpoint", endpoint))
                .flatMap(part -> part)
                .toArray(String[]::new);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all);
    }

    private static <T> void answer(StreamObserver<T> observer, T message) {
        observer.onNext(message);
        observer.onCompleted();
    }

    private final class Suites extends SuiteServiceGrpc.SuiteServiceImplBase {
        @Override
        public void createSuiteRevision(
                CreateSuiteRevisionRequest request, StreamObserver<CreateSuiteRevisionResponse> observer) {
            if (!request.getSuite().matches("suites/[a-z][a-z0-9-]*")) {
                observer.onError(StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                        .setCode(Status.Code.INVALID_ARGUMENT.value())
                        .setMessage("invalid")
                        .addDetails(Any.pack(BadRequest.newBuilder()
                                .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                                        .setField("suite")
                                        .setDescription("must be suites/{suite}"))
                                .build()))
                        .build()));
                return;
            }
            requests.add("create " + request.getSuite() + ": " + request.getDescription());
            stored = SuiteRevision.newBuilder()
                    .setName(request.getSuite() + "/revisions/1")
                    .setDescription(request.getDescription())
                    .addAllFiles(request.getFilesList())
                    .addTasks(SuiteTask.newBuilder()
                            .setName("copa")
                            .setOutputType("multiple_choice")
                            .addMetrics("acc"))
                    .build();
            answer(
                    observer,
                    CreateSuiteRevisionResponse.newBuilder().setRevision(stored).build());
        }

        @Override
        public void getSuiteRevision(
                GetSuiteRevisionRequest request, StreamObserver<GetSuiteRevisionResponse> observer) {
            requests.add("get " + request.getName());
            answer(
                    observer,
                    GetSuiteRevisionResponse.newBuilder().setRevision(stored).build());
        }

        @Override
        public void listSuites(ListSuitesRequest request, StreamObserver<ListSuitesResponse> observer) {
            requests.add("list " + request.getFilter() + request.getOrderBy());
            answer(
                    observer,
                    ListSuitesResponse.newBuilder().addRevisions(stored).build());
        }

        @Override
        public void listSuiteRevisions(
                ListSuiteRevisionsRequest request, StreamObserver<ListSuiteRevisionsResponse> observer) {
            requests.add("revisions " + request.getSuite());
            answer(
                    observer,
                    ListSuiteRevisionsResponse.newBuilder().addRevisions(stored).build());
        }

        @Override
        public void deleteSuite(DeleteSuiteRequest request, StreamObserver<DeleteSuiteResponse> observer) {
            requests.add("delete " + request.getName());
            answer(observer, DeleteSuiteResponse.getDefaultInstance());
        }
    }

    /** Stores bytes by digest, and refuses bytes of another digest. */
    private final class Artifacts extends TrainerServiceGrpc.TrainerServiceImplBase {
        @Override
        public StreamObserver<StoreArtifactsRequest> storeArtifacts(StreamObserver<StoreArtifactsResponse> responses) {
            return new StreamObserver<>() {
                private final Map<String, ByteString> sent = new LinkedHashMap<>();
                private String digest = "";

                @Override
                public void onNext(StoreArtifactsRequest request) {
                    switch (request.getPartCase()) {
                        case ARTIFACTS ->
                            responses.onNext(StoreArtifactsResponse.newBuilder()
                                    .addAllMissing(request.getArtifacts().getArtifactsList().stream()
                                            .map(ArtifactContent::getDigest)
                                            .filter(each -> !artifacts.containsKey(each))
                                            .toList())
                                    .build());
                        case DIGEST -> digest = request.getDigest();
                        case CHUNK -> sent.merge(digest, request.getChunk(), ByteString::concat);
                        case PART_NOT_SET -> {}
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    requests.add("cancelled");
                }

                @Override
                public void onCompleted() {
                    boolean valid = sent.entrySet().stream()
                            .allMatch(entry -> Digest.of(entry.getValue().toByteArray())
                                    .value()
                                    .equals(entry.getKey()));
                    if (!valid) {
                        responses.onError(Status.INVALID_ARGUMENT.asRuntimeException());
                        return;
                    }
                    artifacts.putAll(sent);
                    requests.add("sent " + sent.size());
                    answer(
                            responses,
                            StoreArtifactsResponse.newBuilder()
                                    .setComplete(true)
                                    .build());
                }
            };
        }

        @Override
        public void readArtifact(ReadArtifactRequest request, StreamObserver<ReadArtifactResponse> observer) {
            answer(
                    observer,
                    ReadArtifactResponse.newBuilder()
                            .setChunk(artifacts.get(request.getArtifact().getDigest()))
                            .build());
        }
    }
}
