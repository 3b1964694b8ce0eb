package io.rootstock.cli.demo;

import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Optimizer;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;

/**
 * Settings of the demo.
 *
 * @param name name of the base model, the tokenizer, the dataset and the suite, and prefix of the other names
 * @param corpus Java sources; null: those of the running JDK
 * @param seconds total training time in seconds
 * @param seed random seed of the runs
 */
public record DemoOptions(String name, Path corpus, double seconds, long seed) {
    private static final double PRETRAINING_FRACTION = 0.55;
    private static final double INSTRUCTION_FRACTION = 0.27;
    private static final double CLASSIFICATION_FRACTION = 0.18;

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
        return "datasets/" + name + "-streams";
    }

    String classificationDataset() {
        return "datasets/" + name + "-steps";
    }

    String suite() {
        return "suites/" + name;
    }

    String baseModel() {
        return "models/" + name;
    }

    String instructionModel() {
        return "models/" + name + "-stream";
    }

    String classificationModel() {
        return "models/" + name + "-step";
    }

    double pretrainingSeconds() {
        return seconds * PRETRAINING_FRACTION;
    }

    /** Pre-training of the base; Muon needs fewer tokens than AdamW for the same loss. */
    JobSpec pretraining(int depth, Precision precision) {
        return JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset(dataset())
                .setOutputModel(baseModel())
                .setArchitecture(Architecture.newBuilder().setDepth(depth))
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setSeconds(pretrainingSeconds())
                        .setOptimizer(Optimizer.OPTIMIZER_MUON)
                        .setPrecision(precision)
                        .setSeed(seed))
                .build();
    }

    /** Fine-tuning of the base on requests and streams. */
    JobSpec instruction(String base, Precision precision) {
        return fineTuning(
                Task.TASK_INSTRUCTION, base, instructionDataset(), instructionModel(), INSTRUCTION_FRACTION, precision);
    }

    /** Fine-tuning of the base on the last step of an instruction. */
    JobSpec classification(String base, Precision precision) {
        return fineTuning(
                Task.TASK_CLASSIFICATION,
                base,
                classificationDataset(),
                classificationModel(),
                CLASSIFICATION_FRACTION,
                precision);
    }

    private JobSpec fineTuning(
            Task task, String base, String dataset, String model, double fraction, Precision precision) {
        return JobSpec.newBuilder()
                .setTask(task)
                .setBase(base)
                .setDataset(dataset)
                .setOutputModel(model)
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setSeconds(seconds * fraction)
                        .setPrecision(precision)
                        .setSeed(seed))
                .build();
    }
}
