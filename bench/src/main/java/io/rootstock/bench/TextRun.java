package io.rootstock.bench;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.dataset.DatasetKind;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.dataset.ShardWriter;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerWriter;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.BpeTrainer;
import io.rootstock.encoding.training.WordCounter;
import io.rootstock.trainer.events.EventReader;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.worker.Worker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs pre-training without services: creates tokenizer, shards and worker processes with the classes of the services,
 * in one folder.
 */
public final class TextRun {
    private static final int PATTERN_THREADS = 2;
    private static final long POLL_MILLIS = 200;

    private final Path home;
    private final ArtifactStore store;

    /** Uses {@code home} with an empty artifact store. */
    public TextRun(Path home) {
        this.home = home;
        this.store = new DirectoryArtifactStore(home.resolve("artifacts"));
    }

    /** Artifact store in the folder. */
    public ArtifactStore store() {
        return store;
    }

    /** Starts worker processes that use the store. */
    public JavaWorkerLauncher launcher() {
        return new JavaWorkerLauncher(
                nativeHome(),
                home.resolve("artifacts"),
                "512m",
                List.of("-D" + Worker.CALIBRATION + "=" + home.toAbsolutePath()),
                MpiLauncher.HYDRA);
    }

    /** Trains a byte-level BPE tokenizer with that vocabulary size, special tokens included, on a text. */
    public static Tokenizer tokenizer(String text, int vocabularySize) {
        try (WordCounter counter = new WordCounter(SplitPattern.GPT2, PATTERN_THREADS, WordCounter.MAX_WORDS)) {
            counter.add(text);
            int ordinary = vocabularySize - SpecialToken.DEFAULT.size();
            return new Tokenizer(
                    BpeTrainer.train(counter, ordinary, 2, learned -> {}).vocabulary(),
                    SplitPattern.GPT2,
                    SpecialToken.DEFAULT,
                    ChatTemplate.CHATML);
        }
    }

    /** Creates a dataset of one training and one validation document. */
    public Digest dataset(Tokenizer tokenizer, String train, String validation) throws IOException {
        Path files = Files.createDirectories(home.resolve("tokenizer"));
        TokenizerWriter.write(tokenizer, files);
        DatasetManifest.Source source = new DatasetManifest.Source(
                "text",
                1.0,
                0.0,
                Map.of(
                        DatasetManifest.TRAIN, split(tokenizer, train),
                        DatasetManifest.VALIDATION, split(tokenizer, validation)));
        return new DatasetManifest(
                        DatasetManifest.FORMAT_VERSION,
                        DatasetKind.PRETRAINING,
                        store.putDirectory(files).value(),
                        tokenizer.size(),
                        tokenizer.rule().addBos(),
                        tokenizer.rule().eosId(),
                        0,
                        List.of(),
                        List.of(source))
                .write(store);
    }

    /** Runs a worker to its end under its own run name; passes on each event, and returns all of them. */
    public List<RunEvent> train(String name, RunSpec spec, Consumer<RunEvent> told)
            throws IOException, InterruptedException {
        RunDirectory directory =
                new RunDirectory(Files.createDirectories(home.resolve("runs").resolve(name)));
        directory.writeSpec(spec);
        Process worker = launcher().launch(directory, 1);
        EventReader reader = new EventReader(directory.events());
        List<RunEvent> events = new ArrayList<>();
        boolean ended = false;
        while (!ended) {
            ended = worker.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            for (RunEvent event : reader.poll()) {
                events.add(event);
                told.accept(event);
            }
        }
        if (worker.exitValue() != 0) {
            throw new IllegalStateException("the worker ended with exit code " + worker.exitValue() + ": "
                    + WorkerOutcome.read(directory).map(WorkerOutcome::message).orElse("")
                    + Files.readString(directory.workerErrors()));
        }
        return events;
    }

    private DatasetManifest.Split split(Tokenizer tokenizer, String text) throws IOException {
        int[] tokens = tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT);
        int[] row = new int[tokens.length + 2];
        row[0] = id(tokenizer, SpecialToken.BEGIN_OF_TEXT);
        System.arraycopy(tokens, 0, row, 1, tokens.length);
        row[row.length - 1] = id(tokenizer, SpecialToken.END_OF_TEXT);
        ShardWriter shard = new ShardWriter(DatasetKind.PRETRAINING, tokenizer.size());
        shard.addDocument(row);
        try (ArtifactWriter out = store.create()) {
            shard.writeTo(out);
            String digest = out.commit().value();
            long bytes = text.getBytes(StandardCharsets.UTF_8).length;
            return new DatasetManifest.Split(
                    1,
                    row.length,
                    row.length - 1L,
                    bytes,
                    text.codePointCount(0, text.length()),
                    List.of(new DatasetManifest.ShardReference(digest, 1, row.length)));
        }
    }

    private static int id(Tokenizer tokenizer, String special) {
        return tokenizer.specialTokenId(special).orElseThrow();
    }

    /** Uses the unpacking folder of the services, so that native libraries are unpacked only once. */
    private static Path nativeHome() {
        String home = System.getenv("ROOTSTOCK_HOME");
        return home == null || home.isBlank() ? Path.of(System.getProperty("user.home"), ".rootstock") : Path.of(home);
    }
}
