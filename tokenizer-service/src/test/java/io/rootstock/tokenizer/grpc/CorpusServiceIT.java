package io.rootstock.tokenizer.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.google.rpc.BadRequest;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rootstock.access.v1.Role;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.corpus.worker.CorpusWorker;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.format.TokenizerWriter;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.service.ErrorDetails;
import io.rootstock.service.GrpcChannels;
import io.rootstock.service.Home;
import io.rootstock.service.access.Caller;
import io.rootstock.service.access.Caller.Grant;
import io.rootstock.storage.v1.ListReferencesRequest;
import io.rootstock.storage.v1.ListReferencesResponse;
import io.rootstock.storage.v1.ReferenceServiceGrpc;
import io.rootstock.tokenizer.ServiceDatabase;
import io.rootstock.tokenizer.catalogue.CatalogueDatabase;
import io.rootstock.tokenizer.corpus.Corpora;
import io.rootstock.tokenizer.v1.CancelCorpusRequest;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusEngine;
import io.rootstock.tokenizer.v1.CorpusEvent;
import io.rootstock.tokenizer.v1.CorpusExecution;
import io.rootstock.tokenizer.v1.CorpusPlan;
import io.rootstock.tokenizer.v1.CorpusReport;
import io.rootstock.tokenizer.v1.CorpusServiceGrpc;
import io.rootstock.tokenizer.v1.CorpusState;
import io.rootstock.tokenizer.v1.CorpusStep;
import io.rootstock.tokenizer.v1.CreateCorpusRequest;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.DeleteCorpusRequest;
import io.rootstock.tokenizer.v1.DeleteCorpusResponse;
import io.rootstock.tokenizer.v1.EncodeRequest;
import io.rootstock.tokenizer.v1.GetCorpusReportRequest;
import io.rootstock.tokenizer.v1.GetCorpusRequest;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import io.rootstock.tokenizer.v1.ImportTokenizerResponse;
import io.rootstock.tokenizer.v1.ListCorporaRequest;
import io.rootstock.tokenizer.v1.PlanCorpusRequest;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import io.rootstock.tokenizer.v1.Recipe;
import io.rootstock.tokenizer.v1.ResumeCorpusRequest;
import io.rootstock.tokenizer.v1.SplitStatistics;
import io.rootstock.tokenizer.v1.TextSegment;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.tokenizer.v1.WatchCorpusRequest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@WithTestResource(FakeRegistry.class)
@WithTestResource(ServiceDatabase.class)
class CorpusServiceIT {
    private static final String RECIPE = """
            version: 1
            sources:
              - name: notes
                files: notes.jsonl
            steps:
              - unicode-repair
              - exact-duplicates
            """;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @Inject
    GrpcChannels channels;

    @Inject
    CatalogueDatabase database;

    @Inject
    Home home;

    @Inject
    ArtifactStore store;

    @Inject
    Corpora service;

    private final String id = "corpus-" + UUID.randomUUID();
    private final String name = "corpora/" + id;
    private Path data;
    private ManagedChannel channel;
    private CorpusServiceGrpc.CorpusServiceBlockingStub corpora;

