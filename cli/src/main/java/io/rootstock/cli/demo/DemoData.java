package io.rootstock.cli.demo;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.demo.DemoCorpus.PretrainingRows;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.operation.DataPreparation;
import io.rootstock.cli.operation.Uploads;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.tokenizer.v1.TrainTokenizerRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Gets or creates the tokenizer and the datasets of the demo. */
final class DemoData {
    private final DemoOptions options;
    private final DemoCorpus corpus;
    private final Clients clients;
    private final Console console;

    DemoData(DemoOptions options, DemoCorpus corpus, Clients clients, Console console) {
        this.options = options;
        this.corpus = corpus;
        this.clients = clients;
        this.console = console;
    }

    /**
     * A resource.
     *
     * @param created created by this run; false if it already existed
     */
    record Resource<T>(T value, boolean created) {}

    Resource<Tokenizer> tokenizer() {
        return getOrCreate(
                () -> clients.tokenizers()
                        .getTokenizer(GetTokenizerRequest.newBuilder()
                                .setName(options.tokenizer())
                                .build())
                        .getTokenizer(),
                () -> {
                    TrainTokenizerRequest.Builder request = TrainTokenizerRequest.newBuilder()
                            .setName(options.tokenizer())
                            .setVocabularySize(DemoOptions.VOCABULARY);
                    for (PretrainingRows.Source source : PretrainingRows.SOURCES) {
                        request.addSourceDigests(upload(corpus.documents(source.name())));
                    }
                    return DataPreparation.trainTokenizer(clients, request.build(), console);
                });
    }

    Resource<Dataset> pretraining() {
        return dataset(options.dataset(), request -> {
            request.setKind(DatasetKind.DATASET_KIND_PRETRAINING);
            for (PretrainingRows.Source source : PretrainingRows.SOURCES) {
                request.addSources(DatasetSource.newBuilder()
                        .setName(source.name())
                        .setDigest(upload(corpus.documents(source.name())))
                        .setWeight(source.weight())
                        .setSplit(DemoSplit.TRAIN.split()));
            }
            return request.addSources(source(corpus.heldOutDocuments(), DemoSplit.VALIDATION));
        });
    }

    Resource<Dataset> streams() {
        return dataset(options.instructionDataset(), request -> {
            request.setKind(DatasetKind.DATASET_KIND_INSTRUCTION).setMaxTokens(DemoOptions.MAX_ROW_TOKENS);
            return splits(request, corpus::streams);
        });
    }

    Resource<Dataset> steps() {
        return dataset(options.classificationDataset(), request -> {
            request.setKind(DatasetKind.DATASET_KIND_CLASSIFICATION).setMaxTokens(DemoOptions.MAX_ROW_TOKENS);
            return splits(request, corpus::steps);
        });
    }

    private PrepareDatasetRequest.Builder splits(
            PrepareDatasetRequest.Builder request, Function<DemoSplit, Path> file) {
        for (DemoSplit split : DemoSplit.values()) {
            request.addSources(source(file.apply(split), split));
        }
        // Rows that exceed the maximum length are rejected.
        return request.setMaximumRefusedRows(-1);
    }

    private DatasetSource source(Path file, DemoSplit split) {
        return DatasetSource.newBuilder()
                .setName(file.getFileName().toString().replace(".jsonl", ""))
                .setDigest(upload(file))
                .setSplit(split.split())
                .build();
    }

    private Resource<Dataset> dataset(
            String name, Function<PrepareDatasetRequest.Builder, PrepareDatasetRequest.Builder> fill) {
        return getOrCreate(
                () -> clients.datasets()
                        .getDataset(GetDatasetRequest.newBuilder().setName(name).build())
                        .getDataset(),
                () -> DataPreparation.prepareDataset(
                        clients,
                        fill.apply(PrepareDatasetRequest.newBuilder()
                                        .setName(name)
                                        .setTokenizer(options.tokenizer()))
                                .build(),
                        console));
    }

    private String upload(Path file) {
        return Uploads.one(clients, file, console).getDigest();
    }

    private static <T> Resource<T> getOrCreate(Supplier<T> get, Supplier<T> create) {
        Optional<T> found = found(get);
        return found.isPresent() ? new Resource<>(found.get(), false) : new Resource<>(create.get(), true);
    }

    /** The resource; empty if not found. */
    static <T> Optional<T> found(Supplier<T> get) {
        try {
            return Optional.of(get.get());
        } catch (StatusRuntimeException failure) {
            if (failure.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw failure;
        }
    }
}
