package io.rootstock.bench.emergence;

import io.rootstock.bench.Lifecycle;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.v1.WatchJobResponse;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PreTokenizer;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.SplitStatistics;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * Trains models of one family on one dataset. Width follows from depth (64 per layer), and the other settings are the
 * trainer's defaults, except a constant learning rate: a run is extended to each number of tokens from its last
 * checkpoint (decision 0119), and with a constant rate its versions are those of one long run. They are a little worse
 * than versions of runs whose rate decays.
 */
final class Models {
    private static final int VOCABULARY = 2048;
    private static final int CONTEXT = 512;
    private static final int BATCH_ROWS = 4;
    private static final double WARMUP_TOKENS = 40_960;
    private static final String NAME = "emergence";

    private final Lifecycle life;
    private final Dataset dataset;

    private Models(Lifecycle life, Dataset dataset) {
        this.life = life;
        this.dataset = dataset;
    }

    /** Trains the tokenizer and prepares the dataset. */
    static Models prepare(Lifecycle life, TrainingText text) throws IOException {
        Path folder = life.home().resolve(NAME);
        String train = life.upload(TrainingText.write(text.train(), folder.resolve("train.jsonl")));
        String heldOut = life.upload(TrainingText.write(text.heldOut(), folder.resolve("validation.jsonl")));
        Tokenizer tokenizer =
                life.trainTokenizer("tokenizers/" + NAME, VOCABULARY, PreTokenizer.PRE_TOKENIZER_GPT2, List.of(train));
        return new Models(
                life,
                life.prepare(PrepareDatasetRequest.newBuilder()
                        .setName("datasets/" + NAME)
                        .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                        .setTokenizer(tokenizer.getName())
                        .addSources(DatasetSource.newBuilder()
                                .setName("text")
                                .setDigest(train)
                                .setSplit("train"))
                        .addSources(DatasetSource.newBuilder()
                                .setName("held-out")
                                .setDigest(heldOut)
                                .setSplit("validation"))
                        .build()));
    }

    /** Tokens of the training split. */
    long trainingTokens() {
        return dataset.getSplitsList().stream()
                .filter(split -> split.getSplit().equals("train"))
                .mapToLong(SplitStatistics::getTokens)
                .sum();
    }

    private static Architecture architecture(int depth) {
        return Architecture.newBuilder()
                .setDepth(depth)
                .setContextLength(CONTEXT)
                .build();
    }

    /** Number of parameters of a job's model. */
    long parameters(Job job) {
        Iterator<WatchJobResponse> events = life.clients()
                .jobs()
                .watchJob(WatchJobRequest.newBuilder()
                        .setName(job.getName())
                        .setReplayOnly(true)
                        .build());
        long parameters = 0;
        while (events.hasNext()) {
            RunEvent event = events.next().getEvent().getRunEvent();
            parameters = event.hasResolved() ? event.getResolved().getEstimate().getParameters() : parameters;
        }
        return parameters;
    }

    /** Trains a model from random weights. */
    Job train(int depth, long seed, long tokens) {
        return life.run(JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset(dataset.getName())
                .setOutputModel("models/depth-" + depth + "-seed-" + seed)
                .setArchitecture(architecture(depth))
                .setHyperparameters(length(tokens).setBatchRows(BATCH_ROWS).setSeed(seed))
                .setSkipQuantizations(true)
                .build());
    }

    /** Continues the training of a job up to a number of tokens in all. */
    Job extend(Job job, long tokens) {
        return life.run(JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setDataset(dataset.getName())
                .setOutputModel(job.getSpec().getOutputModel())
                .setArchitecture(job.getSpec().getArchitecture())
                .setExtendedJob(job.getName())
                .setHyperparameters(length(tokens))
                .setSkipQuantizations(true)
                .build());
    }

    /** Warm-up over the same steps for every length, then a constant rate; validation at the end only. */
    private static Hyperparameters.Builder length(long tokens) {
        return Hyperparameters.newBuilder()
                .setTokens(tokens)
                .setWarmupFraction(Math.min(1, WARMUP_TOKENS / tokens))
                .setDecayFraction(0)
                .setValidationInterval(0)
                .setCheckpointInterval(1_000_000);
    }
}
