package io.rootstock.cli.demo;

import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import java.nio.file.Path;

/**
 * What the demo makes and how long it trains.
 *
 * @param name name of the base model, the tokenizer and the dataset; the rest is named after it
 * @param corpus Java sources; null: the running JDK's
 * @param seconds seconds of training in all
 */
public record DemoOptions(String name, Path corpus, double seconds) {
    private static final double PRETRAINING = 0.64;
    private static final double INSTRUCTION = 0.21;
    private static final double CLASSIFICATION = 0.15;
    private static final int CONTEXT = 256;

    /** Vocabulary of the tokenizer. */
    static final int VOCABULARY = 4096;

    /** Longest row of the fine-tuning datasets, in tokens. */
    static final int LONGEST_ROW = 128;

    String tokenizer() {
        return "tokenizers/" + name;
    }

    String dataset() {
        return "datasets/" + name;
    }

    String instructionDataset() {
        return "datasets/" + name + "-summaries";
    }

    String classificationDataset() {
        return "datasets/" + name + "-packages";
    }

    String baseModel() {
        return "models/" + name;
    }

    String instructionModel() {
        return "models/" + name + "-summary";
    }

    String classificationModel() {
        return "models/" + name + "-package";
    }

    /** Small enough that two cores see a good part of the corpus in the time; see docs/decisions/0030. */
    Architecture architecture() {
        return Architecture.newBuilder()
                .setDepth(4)
                .setDimension(256)
                .setHeads(4)
                .setKeyValueHeads(2)
                .setContextLength(CONTEXT)
                .setTiedEmbeddings(true)
                .build();
    }

    Hyperparameters pretraining() {
        return Hyperparameters.newBuilder().setSeconds(seconds * PRETRAINING).build();
    }

    Hyperparameters instruction() {
        return Hyperparameters.newBuilder().setSeconds(seconds * INSTRUCTION).build();
    }

    Hyperparameters classification() {
        return Hyperparameters.newBuilder().setSeconds(seconds * CLASSIFICATION).build();
    }
}
