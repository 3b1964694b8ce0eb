package io.rootstock.corpus.worker.vocabulary;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.corpus.engine.DataEngine;
import io.rootstock.corpus.engine.Exchange;
import io.rootstock.corpus.engine.JobCancelledException;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.JobFailedException;
import io.rootstock.corpus.engine.Progress;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.job.CorpusManifest;
import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.worker.shard.SplitRule;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.corpus.worker.vocabulary.VocabularyTasks.WordsCollect;
import io.rootstock.corpus.worker.vocabulary.VocabularyTasks.WordsEmit;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.ByteAlphabet;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerWriter;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.BpeTrainer;
import io.rootstock.encoding.training.WordCountException;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Trains the tokenizer of a recipe after a corpus job, on the same engine. The counts are exact, so that the tokenizer depends
 * neither on the number of workers nor on the number of buckets.
 *
 * @param engine engine of the corpus job
 * @param workspace work directory of the engine, with the manifest of the finished job
 * @param recipe recipe with a training
 * @param buckets number of buckets of the exchange
 * @param control progress and cancellation
 */
public record VocabularyJob(DataEngine engine, Path workspace, Recipe recipe, int buckets, JobControl control) {
    /** Exchange that counts words, and directory of the counts. */
    static final String WORDS = "words";

    private static final String MERGES = "merges";
    private static final String TRAINED = "trained-tokenizer";

    /** Merges between two reports of progress. */
    private static final int REPORTED_MERGES = 500;

    /**
     * Counts words, learns merges, and writes the tokenizer into the workspace.
     *
     * @throws JobCancelledException if the job was cancelled; a later run resumes
     * @throws JobFailedException if a task failed, or the corpus has no training documents
     */
    public PreparedTokenizer run() throws IOException {
        Recipe.TokenizerTraining training = recipe.training().orElseThrow();
        SplitPattern pattern = SplitPattern.valueOf(training.preTokenizer().toUpperCase(Locale.ROOT));
        Map<String, String> parameters = new HashMap<>(SplitRule.of(recipe).parameters());
        parameters.put(WordsEmit.PRE_TOKENIZER, pattern.name());
        Exchange words = new Exchange(
                WORDS,
                TaskSpec.of(VocabularyTasks.EMIT, VocabularyTasks.VERSION, parameters),
                TaskSpec.of(VocabularyTasks.COLLECT, VocabularyTasks.VERSION, Map.of()),
                buckets);
        engine.exchange(words, CorpusManifest.read(workspace).workUnits(), control);
        try {
            return write(train(training), pattern);
        } catch (IOException | WordCountException | UncheckedIOException e) {
            throw JobFailedException.of(MERGES, recipe.tokenizer().orElseThrow(), workspace, e);
        }
    }

    private BpeTrainer.Result train(Recipe.TokenizerTraining training) throws IOException {
        int tokens = training.vocabularySize() - SpecialToken.DEFAULT.size();
        int merges = tokens - ByteAlphabet.SIZE;
        Iterator<InputStream> counts =
                IntStream.range(0, buckets).mapToObj(this::open).iterator();
        BpeTrainer.Result result = BpeTrainer.train(counts, tokens, training.minimumFrequency(), learned -> {
            if (control.cancelled().getAsBoolean()) {
                throw new JobCancelledException();
            }
            if (learned % REPORTED_MERGES == 0 || learned == merges) {
                control.progress().accept(new Progress(MERGES, learned, merges, 0, 0));
            }
        });
        if (result.bytes() == 0) {
            throw new IOException("the corpus has no training document to learn from");
        }
        return result;
    }

    private InputStream open(int bucket) {
        try {
            return Files.newInputStream(workspace.resolve(WordsCollect.path(bucket)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PreparedTokenizer write(BpeTrainer.Result result, SplitPattern pattern) throws IOException {
        Path directory = workspace.resolve(TRAINED);
        FileTree.createEmpty(directory);
        TokenizerWriter.write(
                new Tokenizer(result.vocabulary(), pattern, SpecialToken.DEFAULT, ChatTemplate.CHATML), directory);
        return PreparedTokenizer.read("recipe", directory);
    }
}
