package io.rootstock.tokenizer.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.google.common.primitives.Ints;
import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rootstock.encoding.SampleText;
import io.rootstock.service.ErrorDetails;
import io.rootstock.service.GrpcChannels;
import io.rootstock.storage.v1.ListReferencesRequest;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PrunedGroup;
import io.rootstock.storage.v1.ReferenceServiceGrpc;
import io.rootstock.storage.v1.StorageServiceGrpc;
import io.rootstock.tokenizer.ServiceDatabase;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.catalogue.CatalogueDatabase;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetRow;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.DecodeRequest;
import io.rootstock.tokenizer.v1.DecodeResponse;
import io.rootstock.tokenizer.v1.DeleteDatasetRequest;
import io.rootstock.tokenizer.v1.DeleteDatasetResponse;
import io.rootstock.tokenizer.v1.DeleteTokenizerRequest;
import io.rootstock.tokenizer.v1.DeleteTokenizerResponse;
import io.rootstock.tokenizer.v1.EncodeBatchRequest;
import io.rootstock.tokenizer.v1.EncodeRequest;
import io.rootstock.tokenizer.v1.EncodeStreamRequest;
import io.rootstock.tokenizer.v1.EncodeStreamResponse;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.ListDatasetsRequest;
import io.rootstock.tokenizer.v1.ListDatasetsResponse;
import io.rootstock.tokenizer.v1.ListTokenizersRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetResponse;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import io.rootstock.tokenizer.v1.ReadSourceRowsRequest;
import io.rootstock.tokenizer.v1.ReadSourceRowsResponse;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.SourceHeader;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.SpecialTokenHandling;
import io.rootstock.tokenizer.v1.TextSegment;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.tokenizer.v1.TrainTokenizerRequest;
import io.rootstock.tokenizer.v1.TrainTokenizerResponse;
import io.rootstock.tokenizer.v1.UploadSourceRequest;
import io.rootstock.tokenizer.v1.UploadSourceResponse;
import io.rootstock.tokenizer.v1.WatchDatasetsRequest;
import io.rootstock.tokenizer.v1.WatchDatasetsResponse;
import io.rootstock.tokenizer.v1.WatchTokenizersRequest;
import io.rootstock.tokenizer.v1.WatchTokenizersResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.groups.Tuple;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(FakeRegistry.class)
@WithTestResource(ServiceDatabase.class)
class TokenizerServiceIT {
    private static final int CHUNK = 1 << 16;
    private static final int MANY_TEXTS = 2_000;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @Inject
    GrpcChannels channels;

    @Inject
    CatalogueDatabase database;

    @Inject
    Catalogue<Dataset> catalogue;

    private final String unique = UUID.randomUUID().toString();
    private ManagedChannel channel;
    private TokenizerServiceGrpc.TokenizerServiceBlockingStub tokenizers;
    private DatasetServiceGrpc.DatasetServiceBlockingStub datasets;

