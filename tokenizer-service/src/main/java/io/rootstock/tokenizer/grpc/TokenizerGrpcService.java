package io.rootstock.tokenizer.grpc;

import com.google.common.primitives.Ints;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.encoding.SpecialTokenInTextException;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.Home;
import io.rootstock.service.RequestNames;
import io.rootstock.service.WatchedPage;
import io.rootstock.service.filter.ListQuery;
import io.rootstock.tokenizer.catalogue.Catalogue;
import io.rootstock.tokenizer.catalogue.OnceByName;
import io.rootstock.tokenizer.catalogue.Page;
import io.rootstock.tokenizer.catalogue.RunningOperations;
import io.rootstock.tokenizer.dataset.SourceFile;
import io.rootstock.tokenizer.v1.DecodeRequest;
import io.rootstock.tokenizer.v1.DecodeResponse;
import io.rootstock.tokenizer.v1.DeleteTokenizerRequest;
import io.rootstock.tokenizer.v1.DeleteTokenizerResponse;
import io.rootstock.tokenizer.v1.EncodeBatchRequest;
import io.rootstock.tokenizer.v1.EncodeBatchResponse;
import io.rootstock.tokenizer.v1.EncodeRequest;
import io.rootstock.tokenizer.v1.EncodeResponse;
import io.rootstock.tokenizer.v1.EncodeStreamRequest;
import io.rootstock.tokenizer.v1.EncodeStreamResponse;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.GetTokenizerResponse;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import io.rootstock.tokenizer.v1.ImportTokenizerResponse;
import io.rootstock.tokenizer.v1.ListTokenizersRequest;
import io.rootstock.tokenizer.v1.ListTokenizersResponse;
import io.rootstock.tokenizer.v1.TokenIds;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.tokenizer.v1.TrainTokenizerRequest;
import io.rootstock.tokenizer.v1.TrainTokenizerResponse;
import io.rootstock.tokenizer.v1.WatchTokenizersRequest;
import io.rootstock.tokenizer.v1.WatchTokenizersResponse;
import io.smallrye.common.annotation.Blocking;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** gRPC service that trains and lists tokenizers, and encodes and decodes text. */
@GrpcService
public class TokenizerGrpcService extends TokenizerServiceGrpc.TokenizerServiceImplBase {
    private static final String COLLECTION = "tokenizers";
    private static final int MAX_BATCH = 10_000;

    private final Catalogue<io.rootstock.tokenizer.v1.Tokenizer> catalogue;
    private final OnceByName<io.rootstock.tokenizer.v1.Tokenizer> once;
    private final LoadedTokenizers tokenizers;
    private final UploadedSources sources;
    private final ArtifactStore store;
    private final Home home;
    private final ReadingSettings settings;
    private final RunningOperations operations;
    private final TokenizerDeletion deletion;

    TokenizerGrpcService(
            Catalogue<io.rootstock.tokenizer.v1.Tokenizer> catalogue,
            LoadedTokenizers tokenizers,
            UploadedSources sources,
            ArtifactStore store,
            Home home,
            ReadingSettings settings,
            RunningOperations operations,
            TokenizerDeletion deletion) {
        this.catalogue = catalogue;
        this.once = new OnceByName<>(catalogue);
        this.tokenizers = tokenizers;
        this.sources = sources;
        this.store = store;
        this.home = home;
        this.settings = settings;
        this.operations = operations;
        this.deletion = deletion;
    }

    @Override
    public void trainTokenizer(TrainTokenizerRequest request, StreamObserver<TrainTokenizerResponse> answers) {
        FlowControlledStream.serve(answers, stream -> {
            String id = RequestNames.id(COLLECTION, request.getName(), "name");
            Progress<TrainTokenizerResponse> progress = new Progress<>(stream);
            TokenizerTraining training = new TokenizerTraining(
                    request,
                    home,
                    store,
                    settings.limits(),
                    at -> progress.at(() ->
                            TrainTokenizerResponse.newBuilder().setProgress(at).build()));
            try (RunningOperations.Operation operation = operations.begin("")) {
                List<SourceFile> files = new ArrayList<>();
                for (int source = 0; source < request.getSourceDigestsCount(); source++) {
                    files.add(sources.find(request.getSourceDigests(source), "source_digests[" + source + "]"));
                }
                TrainTokenizerRequest asked =
                        request.toBuilder().clearRequestId().clearValidateOnly().build();
                io.rootstock.tokenizer.v1.Tokenizer tokenizer = request.getValidateOnly()
                        ? once.find(request.getName(), id, asked, request.getRequestId())
                                .orElseGet(() -> io.rootstock.tokenizer.v1.Tokenizer.newBuilder()
                                        .setName(request.getName())
                                        .build())
                        : once.getOrCreate(request.getName(), id, asked, request.getRequestId(), () -> {
                            io.rootstock.tokenizer.v1.Tokenizer trained = training.train(files);
                            operation.requireLive();
                            return trained;
                        });
                stream.send(TrainTokenizerResponse.newBuilder()
                        .setTokenizer(tokenizer)
                        .build());
            }
        });
    }

    @Override
    @Blocking
    public void deleteTokenizer(DeleteTokenizerRequest request, StreamObserver<DeleteTokenizerResponse> answers) {
        String id = RequestNames.id(COLLECTION, request.getName(), "name");
        once.delete(request.getName(), id, deletion::release);
        Answers.send(answers, DeleteTokenizerResponse.getDefaultInstance());
    }

