package io.rootstock.tokenizer.grpc;

import com.google.protobuf.Timestamp;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.storage.v1.ListReferencesRequest;
import io.rootstock.storage.v1.ListReferencesResponse;
import io.rootstock.storage.v1.ReferenceServiceGrpc;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.catalogue.RunningOperations;
import io.rootstock.tokenizer.corpus.Corpora;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.Tokenizer;

/** {@code rootstock.storage.v1.ReferenceService}: artifacts of datasets, tokenizers, corpora and uploaded files. */
@GrpcService
public class ReferenceGrpcService extends ReferenceServiceGrpc.ReferenceServiceImplBase {
    private final Catalogue<Dataset> datasets;
    private final Catalogue<Tokenizer> tokenizers;
    private final Catalogue<Source> sources;
    private final Corpora corpora;
    private final RunningOperations operations;

    ReferenceGrpcService(
            Catalogue<Dataset> datasets,
            Catalogue<Tokenizer> tokenizers,
            Catalogue<Source> sources,
            Corpora corpora,
            RunningOperations operations) {
        this.datasets = datasets;
        this.tokenizers = tokenizers;
        this.sources = sources;
        this.corpora = corpora;
        this.operations = operations;
    }

    @Override
    public void listReferences(ListReferencesRequest request, StreamObserver<ListReferencesResponse> answers) {
        FlowControlledStream.serve(answers, stream -> {
            // Read first: the resource of an operation that ends after this is in a catalogue that is read below.
            operations
                    .oldest()
                    .ifPresent(start -> stream.send(ListReferencesResponse.newBuilder()
                            .setActivity(Timestamp.newBuilder()
                                    .setSeconds(start.getEpochSecond())
                                    .setNanos(start.getNano()))
                            .build()));
            datasets.forEach(dataset -> stream.send(reference(dataset.getName(), dataset.getDigest())));
            tokenizers.forEach(tokenizer -> stream.send(reference(tokenizer.getName(), tokenizer.getDigest())));
            corpora.forEach(corpus -> {
                if (corpus.hasResult()) {
                    stream.send(reference(
                            corpus.getName(), corpus.getResult().getOutput().getDigest()));
                    stream.send(reference(
                            corpus.getName(), corpus.getResult().getReport().getDigest()));
                }
            });
            sources.forEach(source -> stream.send(reference("sources/" + source.getDigest(), source.getDigest())));
        });
    }

    private static ListReferencesResponse reference(String resource, String digest) {
        return ListReferencesResponse.newBuilder()
                .setResource(resource)
                .setDigest(digest)
                .build();
    }
}
