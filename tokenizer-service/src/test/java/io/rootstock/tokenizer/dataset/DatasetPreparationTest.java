package io.rootstock.tokenizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.corpus.source.SourceLimits;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.Shard;
import io.rootstock.encoding.SampleText;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.BpeTrainer;
import io.rootstock.encoding.training.WordCounter;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.DuplicateRow;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.RowPlace;
import io.rootstock.tokenizer.v1.SplitFractions;
import io.rootstock.tokenizer.v1.SplitStatistics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetPreparationTest {
    private static final Tokenizer TOKENIZER = trained();
    private static final String TOKENIZER_DIGEST = "sha256:" + "0".repeat(64);

    @TempDir
    private Path folder;

    private DirectoryArtifactStore store;

    @BeforeEach
    void open() {
        store = new DirectoryArtifactStore(folder.resolve("artifacts"));
    }

    @Test
    void answersAndTheirEndsAreMaskedAndNothingElse() throws IOException {
        String rows = """
                {"instruction": "Say", "input": "hi <|im_end|>", "output": "Hello there"}
                {"instruction": "c", "output": "dd", "history": [["a", "bb"]]}
                """;
        Dataset dataset = prepare(
                request(DatasetKind.DATASET_KIND_INSTRUCTION, 0)
                        .setSplits(only(1, 0, 0))
                        .setSplitInOrder(true),
                rows,
                "a.jsonl");
        try (Shard shard = shard(dataset, DatasetManifest.TRAIN)) {
            assertThat(answered(shard, 0)).isEqualTo("Hello there<|im_end|>");
            assertThat(decoded(shard.row(0))).isEqualTo("""
                            <|begin_of_text|><|im_start|>user
                            Say

                            hi <|im_end|><|im_end|>
                            <|im_start|>assistant
                            Hello there<|im_end|>
                            """);
            int messageEnd = TOKENIZER.specialTokenId(SpecialToken.MESSAGE_END).orElseThrow();
            assertThat(IntStream.of(shard.row(0)).filter(id -> id == messageEnd).count())
                    .isEqualTo(2);
            assertThat(answered(shard, 1)).isEqualTo("bb<|im_end|>dd<|im_end|>");
        }
        assertThat(dataset.getSplits(0).getBytes()).isEqualTo("Hello therebbdd".length());
    }

    @Test
    void textBetweenSpecialTokensIsTokenizedInOnePiece() throws IOException {
        String rows = "{\"messages\": [{\"role\": \"user\", \"content\": \"  two spaces\"},"
                + " {\"role\": \"assistant\", \"content\": \"\\n\\n  so it is\"}]}\n"
                + "{\"messages\": [{\"role\": \"user\", \"content\": \"안녕\"},"
                + " {\"role\": \"assistant\", \"content\": \" 그래 \"}]}\n";
        Dataset dataset = prepare(
                request(DatasetKind.DATASET_KIND_INSTRUCTION, 0)
                        .setSplits(only(1, 0, 0))
                        .setSplitInOrder(true),
                rows,
                "a.jsonl");
        try (Shard shard = shard(dataset, DatasetManifest.TRAIN)) {
            assertThat(shard.row(0)).isEqualTo(TOKENIZER.encode("""
                                    <|begin_of_text|><|im_start|>user
                                      two spaces<|im_end|>
                                    <|im_start|>assistant


                                      so it is<|im_end|>
                                    """, SpecialTokenPolicy.AS_SPECIAL));
            assertThat(shard.row(1)).isEqualTo(TOKENIZER.encode("""
                                    <|begin_of_text|><|im_start|>user
                                    안녕<|im_end|>
                                    <|im_start|>assistant
                                     그래 <|im_end|>
                                    """, SpecialTokenPolicy.AS_SPECIAL));
            assertThat(answered(shard, 1)).isEqualTo(" 그래 <|im_end|>");
            assertThat(answered(shard, 0)).isEqualTo("\n\n  so it is<|im_end|>");
        }
    }

    @Test
    void aPairIsTwoRowsOneBehindTheOther() throws IOException {
        String rows = """
                {"prompt": "Say hi", "chosen": "Hello", "rejected": "No"}
                {"prompt": "a", "chosen": "b", "rejected": "cc"}
                """;
        Dataset dataset = prepare(
                request(DatasetKind.DATASET_KIND_PREFERENCE, 0)
                        .setSplits(only(1, 0, 0))
                        .setSplitInOrder(true),
                rows,
                "pairs.jsonl");
        try (Shard shard = shard(dataset, DatasetManifest.TRAIN)) {
            assertThat(shard.rows()).isEqualTo(2);
            byte[] parts = shard.mask(0);
            int[] row = shard.row(0);
            StringBuilder chosen = new StringBuilder();
            StringBuilder rejected = new StringBuilder();
            for (int i = 0; i < parts.length; i++) {
                if (parts[i] % 2 == 1) {
                    (parts[i] < 2 ? chosen : rejected).append(decoded(new int[] {row[i]}));
                }
            }
            assertThat(chosen).hasToString("Hello<|im_end|>");
            assertThat(rejected).hasToString("No<|im_end|>");
            assertThat(decoded(row).split(Pattern.quote("<|begin_of_text|>"), -1))
                    .hasSize(3);
        }
        assertThat(dataset.getSplits(0).getBytes()).isEqualTo("HelloNobcc".length());
    }

    @Test
    void aPairOfEqualAnswersIsRefused() {
        String rows = "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"b\"}\n";
        assertThat(catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> prepare(request(DatasetKind.DATASET_KIND_PREFERENCE, 0), rows, "pairs.jsonl")))
                .hasMessageContaining("pairs.jsonl:1: the chosen and the rejected answer are the same");
    }

    @Test
    void refusedRowsNameFileLineAndReason() {
        String rows = "{\"instruction\": \"a\", \"output\": \"b\"}\n{\"instruction\": \"a\"}\n{oops\n"
                + "{\"instruction\": \"" + "long ".repeat(500) + "\", \"output\": \"b\"}\n{\"messages\": []}\n";
        StatusRuntimeException failure = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> prepare(request(DatasetKind.DATASET_KIND_INSTRUCTION, 0), rows, "rows.jsonl"));
        assertThat(failure)
                .hasMessageContaining("4 rows are refused")
                .hasMessageContaining("rows.jsonl:2: has no field 'output'")
                .hasMessageContaining("rows.jsonl:3: is not valid JSON")
                .hasMessageContaining("rows.jsonl:4: the example has")
                .hasMessageContaining("rows.jsonl:5:");
    }

    @Test
    void refusedRowsAreListedWhereTheyAreAllowed() throws IOException {
        Dataset dataset = prepare(
                request(DatasetKind.DATASET_KIND_CLASSIFICATION, 0).setMaximumRefusedRows(1),
                labelled(40) + "{\"text\": \"no label\"}\n",
                "rows.jsonl");
        assertThat(dataset.getRefusedRowCount()).isEqualTo(1);
        assertThat(dataset.getRefusedRows(0).getLine()).isEqualTo(41);
    }

    @Test
    void splitsAreExactDisjointAndSetBySeed() throws IOException {
        PrepareDatasetRequest.Builder request =
                request(DatasetKind.DATASET_KIND_CLASSIFICATION, 7).setSplits(only(0.7, 0.1, 0.2));
        Dataset first = prepare(request, labelled(200), "rows.jsonl");
        assertThat(first.getSplitsList().stream().map(SplitStatistics::getRows)).containsExactly(140L, 20L, 40L);
        List<String> all = new ArrayList<>();
        for (String split : List.of("train", "validation", "test")) {
            all.addAll(texts(first, split));
        }
        assertThat(all).hasSize(200).doesNotHaveDuplicates();
        assertThat(prepare(request, labelled(200), "rows.jsonl").getDigest()).isEqualTo(first.getDigest());
        assertThat(texts(prepare(request.setSeed(8), labelled(200), "rows.jsonl"), "test"))
                .isNotEqualTo(texts(first, "test"));
    }

    @Test
    void balancedClassesHaveTheSizeOfTheSmallest() throws IOException {
        Dataset dataset = prepare(
                request(DatasetKind.DATASET_KIND_CLASSIFICATION, 123)
                        .setBalanceClasses(true)
                        .setSplits(only(0.7, 0.1, 0.2)),
                labelled(300),
                "rows.jsonl");
        assertThat(dataset.getLabelsList()).containsExactly("ham", "spam");
        long ham = dataset.getSplitsList().stream()
                .mapToLong(split -> split.getRowsPerLabel(0))
                .sum();
        long spam = dataset.getSplitsList().stream()
                .mapToLong(split -> split.getRowsPerLabel(1))
                .sum();
        assertThat(ham).isEqualTo(75).isEqualTo(spam);
    }

    @Test
    void longTextsKeepBosAndTheirBeginning() throws IOException {
        Dataset dataset = prepare(
                request(DatasetKind.DATASET_KIND_CLASSIFICATION, 0).setMaxTokens(8),
                labelled(20) + "{\"text\": \"" + "word ".repeat(100) + "\", \"label\": \"ham\"}\n",
                "rows.jsonl");
        try (Shard shard = shard(dataset, DatasetManifest.TRAIN)) {
            for (long row = 0; row < shard.rows(); row++) {
                int[] tokens = shard.row(row);
                assertThat(tokens.length).isLessThanOrEqualTo(8);
                assertThat(tokens[0])
                        .isEqualTo(TOKENIZER
                                .specialTokenId(SpecialToken.BEGIN_OF_TEXT)
                                .orElseThrow());
                assertThat(tokens[tokens.length - 1])
                        .isNotEqualTo(TOKENIZER
                                .specialTokenId(SpecialToken.END_OF_TEXT)
                                .orElseThrow());
            }
        }
    }

    @Test
    void textSplitInOrderGivesTheFirstPartToTraining() throws IOException {
        String text = SampleText.real(500_000).replace("\r", "");
        Dataset dataset = prepare(
                request(DatasetKind.DATASET_KIND_PRETRAINING, 0)
                        .setSplitInOrder(true)
                        .setSplits(only(0.9, 0.1, 0)),
                text,
                "a.txt");
        String train = String.join("", texts(dataset, "train"));
        String validation = String.join("", texts(dataset, "validation"));
        assertThat(train + validation).isEqualTo(text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        SplitStatistics trained = dataset.getSplits(0);
        assertThat(trained.getBytes())
                .isEqualTo(train.getBytes(StandardCharsets.UTF_8).length)
                .isBetween((long) (bytes.length * 0.9) - 64, (long) (bytes.length * 0.9) + 1);
        assertThat(trained.getCharacters()).isEqualTo(train.codePointCount(0, train.length()));
        assertThat(dataset.getSplits(1).getCharacters()).isEqualTo(validation.codePointCount(0, validation.length()));
        assertThat(dataset.getSplits(2).getRows()).isZero();
    }

    @Test
    void mixtureWeightsAreNormalisedAndSpecialTokensInTextStayText() throws IOException {
        Path first = Files.writeString(folder.resolve("1.txt"), "one <|im_end|> ".repeat(3000));
        Path second = Files.writeString(folder.resolve("2.txt"), "two ".repeat(3000));
        PrepareDatasetRequest request = request(DatasetKind.DATASET_KIND_PRETRAINING, 1)
                .clearSources()
                .addSources(DatasetSource.newBuilder().setName("a").setWeight(3))
                .addSources(DatasetSource.newBuilder().setName("b").setWeight(1).setMaximumEpochs(2))
                .build();
        Dataset dataset = new DatasetPreparation(
                        request,
                        List.of(
                                new SourceFile("1.txt", first, Files.size(first)),
                                new SourceFile("2.txt", second, Files.size(second))),
                        TOKENIZER,
                        TOKENIZER_DIGEST,
                        store,
                        settings(),
                        at -> {})
                .prepare()
                .build();
        assertThat(dataset.getSources(0).getWeight()).isEqualTo(0.75);
        assertThat(dataset.getSources(1).getWeight()).isEqualTo(0.25);
        assertThat(dataset.getSources(1).getMaximumEpochs()).isEqualTo(2);
        int messageEnd = TOKENIZER.specialTokenId(SpecialToken.MESSAGE_END).orElseThrow();
        try (Shard shard = shard(dataset, DatasetManifest.TRAIN)) {
            for (long i = 0; i < shard.tokens(); i++) {
                assertThat(shard.token(i)).isNotEqualTo(messageEnd);
            }
        }
    }

    @Test
    void aSourceMayBeAWholeSplit() throws IOException {
        Path file = Files.writeString(folder.resolve("1.jsonl"), labelled(30));
        PrepareDatasetRequest request = request(DatasetKind.DATASET_KIND_CLASSIFICATION, 1)
                .clearSources()
                .addSources(DatasetSource.newBuilder().setName("a").setSplit("train"))
                .addSources(DatasetSource.newBuilder().setName("b").setSplit("test"))
                .build();
        SourceFile source = new SourceFile("1.jsonl", file, Files.size(file));
        Dataset dataset = new DatasetPreparation(
                        request, List.of(source, source), TOKENIZER, TOKENIZER_DIGEST, store, settings(), at -> {})
                .prepare()
                .build();
        assertThat(dataset.getSplitsList().stream().map(SplitStatistics::getRows))
                .containsExactly(30L, 0L, 30L);
    }

    @Test
    void splitsGivenAsFilesAreTheSplits() throws IOException {
        assertThat(rowsBySplit("train", "validation", "test")).containsExactly(40L, 40L, 40L);
        assertThat(rowsBySplit("", "validation", "test")).containsExactly(40L, 40L, 40L);
        assertThat(rowsBySplit("", "test")).containsExactly(38L, 2L, 40L);
        assertThat(rowsBySplit("", "validation")).containsExactly(38L, 40L, 2L);
        assertThat(rowsBySplit("")).containsExactly(36L, 2L, 2L);
    }

    @Test
    void aHeldOutRowThatIsInAnotherSplitIsReportedAndStays() throws IOException {
        String train = "{\"text\": \"one\", \"label\": \"a\"}\n{\"text\": \"two\", \"label\": \"b\"}\n";
        String validation = "{\"text\": \"three\", \"label\": \"a\"}\n";
        String test = """
                {"text": "four", "label": "a"}
                {"text": "two", "label": "a"}
                {"text": "three", "label": "a"}
                """;
        Dataset dataset = new DatasetPreparation(
                        withSplits("", "validation", "test"),
                        List.of(file("t.jsonl", train), file("v.jsonl", validation), file("e.jsonl", test)),
                        TOKENIZER,
                        TOKENIZER_DIGEST,
                        store,
                        settings(),
                        at -> {})
                .prepare()
                .build();
        assertThat(dataset.getSplitsList().stream().map(SplitStatistics::getRows))
                .containsExactly(2L, 1L, 3L);
        assertThat(dataset.getDuplicateRowCount()).isEqualTo(2);
        assertThat(dataset.getDuplicateRowsList())
                .containsExactly(
                        DuplicateRow.newBuilder()
                                .setRow(place("test", "e.jsonl", 2))
                                .setSameAs(place("train", "t.jsonl", 2))
                                .build(),
                        DuplicateRow.newBuilder()
                                .setRow(place("test", "e.jsonl", 3))
                                .setSameAs(place("validation", "v.jsonl", 1))
                                .build());
    }

    @Test
    void rowsThatAreTwiceInOneSplitAreNotReported() throws IOException {
        String twice = "{\"text\": \"one\", \"label\": \"a\"}\n{\"text\": \"two\", \"label\": \"b\"}\n".repeat(2);
        Dataset dataset =
                prepare(request(DatasetKind.DATASET_KIND_CLASSIFICATION, 0).setSplits(only(1, 0, 0)), twice, "r.jsonl");
        assertThat(dataset.getDuplicateRowCount()).isZero();
    }

    @Test
    void aLabelledDatasetHasNoLossTokensAndItsBytesPerTokenIsTheTokenizers() throws IOException {
        Dataset dataset = prepare(
                request(DatasetKind.DATASET_KIND_CLASSIFICATION, 0).setSplits(only(1, 0, 0)), labelled(40), "r.jsonl");
        assertThat(dataset.getSplits(0).getLossTokens()).isZero();
        long tokens = IntStream.range(0, 40)
                .mapToLong(row -> TOKENIZER.encode("message " + row, SpecialTokenPolicy.AS_TEXT).length)
                .sum();
        assertThat(dataset.getSources(0).getTextTokens()).isEqualTo(tokens);
        assertThat(dataset.getSources(0).getTokens()).isGreaterThan(tokens);
    }

    @Test
    void textTokensOfInstructionRowsAreThoseOfTheAnswers() throws IOException {
        Dataset dataset = prepare(
                request(DatasetKind.DATASET_KIND_INSTRUCTION, 0).setSplits(only(1, 0, 0)),
                "{\"instruction\": \"Say\", \"output\": \"Hello there\"}\n",
                "a.jsonl");
        assertThat(dataset.getSources(0).getTextTokens())
                .isEqualTo(TOKENIZER.encode("Hello there", SpecialTokenPolicy.AS_TEXT).length);
        assertThat(dataset.getSources(0).getBytes()).isEqualTo("Hello there".length());
    }

    @Test
    void validateOnlyStoresNothing() throws IOException {
        Dataset dataset = prepare(
                request(DatasetKind.DATASET_KIND_CLASSIFICATION, 0).setValidateOnly(true), labelled(50), "rows.jsonl");
        assertThat(dataset.getDigest()).isEmpty();
        assertThat(dataset.getSplits(0).getRows()).isEqualTo(45);
        try (var files = Files.walk(folder.resolve("artifacts"))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    /**
     * Returns the rows of train, validation and test if each of these sources of 40 rows has the given split; "": none.
     */
    private List<Long> rowsBySplit(String... splits) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        for (int i = 0; i < splits.length; i++) {
            files.add(file(i + ".jsonl", labelled(40)));
        }
        return new DatasetPreparation(
                        withSplits(splits), files, TOKENIZER, TOKENIZER_DIGEST, store, settings(), at -> {})
                .prepare().getSplitsList().stream()
                        .map(SplitStatistics::getRows)
                        .toList();
    }

    private static PrepareDatasetRequest withSplits(String... splits) {
        PrepareDatasetRequest.Builder request =
                request(DatasetKind.DATASET_KIND_CLASSIFICATION, 1).clearSources();
        for (int i = 0; i < splits.length; i++) {
            request.addSources(DatasetSource.newBuilder().setName("source-" + i).setSplit(splits[i]));
        }
        return request.build();
    }

    private PreparationSettings settings() {
        return new PreparationSettings(folder.resolve("temporary"), SourceLimits.DEFAULT);
    }

    private SourceFile file(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return new SourceFile(name, file, Files.size(file));
    }

    private static RowPlace place(String split, String file, long line) {
        return RowPlace.newBuilder().setSplit(split).setFile(file).setLine(line).build();
    }

    private Dataset prepare(PrepareDatasetRequest.Builder request, String content, String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return new DatasetPreparation(
                        request.build(),
                        List.of(new SourceFile(name, file, Files.size(file))),
                        TOKENIZER,
                        TOKENIZER_DIGEST,
                        store,
                        settings(),
                        at -> {})
                .prepare()
                .build();
    }

    private Shard shard(Dataset dataset, String split) {
        DatasetManifest manifest = DatasetManifest.read(store, Digest.parse(dataset.getDigest()));
        return Shard.open(store.verified(Digest.parse(
                manifest.sources().getFirst().split(split).shards().getFirst().digest())));
    }

    private List<String> texts(Dataset dataset, String split) {
        try (Shard shard = shard(dataset, split)) {
            return IntStream.range(0, (int) shard.rows())
                    .mapToObj(row -> new String(TOKENIZER.decode(shard.row(row), true), StandardCharsets.UTF_8))
                    .toList();
        }
    }

    private static String decoded(int[] ids) {
        return new String(TOKENIZER.decode(ids, false), StandardCharsets.UTF_8);
    }

    private static String answered(Shard shard, long row) {
        int[] tokens = shard.row(row);
        byte[] mask = shard.mask(row);
        return decoded(IntStream.range(0, tokens.length)
                .filter(i -> mask[i] == 1)
                .map(i -> tokens[i])
                .toArray());
    }

    private static PrepareDatasetRequest.Builder request(DatasetKind kind, long seed) {
        return PrepareDatasetRequest.newBuilder()
                .setKind(kind)
                .setSeed(seed)
                .addSources(DatasetSource.newBuilder().setName("source"));
    }

    private static SplitFractions only(double train, double validation, double test) {
        return SplitFractions.newBuilder()
                .setTrain(train)
                .setValidation(validation)
                .setTest(test)
                .build();
    }

    private static String labelled(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(row ->
                        "{\"text\": \"message " + row + "\", \"label\": \"" + (row % 4 == 0 ? "spam" : "ham") + "\"}\n")
                .collect(Collectors.joining());
    }

    private static Tokenizer trained() {
        try (WordCounter counter = new WordCounter(SplitPattern.GPT2, 2, WordCounter.MAX_WORDS)) {
            counter.add(SampleText.real(200_000));
            Tokenizer tokenizer = new Tokenizer(
                    BpeTrainer.train(counter, 900, 2, learned -> {}).vocabulary(),
                    SplitPattern.GPT2,
                    SpecialToken.DEFAULT,
                    ChatTemplate.CHATML);
            assertThat(tokenizer.encode("text", SpecialTokenPolicy.REFUSE)).isNotEmpty();
            return tokenizer;
        }
    }
}
