package io.rootstock.bench.data.cleaning;

import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;

/**
 * Model and budget of all pre-trainings. Other settings are the trainer's defaults.
 *
 * @param depth layers; the width is 64 per layer
 * @param context tokens of a sequence
 * @param batchRows sequences of a step
 * @param tokens tokens of a training
 */
record Setup(int depth, int context, int batchRows, long tokens) {
    static final Setup QUICK = new Setup(2, 256, 4, 800_000);
    static final Setup WHOLE = new Setup(3, 256, 8, 3_000_000);

    RunSpec spec(String dataset, long seed) {
        return RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDatasetDigest(dataset)
                .setArchitecture(Architecture.newBuilder().setDepth(depth).setContextLength(context))
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setTokens(tokens)
                        .setBatchRows(batchRows)
                        .setSeed(seed)
                        .setValidationInterval(0)
                        .setCheckpointInterval(1_000_000))
                .setSkipQuantizations(true)
                .build();
    }
}
