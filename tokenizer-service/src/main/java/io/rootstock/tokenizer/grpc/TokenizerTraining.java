package io.rootstock.tokenizer.grpc;

import com.google.protobuf.Timestamp;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.corpus.source.CountedInput;
import io.rootstock.corpus.source.RefusedRow;
import io.rootstock.corpus.source.Row;
import io.rootstock.corpus.source.RowFields;
import io.rootstock.corpus.source.RowHandler;
import io.rootstock.corpus.source.SourceFormat;
import io.rootstock.corpus.source.SourceLimits;
import io.rootstock.corpus.source.SourceOptions;
import io.rootstock.corpus.source.SourceReader;
import io.rootstock.corpus.source.UnreadableSourceException;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.ByteAlphabet;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerWriter;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.BpeTrainer;
import io.rootstock.encoding.training.WordCounter;
import io.rootstock.files.FileTree;
import io.rootstock.service.Errors;
import io.rootstock.service.Home;
import io.rootstock.tokenizer.catalogue.TokenizerResources;
import io.rootstock.tokenizer.dataset.SourceFile;
import io.rootstock.tokenizer.v1.TrainTokenizerProgress;
import io.rootstock.tokenizer.v1.TrainTokenizerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Trains one tokenizer: counts the words of the sources, learns merges, and stores the tokenizer's directory.
 *
 * <p>An unreadable row fails the training, with file and line, as in the preparation of a dataset.
 */
final class TokenizerTraining {
    private static final int TEXT_CHUNK = 1 << 16;
    private static final int DEFAULT_VOCABULARY = 4096;
    private static final int MAX_VOCABULARY = 1 << 20;
    private static final long DEFAULT_FREQUENCY = 2;

    private final TrainTokenizerRequest request;
    private final Home home;
    private final SourceLimits limits;
    private final ArtifactStore store;
    private final Consumer<TrainTokenizerProgress> listener;
    private final SplitPattern pattern;
    private final int vocabularySize;
    private final long minimumFrequency;
    private final SourceOptions options;
    private final List<String> warnings = new ArrayList<>();

    /**
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming the invalid field
     */
    TokenizerTraining(
            TrainTokenizerRequest request,
            Home home,
            ArtifactStore store,
            SourceLimits limits,
            Consumer<TrainTokenizerProgress> listener) {
        this.limits = limits;
        this.request = request;
        this.home = home;
        this.store = store;
        this.listener = listener;
        pattern = switch (request.getPreTokenizer()) {
            case PRE_TOKENIZER_UNSPECIFIED, PRE_TOKENIZER_GPT2 -> SplitPattern.GPT2;
            case PRE_TOKENIZER_CL100K -> SplitPattern.CL100K;
            case PRE_TOKENIZER_LLAMA3 -> SplitPattern.LLAMA3;
            case PRE_TOKENIZER_QWEN2 -> SplitPattern.QWEN2;
            case PRE_TOKENIZER_SMOLLM -> SplitPattern.SMOLLM;
            case PRE_TOKENIZER_TEKKEN -> SplitPattern.TEKKEN;
            case PRE_TOKENIZER_O200K -> SplitPattern.O200K;
            case PRE_TOKENIZER_SENTENCEPIECE, UNRECOGNIZED ->
                throw Errors.invalidArgument(
                        "pre_tokenizer", "must be GPT2, CL100K, LLAMA3, QWEN2, SMOLLM, TEKKEN or O200K");
        };
        int smallest = ByteAlphabet.SIZE + SpecialToken.DEFAULT.size();
        vocabularySize = request.getVocabularySize() == 0 ? DEFAULT_VOCABULARY : request.getVocabularySize();
        if (vocabularySize < smallest || vocabularySize > MAX_VOCABULARY) {
            throw Errors.invalidArgument(
                    "vocabulary_size",
                    "must be " + smallest + " (bytes and special tokens) to " + MAX_VOCABULARY + ", was "
                            + vocabularySize);
        }
        if (request.getMinimumFrequency() < 0) {
            throw Errors.invalidArgument(
                    "minimum_frequency", "must be at least 1, or 0 for 2, was " + request.getMinimumFrequency());
        }
        minimumFrequency = request.getMinimumFrequency() == 0 ? DEFAULT_FREQUENCY : request.getMinimumFrequency();
        options = options();
        if (request.getSourceDigestsCount() == 0) {
            throw Errors.invalidArgument("source_digests", "must name at least one uploaded source");
        }
    }