    @BeforeEach
    void open() {
        ServiceDatabase.await(database);
        channel = channels.open("127.0.0.1:" + port);
        tokenizers = TokenizerServiceGrpc.newBlockingStub(channel);
        datasets = DatasetServiceGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    @Test
    void trainsATokenizerOnceAndEncodesWithIt() throws Exception {
        Source source = upload("corpus.txt", SampleText.real(400_000).getBytes(StandardCharsets.UTF_8));
        TrainTokenizerRequest request = TrainTokenizerRequest.newBuilder()
                .setName("tokenizers/t-" + unique)
                .addSourceDigests(source.getDigest())
                .setVocabularySize(1000)
                .setRequestId(unique)
                .build();
        Tokenizer tokenizer = train(request);
        assertThat(tokenizer.getVocabularySize()).isEqualTo(1000);
        assertThat(tokenizer.getSpecialTokensList().getLast().getText()).isEqualTo("<|pad|>");
        assertThat(tokenizer.getBytesPerToken()).isBetween(1.5, 10.0);
        assertThat(train(request)).isEqualTo(tokenizer);
        assertThat(tokenizers
                        .getTokenizer(GetTokenizerRequest.newBuilder()
                                .setName(tokenizer.getName())
                                .build())
                        .getTokenizer())
                .isEqualTo(tokenizer);
        assertThat(tokenizers
                        .listTokenizers(ListTokenizersRequest.newBuilder()
                                .setPageSize(1000)
                                .build())
                        .getTokenizersList())
                .contains(tokenizer);
        ListTokenizersRequest.Builder filtered = ListTokenizersRequest.newBuilder()
                .setFilter("name = " + tokenizer.getName() + " AND vocabulary_size >= 1000 AND pre_tokenizer != CL100K")
                .setOrderBy("create_time desc");
        assertThat(tokenizers.listTokenizers(filtered.build()).getTokenizersList())
                .containsExactly(tokenizer);
        assertField(
                failure(() ->
                        tokenizers.listTokenizers(filtered.setFilter("size = 1").build())),
                "filter");
        assertThat(failure(() ->
                                train(request.toBuilder().setVocabularySize(900).build()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.ALREADY_EXISTS);

        String text = "It's café 😀 time\n<|im_end|>";
        EncodeRequest encode = EncodeRequest.newBuilder()
                .setTokenizer(tokenizer.getName())
                .setText(text)
                .build();
        assertField(failure(() -> tokenizers.encode(encode)), "text");
        List<Integer> ids = tokenizers
                .encode(encode.toBuilder()
                        .setSpecialTokens(SpecialTokenHandling.SPECIAL_TOKEN_HANDLING_AS_SPECIAL)
                        .build())
                .getTokenIdsList();
        DecodeRequest decode = DecodeRequest.newBuilder()
                .setTokenizer(tokenizer.getName())
                .addAllTokenIds(ids)
                .build();
        DecodeResponse decoded = tokenizers.decode(decode);
        assertThat(decoded.getText()).isEqualTo(text);
        assertThat(decoded.getRaw().toStringUtf8()).isEqualTo(text);
        assertField(
                failure(() ->
                        tokenizers.decode(decode.toBuilder().addTokenIds(1000).build())),
                "token_ids[" + ids.size() + "]");
        List<String> texts =
                IntStream.range(0, MANY_TEXTS).mapToObj(i -> "text number " + i).toList();
        List<List<Integer>> batch = tokenizers
                .encodeBatch(EncodeBatchRequest.newBuilder()
                        .setTokenizer(tokenizer.getName())
                        .addAllTexts(texts)
                        .build())
                .getRowsList()
                .stream()
                .map(row -> List.copyOf(row.getTokenIdsList()))
                .toList();
        assertThat(streamed(tokenizer.getName(), texts)).isEqualTo(batch);
    }

    @Test
    void deletesWhatNothingRefersToAndForgetsUploadedFiles() throws Exception {
        Source corpus = upload("corpus.txt", SampleText.real(100_000).getBytes(StandardCharsets.UTF_8));
        TrainTokenizerRequest training = TrainTokenizerRequest.newBuilder()
                .setName("tokenizers/x-" + unique)
                .addSourceDigests(corpus.getDigest())
                .setVocabularySize(600)
                .build();
        String tokenizer = train(training).getName();
        PrepareDatasetRequest preparation = request("x-", tokenizer, DatasetKind.DATASET_KIND_PRETRAINING, corpus)
                .build();
        Dataset dataset = prepare(preparation);
        Dataset used = prepare(request("used-", tokenizer, DatasetKind.DATASET_KIND_PRETRAINING, corpus)
                .build());
        assertThat(references())
                .contains(
                        tuple(dataset.getName(), dataset.getDigest()),
                        tuple("sources/" + corpus.getDigest(), corpus.getDigest()));

        StatusRuntimeException refused = failure(() -> delete(tokenizer));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(refused).hasMessageContaining("rootstock dataset delete x-" + unique);
        assertThat(failure(() -> delete(used.getName()))).hasMessageContaining("is used by jobs/one");
        assertThat(datasets.getDataset(GetDatasetRequest.newBuilder()
                                .setName(used.getName())
                                .build())
                        .getDataset())
                .isEqualTo(used);
        delete(dataset.getName());
        assertThat(FakeRegistry.released()).contains(dataset.getName());
        assertThat(failure(() -> delete(dataset.getName())).getStatus().getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(prepare(preparation.toBuilder().setSeed(9).build()).getName())
                .isEqualTo(dataset.getName());

        StorageServiceGrpc.StorageServiceBlockingStub storage = StorageServiceGrpc.newBlockingStub(channel);
        PrunedGroup young =
                storage.prune(PruneRequest.newBuilder().setApply(true).build()).getGroups(0);
        assertThat(young.getKeptBytes()).isGreaterThanOrEqualTo(corpus.getBytes());
        ServiceDatabase.execute(
                "update tokenizer.resource set use_time = clock_timestamp() - interval '5 hours' where digest = '"
                        + corpus.getDigest() + "'");
        PrunedGroup pruned =
                storage.prune(PruneRequest.newBuilder().setApply(true).build()).getGroups(0);
        assertThat(pruned.getNamesList()).contains("corpus.txt");
        assertThat(failure(() -> prepare(preparation.toBuilder()
                                .setName("datasets/y-" + unique)
                                .build()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void aWatchedPageHasWhatIsCreatedAndLosesWhatIsDeleted() throws Exception {
        Iterator<WatchTokenizersResponse> tokenizerPage = tokenizers
                .withDeadlineAfter(1, TimeUnit.MINUTES)
                .watchTokenizers(WatchTokenizersRequest.newBuilder()
                        .setFilter("name = tokenizers/w-" + unique)
                        .build());
        Iterator<WatchDatasetsResponse> datasetPage = datasets.withDeadlineAfter(1, TimeUnit.MINUTES)
                .watchDatasets(WatchDatasetsRequest.newBuilder()
                        .setFilter("name = datasets/w-" + unique)
                        .build());
        assertThat(tokenizerPage.next()).isEqualTo(WatchTokenizersResponse.getDefaultInstance());
        assertThat(datasetPage.next()).isEqualTo(WatchDatasetsResponse.getDefaultInstance());

        Source corpus = upload("corpus.txt", SampleText.real(100_000).getBytes(StandardCharsets.UTF_8));
        Tokenizer tokenizer = train(TrainTokenizerRequest.newBuilder()
                .setName("tokenizers/w-" + unique)
                .addSourceDigests(corpus.getDigest())
                .setVocabularySize(600)
                .build());
        assertThat(tokenizerPage.next())
                .isEqualTo(WatchTokenizersResponse.newBuilder()
                        .addTokenizers(tokenizer)
                        .addNames(tokenizer.getName())
                        .build());
        Dataset dataset = prepare(request("w-", tokenizer.getName(), DatasetKind.DATASET_KIND_PRETRAINING, corpus)
                .build());
        assertThat(datasetPage.next())
                .isEqualTo(WatchDatasetsResponse.newBuilder()
                        .addDatasets(dataset)
                        .addNames(dataset.getName())
                        .build());

        delete(dataset.getName());
        assertThat(datasetPage.next()).isEqualTo(WatchDatasetsResponse.getDefaultInstance());
        delete(tokenizer.getName());
        assertThat(tokenizerPage.next()).isEqualTo(WatchTokenizersResponse.getDefaultInstance());

        assertField(
                failure(() -> datasets.watchDatasets(WatchDatasetsRequest.newBuilder()
                                .setFilter("size = 1")
                                .build())
                        .next()),
                "filter");
    }

    private void delete(String name) {
        if (name.startsWith("datasets/")) {
            DeleteDatasetResponse _ = datasets.deleteDataset(
                    DeleteDatasetRequest.newBuilder().setName(name).build());
        } else {
            DeleteTokenizerResponse _ = tokenizers.deleteTokenizer(
                    DeleteTokenizerRequest.newBuilder().setName(name).build());
        }
    }

    private List<Tuple> references() {
        List<Tuple> references = new ArrayList<>();
        ReferenceServiceGrpc.newBlockingStub(channel)
                .listReferences(ListReferencesRequest.getDefaultInstance())
                .forEachRemaining(reference -> references.add(tuple(reference.getResource(), reference.getDigest())));
        return references;
    }

    @Test
    void preparesTheThreeKindsOfDatasets() throws Exception {
        Source corpus = upload("corpus.txt", SampleText.real(200_000).getBytes(StandardCharsets.UTF_8));
        String tokenizer = train(TrainTokenizerRequest.newBuilder()
                        .setName("tokenizers/d-" + unique)
                        .addSourceDigests(corpus.getDigest())
                        .setVocabularySize(600)
                        .build())
                .getName();
        Source pairs = upload(
                "pairs.jsonl.gz",
                gzip(IntStream.range(0, 40)
                        .mapToObj(i -> "{\"instruction\": \"Double " + i + "\", \"output\": \"" + 2 * i + "\"}\n")
                        .collect(Collectors.joining())));
        Source messages = upload(
                "messages.tsv",
                IntStream.range(0, 60)
                        .mapToObj(i -> (i % 3 == 0 ? "spam" : "ham") + "\tmessage \"" + i + "\n")
                        .collect(Collectors.joining())
                        .getBytes(StandardCharsets.UTF_8));

        PrepareDatasetRequest pretraining = request("p-", tokenizer, DatasetKind.DATASET_KIND_PRETRAINING, corpus)
                .build();
        Dataset documents = prepare(pretraining);
        Dataset instructions = prepare(request("q-", tokenizer, DatasetKind.DATASET_KIND_INSTRUCTION, pairs)
                .build());
        Dataset classes = prepare(request("r-", tokenizer, DatasetKind.DATASET_KIND_CLASSIFICATION, messages)
                .setColumns("label,text")
                .setBalanceClasses(true)
                .build());

        assertThat(documents.getSources(0).getWeight()).isEqualTo(1.0);
        assertThat(documents.getSplits(0).getTokens()).isPositive();
        assertThat(instructions.getSplits(0).getLossTokens())
                .isPositive()
                .isLessThan(instructions.getSplits(0).getTokens());
        assertThat(classes.getLabelsList()).containsExactly("ham", "spam");
        assertThat(classes.getSplitsList().stream()
                        .mapToLong(split -> split.getRows())
                        .sum())
                .isEqualTo(40);
        assertThat(prepare(pretraining)).isEqualTo(documents);
        assertThat(failure(() -> prepare(pretraining.toBuilder().setSeed(9).build()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.ALREADY_EXISTS);
        assertThat(datasets.getDataset(GetDatasetRequest.newBuilder()
                                .setName(classes.getName())
                                .build())
                        .getDataset())
                .isEqualTo(classes);
        List<Dataset> listed = new ArrayList<>();
        String token = "";
        do {
            ListDatasetsResponse page = datasets.listDatasets(ListDatasetsRequest.newBuilder()
                    .setPageSize(1)
                    .setPageToken(token)
                    .build());
            listed.addAll(page.getDatasetsList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(listed).contains(documents, instructions, classes);
        ListDatasetsRequest.Builder filtered = ListDatasetsRequest.newBuilder()
                .setPageSize(1)
                .setFilter("name = datasets/* AND tokenizer = " + tokenizer)
                .setOrderBy("kind");
        ListDatasetsResponse first = datasets.listDatasets(filtered.build());
        ListDatasetsResponse second = datasets.listDatasets(
                filtered.setPageToken(first.getNextPageToken()).build());
        assertThat(first.getDatasets(0)).isEqualTo(classes);
        assertThat(second.getDatasets(0)).isEqualTo(instructions);
        assertField(
                failure(() -> datasets.listDatasets(filtered.setOrderBy("name").build())), "page_token");
    }

    @Test
    void refusalsNameWhatIsOff() throws Exception {
        assertField(failure(() -> upload("notes.pdf", new byte[] {1})), "header.file_name");
        Source bad = upload("bad.jsonl", "{\"text\": \"ok\"}\n{\"text\": 1, \n".getBytes(StandardCharsets.UTF_8));
        TrainTokenizerRequest request = TrainTokenizerRequest.newBuilder()
                .setName("tokenizers/b-" + unique)
                .addSourceDigests(bad.getDigest())
                .build();
        assertThat(failure(() -> train(request))).hasMessageContaining("bad.jsonl:2: is not valid JSON");
        assertField(
                failure(() -> train(request.toBuilder().setVocabularySize(100).build())), "vocabulary_size");
        assertField(failure(() -> train(request.toBuilder().setName("x").build())), "name");
        assertThat(failure(() -> train(request.toBuilder()
                                .setSourceDigests(0, "sha256:" + "0".repeat(64))
                                .build()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(failure(() -> tokenizers.encode(EncodeRequest.newBuilder()
                                .setTokenizer("tokenizers/none-" + unique)
                                .build()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void anUploadMustBeginWithItsHeader() {
        CompletableFuture<Source> result = new CompletableFuture<>();
        StreamObserver<UploadSourceRequest> parts =
                SourceServiceGrpc.newStub(channel).uploadSource(new SourceAnswer(result));
        parts.onNext(UploadSourceRequest.newBuilder()
                .setChunk(ByteString.copyFromUtf8("x"))
                .build());
        ExecutionException failure =
                catchThrowableOfType(ExecutionException.class, () -> result.get(10, TimeUnit.SECONDS));
        assertField((StatusRuntimeException) failure.getCause(), "header");
    }

    @Test
    void validateOnlyMakesNoTokenizer() throws Exception {
        Source source = upload("corpus.txt", SampleText.real(10_000).getBytes(StandardCharsets.UTF_8));
        TrainTokenizerRequest request = TrainTokenizerRequest.newBuilder()
                .setName("tokenizers/v-" + unique)
                .addSourceDigests(source.getDigest())
                .setValidateOnly(true)
                .build();
        assertThat(train(request).getDigest()).isEmpty();
        assertThat(failure(() -> tokenizers.getTokenizer(GetTokenizerRequest.newBuilder()
                                .setName(request.getName())
                                .build()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void rowsOfASplitAreStreamedAsText() throws Exception {
        Source corpus = upload("corpus.txt", SampleText.real(50_000).getBytes(StandardCharsets.UTF_8));
        String tokenizer = train(TrainTokenizerRequest.newBuilder()
                        .setName("tokenizers/rows-" + unique)
                        .addSourceDigests(corpus.getDigest())
                        .setVocabularySize(400)
                        .build())
                .getName();
        Source english = upload("en.txt", utf8(IntStream.range(0, 400).mapToObj(i -> "number " + i + "\n")));
        Source german = upload("de.txt", utf8(IntStream.range(0, 400).mapToObj(i -> "Zahl " + i + "\n")));
        PrepareDatasetRequest.Builder request =
                request("rows-", tokenizer, DatasetKind.DATASET_KIND_INSTRUCTION, english);
        request.getSourcesBuilder(0).setOutputDigest(german.getDigest()).setInstruction("Translate.");
        Dataset dataset = prepare(request.build());
        ReadDatasetRowsRequest read = ReadDatasetRowsRequest.newBuilder()
                .setName(dataset.getName())
                .setSplit("test")
                .build();
        List<DatasetRow> rows = new ArrayList<>();
        datasets.readDatasetRows(read).forEachRemaining(answer -> rows.add(answer.getRow()));
        assertThat(rows).hasSize(20);
        assertThat(rows).allSatisfy(row -> {
            String text =
                    row.getSegmentsList().stream().map(TextSegment::getText).collect(Collectors.joining());
            String answer = row.getSegmentsList().stream()
                    .filter(segment -> segment.getLoss() && !segment.getSpecial())
                    .map(TextSegment::getText)
                    .collect(Collectors.joining());
            assertThat(answer).matches("Zahl [0-9]+");
            assertThat(text).contains("Translate.\n\nnumber " + answer.substring("Zahl ".length()) + "<|im_end|>");
        });
        assertField(
                failure(() -> datasets.readDatasetRows(
                                read.toBuilder().setSplit("dev").build())
                        .hasNext()),
                "split");
        assertThat(failure(() -> datasets.readDatasetRows(read.toBuilder()
                                        .setName("datasets/none-" + unique)
                                        .build())
                                .hasNext())
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
        List<ReadSourceRowsResponse> prompts = new ArrayList<>();
        datasets.readSourceRows(ReadSourceRowsRequest.newBuilder()
                        .setKind(DatasetKind.DATASET_KIND_INSTRUCTION)
                        .addSources(request.getSources(0))
                        .build())
                .forEachRemaining(prompts::add);
        assertThat(prompts)
                .hasSize(400)
                .allSatisfy(row -> assertThat(row.getAccepted().getMessages(0).getContent())
                        .startsWith("Translate.\n\nnumber "));
        assertThat(prompts.getLast().getAccepted().getExpected()).isEqualTo("Zahl 399");
        assertField(
                failure(() -> datasets.readSourceRows(ReadSourceRowsRequest.newBuilder()
                                .addSources(request.getSources(0))
                                .build())
                        .hasNext()),
                "kind");
        Source shorter = upload("short.txt", utf8(IntStream.range(0, 399).mapToObj(i -> "Zahl " + i + "\n")));
        request.setName("datasets/short-" + unique).getSourcesBuilder(0).setOutputDigest(shorter.getDigest());
        assertThat(failure(() -> prepare(request.build())))
                .hasMessageContaining("en.txt has 400 lines, short.txt has 399");
    }

    @Test
    void aTokenizerNeedsTextAndSaysWhatItLacks() throws Exception {
        Source empty = upload("empty.txt", utf8(Stream.of("\n \n")));
        TrainTokenizerRequest request = TrainTokenizerRequest.newBuilder()
                .setName("tokenizers/e-" + unique)
                .addSourceDigests(empty.getDigest())
                .setVocabularySize(1000)
                .build();
        StatusRuntimeException refused = failure(() -> train(request));
        assertField(refused, "source_digests");
        assertThat(refused).hasMessageContaining("have no text to learn from (empty.txt)");
        Source latin = upload("latin.csv", "ja;K\u00e4se\n".repeat(9).getBytes(StandardCharsets.ISO_8859_1));
        assertThat(failure(() -> train(request.toBuilder()
                        .setSourceDigests(0, latin.getDigest())
                        .build())))
                .hasMessageContaining(
                        "latin.csv:1: the header is not valid UTF-8 (first invalid byte of the file: 0xE4 at byte offset 4)");
        Tokenizer tokenizer = train(request.toBuilder()
                .addSourceDigests(latin.getDigest())
                .setEncoding("ISO-8859-1")
                .setColumns("label,text")
                .setDelimiter(";")
                .build());
        assertThat(tokenizer.getWarningsList()).hasSize(2);
        assertThat(tokenizer.getWarnings(0)).isEqualTo("empty.txt has no text");
        assertThat(tokenizer.getWarnings(1))
                .isEqualTo("the vocabulary has " + tokenizer.getVocabularySize()
                        + " tokens instead of 1000, because no other pair occurs 2 times; add text, or lower the minimum"
                        + " frequency");
        assertThat(tokenizer.getVocabularySize()).isEqualTo(256 + 5 + 4);
        assertField(
                failure(() -> train(request.toBuilder().setEncoding("latin-17").build())), "encoding");
        assertField(failure(() -> train(request.toBuilder().setDelimiter("ab").build())), "delimiter");
    }

    @Test
    void aDatasetWithoutItsFilesIsDataLoss() throws Exception {
        Source corpus = upload("corpus.txt", SampleText.real(20_000).getBytes(StandardCharsets.UTF_8));
        String tokenizer = train(TrainTokenizerRequest.newBuilder()
                        .setName("tokenizers/lost-" + unique)
                        .addSourceDigests(corpus.getDigest())
                        .setVocabularySize(300)
                        .build())
                .getName();
        Dataset lost = Dataset.newBuilder()
                .setName("datasets/lost-" + unique)
                .setTokenizer(tokenizer)
                .setDigest("sha256:" + "0".repeat(64))
                .build();
        catalogue.put("lost-" + unique, new Catalogue.Entry<>("", "", lost));
        StatusRuntimeException failure = failure(() -> datasets.readDatasetRows(ReadDatasetRowsRequest.newBuilder()
                        .setName(lost.getName())
                        .setSplit("test")
                        .build())
                .hasNext());
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
        assertThat(failure).hasMessageContaining(lost.getName() + " cannot be read");
    }

    private static byte[] utf8(Stream<String> lines) {
        return lines.collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8);
    }

    private PrepareDatasetRequest.Builder request(String id, String tokenizer, DatasetKind kind, Source source) {
        return PrepareDatasetRequest.newBuilder()
                .setName("datasets/" + id + unique)
                .setTokenizer(tokenizer)
                .setKind(kind)
                .addSources(
                        DatasetSource.newBuilder().setName(source.getFileName()).setDigest(source.getDigest()));
    }

    private Tokenizer train(TrainTokenizerRequest request) {
        Iterator<TrainTokenizerResponse> answers = tokenizers.trainTokenizer(request);
        TrainTokenizerResponse last = answers.next();
        while (answers.hasNext()) {
            last = answers.next();
        }
        return last.getTokenizer();
    }

    private Dataset prepare(PrepareDatasetRequest request) {
        Iterator<PrepareDatasetResponse> answers = datasets.prepareDataset(request);
        PrepareDatasetResponse last = answers.next();
        while (answers.hasNext()) {
            last = answers.next();
        }
        return last.getDataset();
    }

    private Source upload(String name, byte[] content) throws Exception {
        CompletableFuture<Source> result = new CompletableFuture<>();
        StreamObserver<UploadSourceRequest> parts =
                SourceServiceGrpc.newStub(channel).uploadSource(new SourceAnswer(result));
        parts.onNext(UploadSourceRequest.newBuilder()
                .setHeader(SourceHeader.newBuilder().setFileName(name))
                .build());
        for (int from = 0; from < content.length; from += CHUNK) {
            parts.onNext(UploadSourceRequest.newBuilder()
                    .setChunk(ByteString.copyFrom(content, from, Math.min(CHUNK, content.length - from)))
                    .build());
        }
        parts.onCompleted();
        try {
            Source source = result.get(60, TimeUnit.SECONDS);
            assertThat(source.getBytes()).isEqualTo(content.length);
            return source;
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private List<List<Integer>> streamed(String tokenizer, List<String> texts) throws Exception {
        CompletableFuture<List<List<Integer>>> result = new CompletableFuture<>();
        StreamObserver<EncodeStreamRequest> requests =
                TokenizerServiceGrpc.newStub(channel).encodeStream(new Collector(result));
        for (String text : texts) {
            requests.onNext(EncodeStreamRequest.newBuilder()
                    .setTokenizer(tokenizer)
                    .setText(text)
                    .build());
        }
        requests.onCompleted();
        return result.get(60, TimeUnit.SECONDS);
    }

    private static StatusRuntimeException failure(ThrowingCallable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call);
    }

    private static void assertField(StatusRuntimeException failure, String field) {
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(ErrorDetails.find(failure, BadRequest.class)
                        .orElseThrow()
                        .getFieldViolations(0)
                        .getField())
                .isEqualTo(field);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** Returns the response of an upload. */
    private record SourceAnswer(CompletableFuture<Source> result) implements StreamObserver<UploadSourceResponse> {
        @Override
        public void onNext(UploadSourceResponse answer) {
            result.complete(answer.getSource());
        }

        @Override
        public void onError(Throwable failure) {
            result.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            // The response arrived before.
        }
    }

    /** Returns all responses of a stream. */
    private static final class Collector implements StreamObserver<EncodeStreamResponse> {
        private final CompletableFuture<List<List<Integer>>> result;
        private final List<List<Integer>> rows = new ArrayList<>();

        Collector(CompletableFuture<List<List<Integer>>> result) {
            this.result = result;
        }

        @Override
        public void onNext(EncodeStreamResponse answer) {
            rows.add(Ints.asList(Ints.toArray(answer.getTokenIdsList())));
        }

        @Override
        public void onError(Throwable failure) {
            result.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            result.complete(rows);
        }
    }
}
