package io.rootstock.cli.demo;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
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

/** The tokenizer and the datasets of the demo: found, or made from the corpus. */
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

    /** Something that was there already, or was made now. */
    record Made<T>(T value, boolean now) {}

    Made<Tokenizer> tokenizer() {
        return findOrMake(
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
                    return DataPreparation.train(clients, request.build(), console);
                });
    }

    Made<Dataset> pretraining() {
        return dataset(options.dataset(), request -> {
            request.setKind(DatasetKind.DATASET_KIND_PRETRAINING);
            for (PretrainingRows.Source source : PretrainingRows.SOURCES) {
                request.addSources(DatasetSource.newBuilder()
                        .setName(source.name())
                        .setDigest(upload(corpus.documents(source.name())))
                        .setWeight(source.weight())
                        .setSplit(DemoSplit.TRAIN.split()));
            }
            return request.addSources(whole(corpus.heldOutDocuments(), DemoSplit.VALIDATION));
        });
    }

    Made<Dataset> instructions() {
        return dataset(options.instructionDataset(), request -> {
            request.setKind(DatasetKind.DATASET_KIND_INSTRUCTION).setMaximumTokens(DemoOptions.LONGEST_ROW);
            return parts(request, corpus::instructions);
        });
    }

    Made<Dataset> packages() {
        return dataset(options.classificationDataset(), request -> {
            request.setKind(DatasetKind.DATASET_KIND_CLASSIFICATION).setMaximumTokens(DemoOptions.LONGEST_ROW);
            return parts(request, corpus::packages);
        });
    }

    private PrepareDatasetRequest.Builder parts(PrepareDatasetRequest.Builder request, Function<DemoSplit, Path> file) {
        for (DemoSplit part : DemoSplit.values()) {
            request.addSources(whole(file.apply(part), part));
        }
        // A row too long for the model is refused; that is no reason to refuse the rest.
        return request.setMaximumRefusedRows(-1);
    }

    private DatasetSource whole(Path file, DemoSplit part) {
        return DatasetSource.newBuilder()
                .setName(file.getFileName().toString().replace(".jsonl", ""))
                .setDigest(upload(file))
                .setSplit(part.split())
                .build();
    }

    private Made<Dataset> dataset(
            String name, Function<PrepareDatasetRequest.Builder, PrepareDatasetRequest.Builder> fill) {
        return findOrMake(
                () -> clients.datasets()
                        .getDataset(GetDatasetRequest.newBuilder().setName(name).build())
                        .getDataset(),
                () -> DataPreparation.prepare(
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

    private static <T> Made<T> findOrMake(Supplier<T> find, Supplier<T> make) {
        Optional<T> found = found(find);
        return found.isPresent() ? new Made<>(found.get(), false) : new Made<>(make.get(), true);
    }

    /** The resource, or empty where the service knows none of that name. */
    static <T> Optional<T> found(Supplier<T> find) {
        try {
            return Optional.of(find.get());
        } catch (StatusRuntimeException failure) {
            if (failure.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw failure;
        }
    }
}
