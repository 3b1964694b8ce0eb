package io.rootstock.cli.command.training;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Training;
import io.rootstock.cli.command.OptionalFields;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.Hyperparameters;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock jobs extend}. */
@Command(
        name = "extend",
        mixinStandardHelpOptions = true,
        header = "Continue the training of a job from one of its checkpoints",
        description = {
            "Creates a job that starts from the last checkpoint of JOB, with its optimizer state, position in the data and"
                    + " hyperparameters, and registers a new version. The learning rate follows the schedule of the whole"
                    + " length. `rootstock prune` removes the checkpoints of succeeded jobs.",
            "JOB must have succeeded, or --checkpoint must name one of its checkpoints: a job keeps the newest ones"
                    + " (--checkpoints-kept) and the one with the best validation."
        },
        footer = {
            "",
            "Examples:",
            "  rootstock jobs extend pretrain-4h1m2k9x --tokens 20M",
            "  rootstock jobs extend classification-7d0c5b3a --epochs 12",
            "  rootstock jobs extend pretrain-4h1m2k9x --checkpoint 400 --learning-rate 0.001"
        })
public final class JobsExtendCommand extends ServiceCommand {
    /** Length of the whole training, with the part that is done. */
    private static final class Length {
        @Option(
                names = "--tokens",
                required = true,
                paramLabel = "N",
                converter = CountConverter.class,
                description = "Pre-training: number of training tokens of the whole training")
        private Long tokens;

        @Option(
                names = "--epochs",
                required = true,
                paramLabel = "N",
                description = "Fine-tuning: number of epochs of the whole training")
        private Double epochs;

        @Option(
                names = "--seconds",
                required = true,
                paramLabel = "N",
                description = "Training time of the whole training")
        private Double seconds;
    }

    @Parameters(paramLabel = "JOB", description = "Job ID or name")
    private String name;

    @ArgGroup(multiplicity = "0..1")
    private Length length;

    @Option(
            names = "--checkpoint",
            paramLabel = "STEP",
            description = "Step of the checkpoint to continue from [default: the last checkpoint]")
    private long checkpoint;

    @Option(names = "--learning-rate", paramLabel = "RATE", description = "Peak learning rate [default: unchanged]")
    private Double learningRate;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Model that the new version is registered under [default: the model of JOB]")
    private String model;

    @Mixin
    private RunOptions options;

    @Override
    protected int run(Clients clients, Console console) {
        if (length == null && checkpoint == 0) {
            throw new CliException(
                    "the length of the whole training is missing",
                    "add --tokens, --epochs or --seconds, or --checkpoint STEP to keep the length");
        }
        Job extended = new Training(clients).get(name);
        Hyperparameters.Builder changes = Hyperparameters.newBuilder();
        if (length != null) {
            OptionalFields.setIfPresent(length.tokens, changes::setTokens);
            OptionalFields.setIfPresent(length.epochs, changes::setEpochs);
            OptionalFields.setIfPresent(length.seconds, changes::setSeconds);
        }
        OptionalFields.setIfPresent(learningRate, changes::setLearningRate);
        JobSpec.Builder spec = extended.getSpec().toBuilder()
                .setExtendedJob(extended.getName())
                .setExtendedStep(checkpoint)
                .setBase(extended.getBaseVersion())
                .setHyperparameters(changes);
        if (model != null) {
            spec.setOutputModel(Names.of("models", model));
        }
        return options.start(spec, "train", clients, console);
    }
}