    @BeforeEach
    void open() throws IOException {
        ServiceDatabase.await(database);
        channel = channels.open("127.0.0.1:" + port);
        corpora = CorpusServiceGrpc.newBlockingStub(channel);
        data = home.directory("data", id);
        Files.writeString(data.resolve("notes.jsonl"), """
                {"text": "The first note has some words in it."}
                {"text": "The second note is another one."}
                {"text": "The first note has some words in it."}
                not a row
                """);
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    @Test
    void aRecipeIsPlannedBeforeItRuns() {
        CorpusPlan plan = corpora.planCorpus(PlanCorpusRequest.newBuilder()
                        .setRecipe(recipe(RECIPE))
                        .setExecution(CorpusExecution.newBuilder().setThreads(2))
                        .setDollarsPerCoreHour(3600)
                        .build())
                .getPlan();
        assertThat(plan.getSourcesList()).singleElement().satisfies(source -> {
            assertThat(source.getName()).isEqualTo("notes");
            assertThat(source.getFiles()).isEqualTo(1);
            assertThat(source.getUnits()).isEqualTo(1);
            assertThat(source.getBytes()).isEqualTo(Files.size(data.resolve("notes.jsonl")));
            assertThat(source.getTextBytes()).isEqualTo((long) (source.getBytes() * 0.9));
            assertThat(source.getWeight()).isEqualTo(1);
        });
        assertThat(plan.getStagesList())
                .extracting(stage -> stage.getName())
                .containsExactly("read", "unicode-repair", "exact-duplicates", "write");
        assertThat(plan.getStagesList()).allSatisfy(stage -> {
            assertThat(stage.getSeconds()).isEqualTo(stage.getCoreSeconds() / 2);
            assertThat(stage.getDollars()).isCloseTo(stage.getCoreSeconds(), withinPercentage(0.001));
        });
        assertThat(plan.getRecipeDigest()).hasSize(64);
    }

    @Test
    void invalidRecipesAndExecutionsAreRefusedByField() {
        assertThat(violation(() -> plan(recipe("version: 1\nsources: []\n"), CorpusExecution.getDefaultInstance())))
                .satisfies(violation -> {
                    assertThat(violation.getField()).isEqualTo("recipe.text");
                    assertThat(violation.getDescription()).contains("notes.yaml", "sources");
                });
        Recipe outside = recipe(RECIPE).toBuilder()
                .setText(RECIPE.replace("notes.jsonl", "/etc/passwd"))
                .build();
        assertThat(violation(() -> plan(outside, CorpusExecution.getDefaultInstance()))
                        .getDescription())
                .contains("/etc/passwd", "outside of the allowed directories");
        assertThat(violation(() -> plan(
                                recipe(RECIPE.replace("notes.jsonl", "s3://crawl/2026/")),
                                CorpusExecution.getDefaultInstance()))
                        .getDescription())
                .contains("s3://crawl/2026/", "outside of the allowed addresses (none)");
        assertThat(violation(() -> plan(
                                recipe(RECIPE.replace("steps:", "tokenizer: tokenizers/none\nsteps:")),
                                CorpusExecution.getDefaultInstance()))
                        .getDescription())
                .contains("tokenizers/none", "does not exist");
        assertThat(violation(() -> plan(
                                recipe(RECIPE),
                                CorpusExecution.newBuilder().setThreads(-1).build()))
                        .getField())
                .isEqualTo("execution.threads");
        assertThat(violation(() -> plan(
                                recipe(RECIPE),
                                CorpusExecution.newBuilder()
                                        .setEngine(CorpusEngine.CORPUS_ENGINE_SPARK)
                                        .build()))
                        .getDescription())
                .contains("rootstock.corpus.spark-home");
    }

    @Test
    @Timeout(60)
    void aRecipeRunsToACorpusWithAReport() throws IOException {
        Corpus queued = create();
        assertThat(queued.getState()).isEqualTo(CorpusState.CORPUS_STATE_QUEUED);
        List<CorpusEvent> events = watch();
        assertThat(events).extracting(CorpusEvent::getSequence).isSorted().doesNotHaveDuplicates();
        assertThat(events.getFirst().getStateChanged().getState()).isEqualTo(CorpusState.CORPUS_STATE_QUEUED);
        assertThat(events.getLast().getStateChanged().getState()).isEqualTo(CorpusState.CORPUS_STATE_SUCCEEDED);
        assertThat(events.getLast().getSequence()).isEqualTo(events.size());

        Corpus corpus = get();
        assertThat(corpus.getResult().getDocuments()).isEqualTo(2);
        CorpusReport report = corpora.getCorpusReport(
                        GetCorpusReportRequest.newBuilder().setName(name).build())
                .getReport();
        assertThat(report.getDocuments()).isEqualTo(2);
        assertThat(report.getRefused()).isEqualTo(1);
        assertThat(report.getFirstRefused(0).getLocation()).contains("notes.jsonl:4");
        CorpusStep duplicates = report.getStepsList().stream()
                .filter(step -> step.getRemovedCount() > 0)
                .findFirst()
                .orElseThrow();
        assertThat(duplicates.getRemovedMap().values()).containsExactly(1L);
        assertThat(duplicates.getSamples(0).getExcerpt()).isEqualTo("The first note has some words in it.");
        assertThat(duplicates.getSamples(0).getLocation()).contains("notes.jsonl:3");

        Path output = store.materialize(
                Digest.parse(corpus.getResult().getOutput().getDigest()),
                home.directory("checked").resolve(id));
        assertThat(output.resolve("corpus.json")).content().contains(corpus.getRecipeDigest());
        assertThat(output.resolve("manifest.json")).exists();
        Path folder = home.directory().resolve("tokenizer/corpora").resolve(id);
        while (Files.exists(folder)) {
            Thread.onSpinWait();
        }
        assertThat(references())
                .contains(
                        corpus.getResult().getOutput().getDigest(),
                        corpus.getResult().getReport().getDigest());
        assertThat(corpora.listCorpora(ListCorporaRequest.newBuilder()
                                .setFilter("name = \"" + name + "\" AND state = SUCCEEDED")
                                .build())
                        .getCorporaList())
                .containsExactly(corpus);
    }

    @Test
    void aRecipeWithATokenizerGivesADataset() throws IOException {
        String tokenizer = "tokenizers/" + id;
        ImportTokenizerResponse _ = TokenizerServiceGrpc.newBlockingStub(channel)
                .importTokenizer(ImportTokenizerRequest.newBuilder()
                        .setName(tokenizer)
                        .setDigest(store.putDirectory(tokenizerOfBytes()).value())
                        .build());
        Recipe recipe = recipe(RECIPE + "tokenizer: " + tokenizer + "\nsplits: {validation: 0.5}\nseed: 3\n");
        corpora.createCorpus(
                CreateCorpusRequest.newBuilder().setName(name).setRecipe(recipe).build());
        watch();
        Corpus corpus = get();
        assertThat(corpus.getMessage()).isEmpty();
        assertThat(corpus.getTokenizer()).isEqualTo(tokenizer);
        assertThat(corpus.getResult().getDataset()).isEqualTo("datasets/" + id);

        DatasetServiceGrpc.DatasetServiceBlockingStub datasets = DatasetServiceGrpc.newBlockingStub(channel);
        Dataset dataset = datasets.getDataset(
                        GetDatasetRequest.newBuilder().setName("datasets/" + id).build())
                .getDataset();
        assertThat(dataset.getKind()).isEqualTo(DatasetKind.DATASET_KIND_PRETRAINING);
        assertThat(dataset.getTokenizer()).isEqualTo(tokenizer);
        List<String> rows = new ArrayList<>();
        for (SplitStatistics split : dataset.getSplitsList()) {
            datasets.readDatasetRows(ReadDatasetRowsRequest.newBuilder()
                            .setName("datasets/" + id)
                            .setSplit(split.getSplit())
                            .build())
                    .forEachRemaining(row -> rows.add(row.getRow().getSegmentsList().stream()
                            .map(TextSegment::getText)
                            .collect(Collectors.joining())));
        }
        assertThat(rows)
                .containsExactlyInAnyOrder(
                        "<|begin_of_text|>The first note has some words in it.<|end_of_text|>",
                        "<|begin_of_text|>The second note is another one.<|end_of_text|>");
        assertThat(dataset.getSplitsList().stream()
                        .mapToLong(SplitStatistics::getBytes)
                        .sum())
                .isEqualTo(corpus.getResult().getTextBytes());
        CorpusReport report = corpora.getCorpusReport(
                        GetCorpusReportRequest.newBuilder().setName(name).build())
                .getReport();
        assertThat(report.getSources(0).getBytesPerToken()).isEqualTo(1);
        assertThat(report.getSources(0).getSamplesList())
                .extracting(sample -> sample.getTokenizer(), sample -> sample.getBytes())
                .containsExactly(
                        tuple(corpus.getTokenizer(), report.getTextBytes()),
                        tuple("r50k", report.getTextBytes()),
                        tuple("cl100k", report.getTextBytes()),
                        tuple("o200k", report.getTextBytes()));
        assertThat(report.getSources(0).getSamples(3).getTokens())
                .isBetween(1L, report.getSources(0).getSamples(0).getTokens() / 3);
        // Its tokens would be stored under an existing name.
        delete();
        assertThat(refused(() -> corpora.createCorpus(CreateCorpusRequest.newBuilder()
                        .setName(name)
                        .setRecipe(recipe)
                        .build())))
                .isEqualTo(Status.Code.ALREADY_EXISTS);
    }

    @Test
    void aRecipeTrainsItsTokenizer() {
        String tokenizer = "tokenizers/" + id;
        Recipe recipe =
                recipe(RECIPE + "tokenizer: {train: " + tokenizer + ", vocabulary_size: 264, minimum_frequency: 2}\n");
        Corpus created = corpora.createCorpus(CreateCorpusRequest.newBuilder()
                        .setName(name)
                        .setRecipe(recipe)
                        .build())
                .getCorpus();
        assertThat(created.getTrainsTokenizer()).isTrue();
        watch();
        Corpus corpus = get();
        assertThat(corpus.getMessage()).isEmpty();
        Dataset dataset = DatasetServiceGrpc.newBlockingStub(channel)
                .getDataset(GetDatasetRequest.newBuilder()
                        .setName(corpus.getResult().getDataset())
                        .build())
                .getDataset();
        TokenizerServiceGrpc.TokenizerServiceBlockingStub tokenizers = TokenizerServiceGrpc.newBlockingStub(channel);
        io.rootstock.tokenizer.v1.Tokenizer trained = tokenizers
                .getTokenizer(
                        GetTokenizerRequest.newBuilder().setName(tokenizer).build())
                .getTokenizer();
        assertThat(trained.getVocabularySize()).isEqualTo(264);
        assertThat(trained.getDigest()).isEqualTo(dataset.getTokenizerDigest());
        assertThat(trained.getBytesPerToken())
                .isEqualTo((double) dataset.getSources(0).getBytes()
                        / dataset.getSources(0).getTextTokens());
        assertThat(trained.getBytesPerToken()).isGreaterThan(1);
        assertThat(tokenizers
                        .encode(EncodeRequest.newBuilder()
                                .setTokenizer(tokenizer)
                                .setText("note")
                                .build())
                        .getTokenIdsList())
                .hasSizeLessThan(4);
        assertThat(refused(() -> corpora.createCorpus(CreateCorpusRequest.newBuilder()
                        .setName(name + "-again")
                        .setRecipe(recipe)
                        .build())))
                .isEqualTo(Status.Code.ALREADY_EXISTS);
    }

    @Test
    void aCallerNeedsRolesForTheTokenizerAndTheDataset() {
        String training = RECIPE + "tokenizer: {train: tokenizers/" + id + ", vocabulary_size: 264}\n";
        CreateCorpusRequest request = CreateCorpusRequest.newBuilder()
                .setName(name)
                .setRecipe(recipe(training))
                .setValidateOnly(true)
                .build();
        assertThat(denial(request, "corpora/")).contains("lacks the role trainer for tokenizers/" + id);
        assertThat(denial(request, "corpora/", "tokenizers/")).contains("lacks the role trainer for datasets/" + id);
        assertThat(denial(request, "corpora/", "tokenizers/", "datasets/")).isEmpty();
        CreateCorpusRequest using = request.toBuilder()
                .setRecipe(recipe(RECIPE + "tokenizer: tokenizers/hidden\n"))
                .build();
        assertThat(denial(using, "corpora/", "datasets/")).contains("lacks the role viewer for tokenizers/hidden");
        assertThat(denial(request.toBuilder().clearValidateOnly().build(), "corpora/", "tokenizers/", "datasets/"))
                .isEmpty();
        assertThat(get().getCreator()).isEqualTo("users/tina");
        watch();
        assertThat(get().getState()).isEqualTo(CorpusState.CORPUS_STATE_SUCCEEDED);
    }

    /** Creates a corpus as a trainer for some prefixes; returns the message of a denial. */
    private String denial(CreateCorpusRequest request, String... prefixes) {
        List<Grant> grants = Stream.of(prefixes)
                .map(prefix -> new Grant(Role.ROLE_TRAINER, prefix))
                .toList();
        try {
            new Caller("users/tina", grants, Optional.empty())
                    .in(Context.current())
                    .run(() -> service.create(request));
            return "";
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            return e.getMessage();
        }
    }

    private Path tokenizerOfBytes() throws IOException {
        List<byte[]> tokens = IntStream.range(0, 256)
                .mapToObj(value -> new byte[] {(byte) value})
                .toList();
        Path directory = home.directory("tokenizer-files", id);
        TokenizerWriter.write(
                new Tokenizer(Vocabulary.of(tokens, List.of()), SplitPattern.GPT2, SpecialToken.DEFAULT, ""),
                directory);
        return directory;
    }

    @Test
    void aRepeatedRequestReturnsTheCorpusAndAnotherOneIsRefused() {
        Corpus created = create();
        assertThat(create().getCreateTime()).isEqualTo(created.getCreateTime());
        assertThat(refused(() -> corpora.createCorpus(CreateCorpusRequest.newBuilder()
                        .setName(name)
                        .setRecipe(recipe(RECIPE + "seed: 7\n"))
                        .build())))
                .isEqualTo(Status.Code.ALREADY_EXISTS);
        watch();
    }

    @Test
    void aCancelledCorpusIsResumedAndDeleted() {
        create();
        assertThat(refused(() -> delete())).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(refused(() -> corpora.getCorpusReport(
                        GetCorpusReportRequest.newBuilder().setName(name).build())))
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
        Corpus cancelled = corpora.cancelCorpus(
                        CancelCorpusRequest.newBuilder().setName(name).build())
                .getCorpus();
        assertThat(cancelled.getState()).isEqualTo(CorpusState.CORPUS_STATE_CANCELLED);
        assertThat(watch().getLast().getStateChanged().getState()).isEqualTo(CorpusState.CORPUS_STATE_CANCELLED);
        Corpus resumed = corpora.resumeCorpus(ResumeCorpusRequest.newBuilder()
                        .setName(name)
                        .setExecution(CorpusExecution.newBuilder().setThreads(1))
                        .build())
                .getCorpus();
        assertThat(resumed.getExecution().getThreads()).isEqualTo(1);
        assertThat(watch().getLast().getStateChanged().getState()).isEqualTo(CorpusState.CORPUS_STATE_SUCCEEDED);
        delete();
        assertThat(refused(this::get)).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    @Tag("fault")
    void aKilledWorkerIsReplaced() {
        create();
        Optional<ProcessHandle> worker = Optional.empty();
        while (worker.isEmpty() && get().getState() != CorpusState.CORPUS_STATE_SUCCEEDED) {
            worker = ProcessHandle.current()
                    .descendants()
                    .filter(CorpusServiceIT::isWorker)
                    .findFirst();
        }
        worker.orElseThrow().destroyForcibly();
        assertThat(watch())
                .anySatisfy(event -> assertThat(event.getStateChanged().getMessage())
                        .contains("the worker process ended with exit code 137"));
        assertThat(get().getState()).isEqualTo(CorpusState.CORPUS_STATE_SUCCEEDED);
    }

    @Test
    void filesThatDisappearFailTheCorpusWithTheirName() throws IOException {
        create();
        corpora.cancelCorpus(CancelCorpusRequest.newBuilder().setName(name).build());
        Files.delete(data.resolve("notes.jsonl"));
        corpora.resumeCorpus(ResumeCorpusRequest.newBuilder().setName(name).build());
        watch();
        Corpus failed = get();
        assertThat(failed.getState()).isEqualTo(CorpusState.CORPUS_STATE_FAILED);
        assertThat(failed.getMessage()).contains("notes.jsonl");
    }

    /** Whether a process is a worker, and not the child of this process that is about to become one. */
    private static boolean isWorker(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .contains(CorpusWorker.class.getName());
        } catch (IOException gone) {
            return false;
        }
    }

    private Recipe recipe(String text) {
        return Recipe.newBuilder()
                .setFileName("notes.yaml")
                .setText(text)
                .setDirectory(data.toString())
                .build();
    }

    private void plan(Recipe recipe, CorpusExecution execution) {
        Object _ = corpora.planCorpus(PlanCorpusRequest.newBuilder()
                .setRecipe(recipe)
                .setExecution(execution)
                .build());
    }

    private Corpus create() {
        return corpora.createCorpus(CreateCorpusRequest.newBuilder()
                        .setName(name)
                        .setRecipe(recipe(RECIPE))
                        .build())
                .getCorpus();
    }

    private Corpus get() {
        return corpora.getCorpus(GetCorpusRequest.newBuilder().setName(name).build())
                .getCorpus();
    }

    private void delete() {
        DeleteCorpusResponse _ = corpora.deleteCorpus(
                DeleteCorpusRequest.newBuilder().setName(name).build());
    }

    /** All events until the job has ended. */
    private List<CorpusEvent> watch() {
        List<CorpusEvent> events = new ArrayList<>();
        corpora.watchCorpus(WatchCorpusRequest.newBuilder().setName(name).build())
                .forEachRemaining(response -> events.add(response.getEvent()));
        return events;
    }

    private List<String> references() {
        List<String> digests = new ArrayList<>();
        ReferenceServiceGrpc.newBlockingStub(channel)
                .listReferences(ListReferencesRequest.getDefaultInstance())
                .forEachRemaining((ListReferencesResponse reference) -> digests.add(reference.getDigest()));
        return digests;
    }

    private static Status.Code refused(ThrowingCallable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call)
                .getStatus()
                .getCode();
    }

    private static BadRequest.FieldViolation violation(ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        return ErrorDetails.find(failure, BadRequest.class).orElseThrow().getFieldViolations(0);
    }
}