    io.rootstock.tokenizer.v1.Tokenizer train(List<SourceFile> files) {
        int merges = vocabularySize - ByteAlphabet.SIZE - SpecialToken.DEFAULT.size();
        long total = files.stream().mapToLong(SourceFile::bytes).sum();
        TrainTokenizerProgress.Builder progress =
                TrainTokenizerProgress.newBuilder().setBytesTotal(total).setMergesTotal(merges);
        try (WordCounter counter =
                new WordCounter(pattern, Runtime.getRuntime().availableProcessors(), WordCounter.MAX_WORDS)) {
            long rows = 0;
            for (SourceFile file : files) {
                long ofFile = count(file, counter, progress);
                rows += ofFile;
                if (ofFile == 0) {
                    warnings.add(file.name() + " has no text");
                }
            }
            if (rows == 0) {
                throw Errors.invalidArgument(
                        "source_digests",
                        "have no text to learn from (" + files.getFirst().name() + "); give files with text");
            }
            BpeTrainer.Result result = BpeTrainer.train(
                    counter,
                    vocabularySize - SpecialToken.DEFAULT.size(),
                    minimumFrequency,
                    learned -> listener.accept(
                            progress.setMerges(learned).setBytesRead(total).build()));
            return store(result);
        }
    }

    private SourceOptions options() {
        Map<String, String> violations = new LinkedHashMap<>();
        Charset encoding = checked("encoding", request.getEncoding(), SourceOptions::encoding, violations);
        Optional<Character> delimiter =
                checked("delimiter", request.getDelimiter(), SourceOptions::delimiter, violations);
        if (!violations.isEmpty()) {
            throw Errors.invalidArguments(violations);
        }
        return new SourceOptions(encoding, delimiter, SourceOptions.columns(request.getColumns()), TEXT_CHUNK, limits);
    }

    private static <T> T checked(
            String field, String value, Function<String, T> parse, Map<String, String> violations) {
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            violations.put(field, e.getMessage());
            return parse.apply("");
        }
    }

    /** Counts the words of a file and returns its number of rows. */
    private long count(SourceFile file, WordCounter counter, TrainTokenizerProgress.Builder progress) {
        boolean isText = SourceFormat.of(file.name()).equals(Optional.of(SourceFormat.TEXT));
        String field = isText || request.getTextField().isEmpty() ? Row.TEXT : request.getTextField();
        long before = progress.getBytesRead();
        long[] rows = new long[1];
        RowHandler handler = new RowHandler() {
            @Override
            public void row(Row row) {
                rows[0]++;
                try {
                    counter.add(RowFields.required(row.fields(), field));
                } catch (RowFields.RowRefusedException e) {
                    refused(row.line(), e.getMessage());
                }
                listener.accept(progress.build());
            }

            @Override
            public void refused(long line, String reason) {
                RefusedRow row = new RefusedRow(file.name(), line, reason);
                throw Errors.invalidArgument("source_digests", row.file() + ":" + row.line() + ": " + row.reason());
            }
        };
        try (InputStream bytes = Files.newInputStream(file.path())) {
            new SourceReader(file.name(), options)
                    .read(new CountedInput(bytes, 1, read -> progress.setBytesRead(before + read)), handler);
        } catch (UnreadableSourceException e) {
            throw Errors.invalidArgument("source_digests", e.describe(file.name()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.name(), e);
        }
        progress.setBytesRead(before + file.bytes());
        return rows[0];
    }

    private io.rootstock.tokenizer.v1.Tokenizer store(BpeTrainer.Result result) {
        Tokenizer tokenizer = new Tokenizer(result.vocabulary(), pattern, SpecialToken.DEFAULT, ChatTemplate.CHATML);
        if (tokenizer.size() < vocabularySize) {
            warnings.add("the vocabulary has " + tokenizer.size() + " tokens instead of " + vocabularySize
                    + ", because no other pair occurs " + minimumFrequency
                    + " times; add text, or lower the minimum frequency");
        }
        Path folder = home.directory("tokenizer", "temporary")
                .resolve(UUID.randomUUID().toString());
        Digest digest;
        try {
            Files.createDirectories(folder);
            TokenizerWriter.write(tokenizer, folder);
            digest = store.putDirectory(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the tokenizer", e);
        } finally {
            FileTree.delete(folder);
        }
        Instant now = Instant.now();
        io.rootstock.tokenizer.v1.Tokenizer.Builder resource = TokenizerResources.describe(tokenizer)
                .setName(request.getName())
                .setDigest(digest.value())
                .setBytesPerToken(result.tokens() == 0 ? 0 : (double) result.bytes() / result.tokens())
                .setCreateTime(
                        Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
                .addAllWarnings(warnings)
                .addAllSourceDigests(request.getSourceDigestsList());
        return resource.build();
    }
}
