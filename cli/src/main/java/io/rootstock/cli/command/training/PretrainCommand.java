package io.rootstock.cli.command.training;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.MainOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.operation.TrainedVersion;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock pretrain}. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        header = "Pre-train a base model from random weights, or continue from a base",
        description = "Prints the plan, creates the job and watches it. Ctrl-C stops watching; the job" + " continues.",
        footer = {
            "",
            "Examples:",
            "  rootstock pretrain --dataset mix --model prose --depth 6 --tokens 10M",
            "  rootstock pretrain --mixture mixture.yaml --model prose --depth 6 --tokens 10M --plan-only"
        })
@MainOptions({
    "--dataset",
    "--mixture",
    "--model",
    "--base",
    "--depth",
    "--tokens",
    "--seconds",
    "--learning-rate",
    "--promote",
    "--plan-only"
})
public final class PretrainCommand extends ServiceCommand implements TrainedVersion {
    /** One dataset, or a mixture of datasets. */
    private static final class Data {
        @Option(names = "--dataset", required = true, paramLabel = "DATASET", description = "Pre-training dataset")
        private String dataset;

        @Option(
                names = "--mixture",
                required = true,
                paramLabel = "FILE",
                description = "YAML file with pre-training datasets, their weights, maximum epochs and curriculum")
        private Path mixture;
    }

    @ArgGroup(multiplicity = "1")
    private Data data;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "MODEL",
            description = "Model that the new version is registered under")
    private String model;

    @Option(
            names = "--base",
            paramLabel = "VERSION",
            description =
                    "Continue from the weights of this version, with its architecture and tokenizer: MODEL (latest"
                            + " version), MODEL@ALIAS or MODEL:NUMBER [default: random weights]")
    private String base;

    @ArgGroup(exclusive = false, heading = "%nArchitecture (without --base):%n")
    private ArchitectureOptions architecture = new ArchitectureOptions();

    @ArgGroup(exclusive = false, heading = "%nTraining length:%n")
    private PretrainingOptions pretraining = new PretrainingOptions();

    @ArgGroup(exclusive = false, heading = "%nHyperparameters (unset values are chosen by the trainer and printed):%n")
    private HyperparameterOptions hyperparameters = new HyperparameterOptions();

    @Mixin
    private RunOptions options;

    @Override
    protected int run(Clients clients, Console console) {
        JobSpec.Builder spec = JobSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setOutputModel(Names.of("models", model))
                .setHyperparameters(pretraining.addTo(hyperparameters.toMessage()));
        if (data.mixture == null) {
            spec.setDataset(Names.of("datasets", data.dataset));
        } else {
            spec.setMixture(MixtureFile.read(data.mixture));
        }
        Architecture shape = architecture.toMessage();
        if (base == null) {
            spec.setArchitecture(shape);
        } else if (shape.equals(Architecture.getDefaultInstance())) {
            spec.setBase(Names.version(base, "latest"));
        } else {
            throw usage("the options of the architecture exclude --base, whose architecture is used");
        }
        return options.start(spec, "pre-train", clients, console);
    }

    @Override
    public Optional<String> trainedVersion() {
        return options.version();
    }
}
