package io.rootstock.cli.command.training;

import io.rootstock.cli.client.AdapterReference;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.MainOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.operation.TrainedVersion;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Task;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock finetune}. */
@Command(
        name = "finetune",
        mixinStandardHelpOptions = true,
        header = "Fine-tune a base model on instructions, labelled rows or preferences",
        description = "Prints the plan, creates the job and watches it. The loss of an instruction row is on"
                + " the answer; classification trains a head on the last token; preferences train with DPO."
                + " Ctrl-C stops watching; the job continues.",
        footer = {
            "",
            "Examples:",
            "  rootstock finetune --task classification --base prose --dataset spam --model spam --epochs 5",
            "  rootstock finetune --task instruction --base prose --dataset chats --model helper --method lora"
        })
@MainOptions({
    "--task",
    "--base",
    "--dataset",
    "--model",
    "--method",
    "--epochs",
    "--seconds",
    "--learning-rate",
    "--promote",
    "--plan-only"
})
public final class FinetuneCommand extends ServiceCommand implements TrainedVersion {
    enum TaskName {
        INSTRUCTION,
        CLASSIFICATION,
        PREFERENCE
    }

    @Option(
            names = "--task",
            required = true,
            paramLabel = "instruction|classification|preference",
            description = "Training task")
    private TaskName task;

    @Option(
            names = "--base",
            required = true,
            paramLabel = "VERSION",
            description = "Base version: MODEL (latest version), MODEL@ALIAS or MODEL:NUMBER")
    private String base;

    @Option(
            names = "--dataset",
            required = true,
            paramLabel = "DATASET",
            description = "Dataset of the same kind as the task")
    private String dataset;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "MODEL",
            description = "Model that the new version is registered under")
    private String model;

    @ArgGroup(exclusive = false, heading = "%nTraining length:%n", order = 1)
    private FineTuningOptions fineTuning = new FineTuningOptions();

    @ArgGroup(exclusive = false, heading = "%nTuning method:%n", order = 2)
    private TuningOptions tuning = new TuningOptions();

    @ArgGroup(exclusive = false, heading = "%nClassification (--task classification):%n", order = 3)
    private ClassificationOptions classification = new ClassificationOptions();

    @ArgGroup(exclusive = false, heading = "%nPreference (--task preference):%n", order = 4)
    private PreferenceOptions preference = new PreferenceOptions();

    @ArgGroup(
            exclusive = false,
            heading = "%nHyperparameters (unset values are chosen by the trainer and printed):%n",
            order = 5)
    private HyperparameterOptions hyperparameters = new HyperparameterOptions();

    @Mixin
    private RunOptions options;

    @Override
    protected int run(Clients clients, Console console) {
        if (task != TaskName.CLASSIFICATION && classification.isSet()) {
            throw usage("--class-weights, --class-weight, --label-smoothing and --prefix-loss require --task"
                    + " classification");
        }
        if (task != TaskName.PREFERENCE && preference.isSet()) {
            throw usage("--preference-beta requires --task preference");
        }
        JobSpec.Builder spec = JobSpec.newBuilder()
                .setTask(
                        switch (task) {
                            case INSTRUCTION -> Task.TASK_INSTRUCTION;
                            case CLASSIFICATION -> Task.TASK_CLASSIFICATION;
                            case PREFERENCE -> Task.TASK_PREFERENCE;
                        })
                .setDataset(Names.of("datasets", dataset))
                .setBase(Names.version(base, "latest"))
                .setOutputModel(Names.of("models", model))
                .setHyperparameters(preference.addTo(
                        classification.addTo(fineTuning.addTo(tuning.addTo(hyperparameters.toMessage())))));
        if (tuning.adapter() != null) {
            spec.setAdapterDigest(
                    AdapterReference.digest(clients, tuning.adapter(), ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER));
        }
        return options.start(spec, "fine-tune", clients, console);
    }

    @Override
    public Optional<String> trainedVersion() {
        return options.version();
    }
}
