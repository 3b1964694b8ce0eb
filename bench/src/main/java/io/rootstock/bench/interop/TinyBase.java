package io.rootstock.bench.interop;

import io.rootstock.bench.Lifecycle;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PreTokenizer;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A base of 0.05 M parameters, pre-trained in seconds on generated sentences, and rows that fine-tune it. */
public final class TinyBase {
    /** Name of the model. */
    public static final String MODEL = "tiny";

    private static final List<String> THINGS = List.of("house", "river", "garden", "street", "ship", "tower", "field");
    private static final List<String> COLOURS = List.of("red", "green", "blue", "white", "yellow");
    private static final int DOCUMENTS = 1500;
    private static final int VOCABULARY = 384;
    private static final int CONTEXT = 128;
    private static final long TOKENS = 60_000;

    private TinyBase() {}

    /** Trains the base and returns its version; it is not promoted. */
    public static String train(Lifecycle life) throws IOException {
        List<String> documents =
                IntStream.range(0, DOCUMENTS).mapToObj(TinyBase::sentence).toList();
        Path file = Files.write(
                life.home().resolve("sentences.jsonl"),
                documents.stream().map(text -> "{\"text\": \"" + text + "\"}").toList());
        String digest = life.upload(file);
        Tokenizer tokenizer = life.trainTokenizer(
                "tokenizers/" + MODEL, VOCABULARY, PreTokenizer.PRE_TOKENIZER_GPT2, List.of(digest));
        Dataset dataset = life.prepare(PrepareDatasetRequest.newBuilder()
                .setName("datasets/" + MODEL)
                .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                .setTokenizer(tokenizer.getName())
                .addSources(DatasetSource.newBuilder().setName("sentences").setDigest(digest))
                .build());
        Job job = life.run(JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset(dataset.getName())
                .setOutputModel("models/" + MODEL)
                .setArchitecture(Architecture.newBuilder()
                        .setDepth(1)
                        .setDimension(64)
                        .setHeads(2)
                        .setContextLength(CONTEXT))
                .setHyperparameters(Hyperparameters.newBuilder().setTokens(TOKENS))
                .build());
        return job.getVersion();
    }

    /** Rows of chat messages, one a line. */
    public static List<String> chats(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"messages\": [" + message("user", question(i)) + ", "
                        + message("assistant", sentence(i)) + "]}")
                .toList();
    }

    /** Rows with a preferred and another answer, one a line. */
    public static List<String> preferences(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"input\": {\"messages\": [" + message("user", question(i))
                        + "]}, \"preferred_output\": [" + message("assistant", sentence(i))
                        + "], \"non_preferred_output\": [" + message("assistant", "It is not known.") + "]}")
                .toList();
    }

    private static String question(int i) {
        return "What is the " + thing(i) + " like?";
    }

    private static String sentence(int i) {
        return "The " + thing(i) + " with the number " + i % 97 + " is " + COLOURS.get(i % COLOURS.size()) + ".";
    }

    private static String thing(int i) {
        return THINGS.get(i % THINGS.size());
    }

    private static String message(String role, String content) {
        return "{\"role\": \"" + role + "\", \"content\": \"" + content + "\"}";
    }
}
