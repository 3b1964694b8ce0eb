package io.rootstock.cli.command.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.Rootstock;
import io.rootstock.inference.v1.Answer;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.ChatResponse;
import io.rootstock.inference.v1.Classification;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.LabelProbability;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ListServedModelsResponse;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.ReadSourceRowsRequest;
import io.rootstock.tokenizer.v1.ReadSourceRowsResponse;
import io.rootstock.tokenizer.v1.RefusedRow;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.SourceMessage;
import io.rootstock.tokenizer.v1.SourceRow;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.UploadSourceRequest;
import io.rootstock.tokenizer.v1.UploadSourceResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions of services that answer by rule: texts with "win" are spam, the answer to a prompt is the prompt. */
final class PredictCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<ReadSourceRowsResponse> rows = new ArrayList<>();
    private final AtomicInteger concurrent = new AtomicInteger();
    private final AtomicInteger mostConcurrent = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private ReadSourceRowsRequest read;
    private String kind = "classifier";
    private Server server;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Sources())
                .addService(new Datasets())
                .addService(new Inference())
                .build()
                .start();
        file = Files.writeString(folder.resolve("test.tsv"), "content");
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void rowsAreClassifiedInOrderAndScored() throws IOException {
        for (int i = 0; i < 100; i++) {
            boolean spam = i % 4 == 0;
            labelled(i + 1, (spam ? "win\t" : "hi ") + i, i == 1 ? "spam" : spam ? "spam" : "ham");
        }
        labelled(101, "no label", null);
        Path output = folder.resolve("out.tsv");
        assertThat(predict("--output-file", output.toString(), "--field", "text=message", "--concurrency", "3"))
                .as(err::toString)
                .isZero();
        assertThat(out.toString()).isEqualTo("accuracy 0.9900  macro_f1 0.9868, 100 of the rows\n");
        assertThat(err.toString()).contains("predicted 101 rows in ", " rows/s");
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).hasSize(102);
        assertThat(lines.subList(0, 3))
                .containsExactly(
                        "file\tline\texpected\tpredicted\tprobability\ttext",
                        "test.tsv\t1\tspam\tspam\t0.75\twin 0",
                        "test.tsv\t2\tspam\tham\t0.75\thi 1");
        assertThat(lines.getLast()).isEqualTo("test.tsv\t101\t\tham\t0.75\tno label");
        assertThat(mostConcurrent.get()).isBetween(1, 3);
        assertThat(read.getFields().getText()).isEqualTo("message");
        assertThat(read.getSources(0).getDigest()).isEqualTo("test.tsv");

        assertThat(predict("--output-file", output.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("--output-file " + output + " already exists");
    }

    @Test
    void answersAreGeneratedAndComparedWithReferences() throws IOException {
        kind = "instruct";
        answered(1, "ein Hund läuft", "ein Hund läuft");
        answered(2, "zwei Katzen", "drei Katzen schlafen");
        busy.set(2);
        Path output = folder.resolve("out.jsonl");
        assertThat(predict("--output-file", output.toString()))
                .as(err::toString)
                .isZero();
        assertThat(out.toString()).matches("chrf_plus_plus \\d+\\.\\d{4}  bleu \\d+\\.\\d{4}\\n");
        assertThat(err.toString()).contains(" tok/s");
        assertThat(Files.readAllLines(output))
                .element(1)
                .isEqualTo("{\"file\":\"test.tsv\",\"line\":2,\"expected\":\"drei Katzen schlafen\","
                        + "\"predicted\":\"zwei Katzen\","
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"zwei Katzen\"}]}");
        assertThat(busy.get()).isLessThanOrEqualTo(0);
    }

    @Test
    void badRowsAreNamedAndLimited() {
        labelled(1, "win", "spam");
        rows.add(ReadSourceRowsResponse.newBuilder()
                .setRejected(
                        RefusedRow.newBuilder().setFile("test.tsv").setLine(2).setReason("has an empty field 'text'"))
                .build());
        labelled(3, "too long", "ham");
        assertThat(predict()).isEqualTo(1);
        assertThat(err.toString())
                .contains("1 row was rejected, --max-rejected-rows is 0:")
                .contains("test.tsv:2: has an empty field 'text'");
        assertThat(predict("--max-rejected-rows", "1")).isEqualTo(1);
        assertThat(err.toString()).contains("test.tsv:3: text is too long");
        assertThat(predict("--max-rejected-rows", "2", "--json")).isZero();
        assertThat(out.toString()).contains("{\"rows\":1,\"rejected_rows\":2,\"scored_rows\":1,\"accuracy\":1.0,");
    }

    @Test
    void invalidOptionsAreNamed() {
        assertUsage(
                "invalid --output-file out.csv: requires a name that ends in .tsv or .jsonl",
                "--output-file",
                "out.csv");
        assertUsage("invalid --concurrency 0: requires 1 to 256", "--concurrency", "0");
        assertUsage("--instruction requires --parallel", "--instruction", "Translate.");
        assertUsage("invalid --encoding 'latin-17'", "--encoding", "latin-17");
        assertThat(run("predict", "spam")).isEqualTo(2);
        assertThat(err.toString()).contains("missing rows: add --file FILE");
        assertThat(run("predict", "other", "--file", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("model 'other' is not served");
        kind = "base";
        assertThat(predict()).isEqualTo(1);
        assertThat(err.toString()).contains("model 'spam' is of kind base");
    }

    private void assertUsage(String message, String... options) {
        assertThat(predict(options)).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }

    private int predict(String... options) {
        List<String> arguments = new ArrayList<>(List.of("predict", "spam", "--file", file.toString()));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        String address = "127.0.0.1:" + server.getPort();
        all.addAll(List.of("--tokenizer-endpoint", address, "--inference-endpoint", address));
        return Rootstock.commandLine(new PrintWriter(out), new PrintWriter(err)).execute(all.toArray(String[]::new));
    }

    private void labelled(long line, String text, String label) {
        SourceRow.Builder row =
                SourceRow.newBuilder().setFile("test.tsv").setLine(line).setText(text);
        if (label != null) {
            row.setExpected(label);
        }
        rows.add(ReadSourceRowsResponse.newBuilder().setAccepted(row).build());
    }

    private void answered(long line, String prompt, String answer) {
        rows.add(ReadSourceRowsResponse.newBuilder()
                .setAccepted(SourceRow.newBuilder()
                        .setFile("test.tsv")
                        .setLine(line)
                        .addMessages(SourceMessage.newBuilder().setRole("user").setContent(prompt))
                        .setExpected(answer))
                .build());
    }

    private final class Datasets extends DatasetServiceGrpc.DatasetServiceImplBase {
        @Override
        public void readSourceRows(ReadSourceRowsRequest request, StreamObserver<ReadSourceRowsResponse> answers) {
            read = request;
            rows.forEach(answers::onNext);
            answers.onCompleted();
        }
    }

    private final class Inference extends InferenceServiceGrpc.InferenceServiceImplBase {
        @Override
        public void listServedModels(
                ListServedModelsRequest request, StreamObserver<ListServedModelsResponse> answers) {
            answers.onNext(ListServedModelsResponse.newBuilder()
                    .addModels(ServedModel.newBuilder()
                            .setAlias("models/spam/aliases/production")
                            .setVersion("models/spam/versions/1")
                            .setKind(kind))
                    .build());
            answers.onCompleted();
        }

        @Override
        public void classify(ClassifyRequest request, StreamObserver<ClassifyResponse> answers) {
            mostConcurrent.accumulateAndGet(concurrent.incrementAndGet(), Math::max);
            if (request.getTextsList().contains("too long")) {
                concurrent.decrementAndGet();
                answers.onError(Status.INVALID_ARGUMENT
                        .withDescription("text is too long")
                        .asRuntimeException());
                return;
            }
            ClassifyResponse.Builder response = ClassifyResponse.newBuilder();
            for (String text : request.getTextsList()) {
                String label = text.startsWith("win") ? "spam" : "ham";
                response.addClassifications(Classification.newBuilder()
                        .setLabel(label)
                        .addProbabilities(
                                LabelProbability.newBuilder().setLabel(label).setProbability(0.75f)));
            }
            concurrent.decrementAndGet();
            answers.onNext(response.build());
            answers.onCompleted();
        }

        @Override
        public void chat(ChatRequest request, StreamObserver<ChatResponse> answers) {
            if (busy.getAndDecrement() > 0) {
                answers.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
                return;
            }
            answers.onNext(ChatResponse.newBuilder()
                    .addAnswers(Answer.newBuilder()
                            .setMessage(Message.newBuilder()
                                    .setRole("assistant")
                                    .setContent(request.getMessages(0).getContent()))
                            .setFinish(Finish.newBuilder().setCompletionTokens(3)))
                    .build());
            answers.onCompleted();
        }
    }

    private static final class Sources extends SourceServiceGrpc.SourceServiceImplBase {
        @Override
        public StreamObserver<UploadSourceRequest> uploadSource(StreamObserver<UploadSourceResponse> answers) {
            return new StreamObserver<>() {
                private String name;

                @Override
                public void onNext(UploadSourceRequest part) {
                    if (part.hasHeader()) {
                        name = part.getHeader().getFileName();
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    answers.onError(failure);
                }

                @Override
                public void onCompleted() {
                    answers.onNext(UploadSourceResponse.newBuilder()
                            .setSource(Source.newBuilder().setFileName(name).setDigest(name))
                            .build());
                    answers.onCompleted();
                }
            };
        }
    }
}