    @Override
    @Blocking
    public void importTokenizer(ImportTokenizerRequest request, StreamObserver<ImportTokenizerResponse> answers) {
        String id = RequestNames.id(COLLECTION, request.getName(), "name");
        ImportTokenizerRequest asked =
                request.toBuilder().clearRequestId().clearValidateOnly().build();
        io.rootstock.tokenizer.v1.Tokenizer tokenizer = request.getValidateOnly()
                ? once.find(request.getName(), id, asked, request.getRequestId())
                        .orElseGet(() -> tokenizers.imported(asked))
                : once.getOrCreate(
                        request.getName(), id, asked, request.getRequestId(), () -> tokenizers.imported(asked));
        Answers.send(
                answers,
                ImportTokenizerResponse.newBuilder().setTokenizer(tokenizer).build());
    }

    @Override
    @Blocking
    public void getTokenizer(GetTokenizerRequest request, StreamObserver<GetTokenizerResponse> answers) {
        Answers.send(
                answers,
                GetTokenizerResponse.newBuilder()
                        .setTokenizer(tokenizers.resource(request.getName(), "name"))
                        .build());
    }

    @Override
    @Blocking
    public void listTokenizers(ListTokenizersRequest request, StreamObserver<ListTokenizersResponse> answers) {
        Page<io.rootstock.tokenizer.v1.Tokenizer> page =
                page(request.getFilter(), request.getOrderBy(), request.getPageSize(), request.getPageToken());
        Answers.send(
                answers,
                ListTokenizersResponse.newBuilder()
                        .addAllTokenizers(page.resources())
                        .setNextPageToken(page.nextPageToken())
                        .build());
    }

    @Override
    public void watchTokenizers(WatchTokenizersRequest request, StreamObserver<WatchTokenizersResponse> answers) {
        WatchedPage<io.rootstock.tokenizer.v1.Tokenizer> known =
                new WatchedPage<>(io.rootstock.tokenizer.v1.Tokenizer::getName);
        Answers.watch(answers, () -> {
            Page<io.rootstock.tokenizer.v1.Tokenizer> page =
                    page(request.getFilter(), request.getOrderBy(), request.getPageSize(), "");
            return known.changes(page.resources())
                    .map(change -> WatchTokenizersResponse.newBuilder()
                            .addAllTokenizers(change.resources())
                            .addAllNames(change.names())
                            .setNextPageToken(page.nextPageToken())
                            .build());
        });
    }

    private Page<io.rootstock.tokenizer.v1.Tokenizer> page(String filter, String orderBy, int size, String token) {
        return Page.of(
                catalogue, COLLECTION, ListQuery.parse(CatalogueFields.TOKENIZERS, filter, orderBy), size, token);
    }

    @Override
    @Blocking
    public void encode(EncodeRequest request, StreamObserver<EncodeResponse> answers) {
        Tokenizer tokenizer = tokenizers.tokenizer(request.getTokenizer(), "tokenizer");
        int[] ids =
                encode(tokenizer, request.getText(), SpecialTokenPolicies.policy(request.getSpecialTokens()), "text");
        Answers.send(
                answers,
                EncodeResponse.newBuilder().addAllTokenIds(Ints.asList(ids)).build());
    }

    @Override
    @Blocking
    public void encodeBatch(EncodeBatchRequest request, StreamObserver<EncodeBatchResponse> answers) {
        if (request.getTextsCount() > MAX_BATCH) {
            throw Errors.invalidArgument(
                    "texts", "at most 10,000 texts, were " + request.getTextsCount() + "; use EncodeStream");
        }
        Tokenizer tokenizer = tokenizers.tokenizer(request.getTokenizer(), "tokenizer");
        SpecialTokenPolicy policy = SpecialTokenPolicies.policy(request.getSpecialTokens());
        List<TokenIds> rows = IntStream.range(0, request.getTextsCount())
                .parallel()
                .mapToObj(text -> encode(tokenizer, request.getTexts(text), policy, "texts[" + text + "]"))
                .map(ids ->
                        TokenIds.newBuilder().addAllTokenIds(Ints.asList(ids)).build())
                .toList();
        Answers.send(answers, EncodeBatchResponse.newBuilder().addAllRows(rows).build());
    }

    @Override
    @Blocking
    public StreamObserver<EncodeStreamRequest> encodeStream(StreamObserver<EncodeStreamResponse> answers) {
        return new EncodingStream(tokenizers, answers);
    }

    @Override
    @Blocking
    public void decode(DecodeRequest request, StreamObserver<DecodeResponse> answers) {
        Tokenizer tokenizer = tokenizers.tokenizer(request.getTokenizer(), "tokenizer");
        int[] ids = Ints.toArray(request.getTokenIdsList());
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= tokenizer.size()) {
                throw Errors.invalidArgument(
                        "token_ids[" + i + "]",
                        "must be 0 to " + (tokenizer.size() - 1) + " (the vocabulary of " + request.getTokenizer()
                                + "), was " + ids[i]);
            }
        }
        byte[] bytes = tokenizer.decode(ids, request.getSkipSpecialTokens());
        Answers.send(
                answers,
                DecodeResponse.newBuilder()
                        .setText(new String(bytes, StandardCharsets.UTF_8))
                        .setRaw(UnsafeByteOperations.unsafeWrap(bytes))
                        .build());
    }

    private static int[] encode(Tokenizer tokenizer, String text, SpecialTokenPolicy policy, String field) {
        try {
            return tokenizer.encode(text, policy);
        } catch (SpecialTokenInTextException e) {
            throw Errors.invalidArgument(field, e.getMessage());
        }
    }
}
