package io.rootstock.cli.command.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.Rootstock;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetRow;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.EncodeRequest;
import io.rootstock.tokenizer.v1.EncodeResponse;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.GetDatasetResponse;
import io.rootstock.tokenizer.v1.LongRowHandling;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetResponse;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import io.rootstock.tokenizer.v1.ReadDatasetRowsResponse;
import io.rootstock.tokenizer.v1.RowShape;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.SourceShape;
import io.rootstock.tokenizer.v1.TextSegment;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.tokenizer.v1.UploadSourceRequest;
import io.rootstock.tokenizer.v1.UploadSourceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a server that records uploads and requests. */
final class DatasetCommandsTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> uploads = new LinkedHashMap<>();
    private final List<DatasetRow> rows = new ArrayList<>();
    private PrepareDatasetRequest prepared;
    private ReadDatasetRowsRequest read;
    private Dataset dataset = Dataset.newBuilder()
            .setName("datasets/d")
            .addWarnings("3 rows were truncated")
            .build();
    private SourceShape shape = SourceShape.getDefaultInstance();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Sources())
                .addService(new Datasets())
                .addService(new Tokenizers())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void aFileOrFolderPerClassBecomesASourceWithItsLabel() throws IOException {
        Path spam = Files.createDirectory(folder.resolve("junk"));
        Files.write(spam.resolve("2.txt"), "zwei \"Öl\"\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(spam.resolve("1.eml"), "one\ntwo");
        Files.writeString(spam.resolve(".hidden"), "x");
        Path ham = Files.writeString(folder.resolve("ham.txt"), "a\nb\n");
        assertThat(prepare(
                        "classification",
                        "--class",
                        "spam=" + spam,
                        "--class",
                        "ham=" + ham,
                        "--test-class",
                        "ham=" + ham,
                        "--encoding",
                        "ISO-8859-1"))
                .isZero();
        assertThat(uploads)
                .containsEntry("junk.jsonl", "{\"text\":\"one\\ntwo\"}\n{\"text\":\"zwei \\\"Öl\\\"\\n\"}\n")
                .containsEntry("ham.txt", "a\nb\n");
        assertThat(prepared.getSourcesList())
                .containsExactly(
                        DatasetSource.newBuilder()
                                .setName("spam")
                                .setDigest("junk.jsonl")
                                .setLabel("spam")
                                .build(),
                        DatasetSource.newBuilder()
                                .setName("ham")
                                .setDigest("ham.txt")
                                .setLabel("ham")
                                .setEncoding("ISO-8859-1")
                                .build(),
                        DatasetSource.newBuilder()
                                .setName("test ham")
                                .setDigest("ham.txt")
                                .setLabel("ham")
                                .setSplit("test")
                                .setEncoding("ISO-8859-1")
                                .build());
        assertThat(out.toString()).contains("warning: 3 rows were truncated");
    }

    @Test
    void aDetectedShapeIsReportedBeforeTheResultAndAStatedOneIsSent() throws IOException {
        Path file = Files.writeString(folder.resolve("chats.jsonl"), "{}\n");
        shape = SourceShape.newBuilder()
                .setSource("chats.jsonl")
                .setFile("chats.jsonl")
                .setShape(RowShape.ROW_SHAPE_SHAREGPT)
                .setReason("rows 1-2 have the field conversations with from and value")
                .build();
        dataset = dataset.toBuilder().addShapes(shape).build();
        String line = "chats.jsonl  shape: sharegpt (rows 1-2 have the field conversations with from and value)\n";
        assertThat(run("dataset", "prepare", "d", "--tokenizer", "t", "--file", file.toString()))
                .isZero();
        assertThat(prepared.getKind()).isEqualTo(DatasetKind.DATASET_KIND_UNSPECIFIED);
        assertThat(prepared.getSources(0).getShape()).isEqualTo(RowShape.ROW_SHAPE_UNSPECIFIED);
        assertThat(err.toString()).contains(line);
        assertThat(out.toString()).contains(line);
        assertThat(prepare("preference", "--file", file.toString(), "--shape", "preference-texts"))
                .isZero();
        assertThat(prepared.getSources(0).getShape()).isEqualTo(RowShape.ROW_SHAPE_PREFERENCE_TEXTS);
        assertUsage(
                "invalid shape 'line-aligned'", "instruction", "--file", file.toString(), "--shape", "line-aligned");
    }

    @Test
    void lineAlignedFilesAreUploadedInPairs() throws IOException {
        Path en = Files.writeString(folder.resolve("en.txt"), "a house\n");
        Path de = Files.writeString(folder.resolve("de.txt"), "ein Haus\n");
        assertThat(prepare(
                        "instruction",
                        "--parallel",
                        en + "," + de,
                        "--instruction",
                        "Translate.",
                        "--long-rows",
                        "truncate",
                        "--delimiter",
                        "tab"))
                .isZero();
        assertThat(prepared.getSourcesList())
                .containsExactly(DatasetSource.newBuilder()
                        .setName("en.txt,de.txt")
                        .setDigest("en.txt")
                        .setOutputDigest("de.txt")
                        .setInstruction("Translate.")
                        .build());
        assertThat(prepared.getLongRows()).isEqualTo(LongRowHandling.LONG_ROW_HANDLING_TRUNCATE);
        assertThat(prepared.getDelimiter()).isEqualTo("\t");
    }

    @Test
    void wrongOptionsAreNamedBeforeAnyUpload() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "a\n");
        assertUsage("--kind classification", "instruction", "--class", "a=" + file);
        assertUsage("--kind instruction", "classification", "--parallel", file + "," + file);
        assertUsage(
                "--instruction requires --parallel", "instruction", "--file", file.toString(), "--instruction", "x");
        assertUsage(
                "invalid --encoding 'latin-17'", "pretraining", "--file", file.toString(), "--encoding", "latin-17");
        assertUsage("expected LABEL=PATH", "classification", "--class", file.toString());
        assertUsage("expected INPUTS,OUTPUTS", "instruction", "--parallel", file.toString());
        assertUsage("is a folder; a folder needs --class", "pretraining", "--file", folder.toString());
        assertUsage("--long-rows", "instruction", "--file", file.toString(), "--long-rows", "cut");
        assertThat(uploads).isEmpty();
    }

    private void assertUsage(String message, String kind, String... options) {
        err.getBuffer().setLength(0);
        assertThat(prepare(kind, options)).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }

    @Test
    void aFolderWithWrongFilesIsRefusedWithTheFile() throws IOException {
        Path spam = Files.createDirectory(folder.resolve("spam"));
        assertRefused(spam, "no files in " + spam);
        Path file = Files.write(spam.resolve("1.txt"), new byte[] {'a', (byte) 0xE4, 'b'});
        assertRefused(spam, file + " is not valid UTF-8: byte 0xE4 at offset 1");
        Files.writeString(file, " \n");
        assertRefused(spam, "blank file: " + file);
        Files.writeString(file, "ok");
        Path nested = Files.createDirectory(spam.resolve("more"));
        assertRefused(spam, "cannot read " + nested);
    }

    private void assertRefused(Path spam, String message) {
        err.getBuffer().setLength(0);
        assertThat(prepare("classification", "--class", "spam=" + spam)).isEqualTo(1);
        assertThat(err.toString()).contains(message).contains("hint: ");
        assertThat(uploads).isEmpty();
    }

    @Test
    void rowsArePrintedAsJsonLinesByKind() {
        rows.add(row(0, "", special("<bos>"), text("one\n"), special("<eos>")).toBuilder()
                .setLabel("ham")
                .build());
        assertThat(printed(DatasetKind.DATASET_KIND_CLASSIFICATION))
                .isEqualTo("{\"text\":\"one\\n\",\"label\":\"ham\"}\n");
        assertThat(printed(DatasetKind.DATASET_KIND_PRETRAINING)).isEqualTo("{\"text\":\"one\\n\"}\n");
        rows.clear();
        rows.add(row(0, "", special("<u>"), text("a\n"), answer("b"), answer(special("<e>"))));
        rows.add(row(1, "", text("c"), answer("d"), text("e"), answer("f"), answer(special("<e>")), text("\n")));
        assertThat(printed(DatasetKind.DATASET_KIND_INSTRUCTION))
                .isEqualTo("{\"prompt\":\"<u>a\\n\",\"output\":\"b\"}\n{\"prompt\":\"cde\",\"output\":\"f\"}\n");
        rows.clear();
        rows.add(row(
                0,
                "",
                text("q"),
                answer("yes"),
                answer(special("<e>")),
                text("q").toBuilder().setRejected(true).build(),
                answer("no").toBuilder().setRejected(true).build()));
        assertThat(printed(DatasetKind.DATASET_KIND_PREFERENCE))
                .isEqualTo("{\"prompt\":\"q\",\"chosen\":\"yes\",\"rejected\":\"no\"}\n");
        assertThat(read)
                .isEqualTo(ReadDatasetRowsRequest.newBuilder()
                        .setName("datasets/d")
                        .setSplit("test")
                        .setSource("s")
                        .setSkip(2)
                        .setMaxRows(9)
                        .build());
    }

    @Test
    void aRowOfSeveralMessagesIsOneLine() {
        rows.add(row(0, "", text("one ")).toBuilder().setContinued(true).build());
        rows.add(row(0, "", text("two ")).toBuilder().setContinued(true).build());
        rows.add(row(0, "", text("three")));
        rows.add(row(1, "", text("next")));
        assertThat(printed(DatasetKind.DATASET_KIND_PRETRAINING))
                .isEqualTo("{\"text\":\"one two three\"}\n{\"text\":\"next\"}\n");
    }

    private String printed(DatasetKind kind) {
        dataset = dataset.toBuilder().setKind(kind).build();
        out.getBuffer().setLength(0);
        assertThat(run("dataset", "rows", "d", "--split", "test", "--source", "s", "--skip", "2", "--rows", "9"))
                .isZero();
        return out.toString();
    }

    @Test
    void showPrintsRowsWithTheLossMaskAndLabels() {
        rows.add(row(
                4,
                "ham",
                text("a\nb\\"),
                answer("yes"),
                answer("no").toBuilder().setRejected(true).build()));
        assertThat(run("dataset", "show", "d", "--rows", "5", "--split", "test"))
                .isZero();
        assertThat(out.toString())
                .contains("warning: 3 rows were truncated\n")
                .endsWith("test row 4 of s, 7 tokens, label ham\n    a\\nb\\\\\n  + yes\n  - no\n");
        assertThat(read.getMaxRows()).isEqualTo(5);
        assertThat(run("dataset", "show", "d", "--split", "test")).isEqualTo(2);
        assertThat(err.toString()).contains("--split requires --rows N");
        assertThat(run("dataset", "show", "d", "--rows", "-1")).isEqualTo(2);
    }

    @Test
    void encodeRefusesInvalidBytesOfStandardInput() {
        InputStream standard = System.in;
        System.setIn(new ByteArrayInputStream(new byte[] {'o', 'k', ' ', (byte) 0xE4}));
        try {
            assertThat(run("tokenizer", "encode", "t", "-")).isEqualTo(1);
        } finally {
            System.setIn(standard);
        }
        assertThat(err.toString())
                .contains("standard input is not valid UTF-8: byte 0xE4 at offset 3")
                .contains("hint: convert it to UTF-8");
        assertThat(run("tokenizer", "encode", "t", "a\uFFFD")).isZero();
        assertThat(err.toString()).contains("warning: the text contains U+FFFD");
        assertThat(out.toString()).isEqualTo("7\n");
    }

    private int prepare(String kind, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("dataset", "prepare", "d", "--kind", kind, "--tokenizer", "t"));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--home", folder.resolve("home").toString(), "--tokenizer-endpoint", "127.0.0.1:" + server.getPort()));
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private static DatasetRow row(long row, String label, TextSegment... segments) {
        return DatasetRow.newBuilder()
                .setSource("s")
                .setRow(row)
                .setLabel(label)
                .setTokens(7)
                .addAllSegments(List.of(segments))
                .build();
    }

    private static TextSegment text(String text) {
        return TextSegment.newBuilder().setText(text).build();
    }

    private static TextSegment special(String text) {
        return text(text).toBuilder().setSpecial(true).build();
    }

    private static TextSegment answer(String text) {
        return answer(text(text));
    }

    private static TextSegment answer(TextSegment segment) {
        return segment.toBuilder().setLoss(true).build();
    }

    /** Returns the file name of an upload as its digest. */
    private final class Sources extends SourceServiceGrpc.SourceServiceImplBase {
        @Override
        public StreamObserver<UploadSourceRequest> uploadSource(StreamObserver<UploadSourceResponse> responses) {
            return new StreamObserver<>() {
                private String name = "";
                private final StringBuilder content = new StringBuilder();

                @Override
                public void onNext(UploadSourceRequest part) {
                    name = part.hasHeader() ? part.getHeader().getFileName() : name;
                    content.append(part.getChunk().toStringUtf8());
                }

                @Override
                public void onError(Throwable failure) {
                    throw new AssertionError(failure);
                }

                @Override
                public void onCompleted() {
                    uploads.put(name, content.toString());
                    responses.onNext(UploadSourceResponse.newBuilder()
                            .setSource(Source.newBuilder().setFileName(name).setDigest(name))
                            .build());
                    responses.onCompleted();
                }
            };
        }
    }

    private final class Datasets extends DatasetServiceGrpc.DatasetServiceImplBase {
        @Override
        public void prepareDataset(PrepareDatasetRequest request, StreamObserver<PrepareDatasetResponse> responses) {
            prepared = request;
            if (!shape.getFile().isEmpty()) {
                responses.onNext(
                        PrepareDatasetResponse.newBuilder().setShape(shape).build());
            }
            responses.onNext(
                    PrepareDatasetResponse.newBuilder().setDataset(dataset).build());
            responses.onCompleted();
        }

        @Override
        public void getDataset(GetDatasetRequest request, StreamObserver<GetDatasetResponse> responses) {
            responses.onNext(GetDatasetResponse.newBuilder().setDataset(dataset).build());
            responses.onCompleted();
        }

        @Override
        public void readDatasetRows(ReadDatasetRowsRequest request, StreamObserver<ReadDatasetRowsResponse> responses) {
            read = request;
            rows.forEach(row -> responses.onNext(
                    ReadDatasetRowsResponse.newBuilder().setRow(row).build()));
            responses.onCompleted();
        }
    }

    private static final class Tokenizers extends TokenizerServiceGrpc.TokenizerServiceImplBase {
        @Override
        public void encode(EncodeRequest request, StreamObserver<EncodeResponse> responses) {
            responses.onNext(EncodeResponse.newBuilder().addTokenIds(7).build());
            responses.onCompleted();
        }
    }
}
