package io.rootstock.cli.demo;

import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import java.nio.file.Path;

/**
 * Settings of the demo.
 *
 * @param name name of the base model, the tokenizer, the dataset and the suite, and prefix of the other names
 * @param corpus Java sources; null: those of the running JDK
 * @param seconds total training time in seconds
 */
public record DemoOptions(String name, Path corpus, double seconds) {
    private static final double PRETRAINING_FRACTION = 0.64;
    private static final double INSTRUCTION_FRACTION = 0.21;
    private static final double CLASSIFICATION_FRACTION = 0.15;
    private static final int CONTEXT = 256;

    /** Vocabulary size of the tokenizer. */
    static final int VOCABULARY = 4096;

    /** Maximum tokens per row of the fine-tuning datasets. */
    static final int MAX_ROW_TOKENS = 128;

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

    String suite() {
        return "suites/" + name;
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

    /** Sized for the training time on two CPU cores; see docs/decisions/0030. */
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
        return Hyperparameters.newBuilder()
                .setSeconds(seconds * PRETRAINING_FRACTION)
                .build();
    }

    Hyperparameters instruction() {
        return Hyperparameters.newBuilder()
                .setSeconds(seconds * INSTRUCTION_FRACTION)
                .build();
    }

    Hyperparameters classification() {
        return Hyperparameters.newBuilder()
                .setSeconds(seconds * CLASSIFICATION_FRACTION)
                .build();
    }
}
