package io.rootstock.cli.command.training;

import io.rootstock.cli.client.AdapterReference;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Task;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock finetune}. */
@Command(
        name = "finetune",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Fine-tune a base version on instruction rows (loss on answers only), on labelled rows (classification"
                        + " head on the last token) or on pairs of a chosen and a rejected answer (DPO): prints the"
                        + " plan, starts the job, follows it.",
        footer = {
            "",
            "Example:",
            "  rootstock finetune --task classification --base prose --dataset spam --model spam --epochs 5",
            "  rootstock finetune --task instruction --base prose --dataset chats --model helper --method lora"
        })
public final class FinetuneCommand extends ServiceCommand {
    /** Tasks as typed. */
    enum TaskName {
        /** Answers. */
        INSTRUCTION,
        /** Labels. */
        CLASSIFICATION,
        /** Which of two answers is better. */
        PREFERENCE
    }

    @Option(
            names = "--task",
            required = true,
            paramLabel = "instruction|classification|preference",
            description = "What to learn.")
    private TaskName task;

    @Option(
            names = "--base",
            required = true,
            paramLabel = "VERSION",
            description = "Base: MODEL (its latest version), MODEL@ALIAS or MODEL:NUMBER.")
    private String base;

    @Option(names = "--dataset", required = true, paramLabel = "DATASET", description = "Dataset of the task's kind.")
    private String dataset;

    @Option(names = "--model", required = true, paramLabel = "MODEL", description = "Model to register it under.")
    private String model;

    @ArgGroup(exclusive = false, heading = "%nHow long to train:%n", order = 1)
    private FineTuningOptions fineTuning = new FineTuningOptions();

    @ArgGroup(exclusive = false, heading = "%nWhat of the base is trained:%n", order = 2)
    private TuningOptions tuning = new TuningOptions();

    @ArgGroup(exclusive = false, heading = "%nOnly with --task classification:%n", order = 3)
    private ClassificationOptions classification = new ClassificationOptions();

    @ArgGroup(exclusive = false, heading = "%nOnly with --task preference:%n", order = 4)
    private PreferenceOptions preference = new PreferenceOptions();

    @ArgGroup(exclusive = false, heading = "%nHyperparameters (those not given are chosen and printed):%n", order = 5)
    private HyperparameterOptions hyperparameters = new HyperparameterOptions();

    @Mixin
    private RunOptions options;

    @Override
    protected int run(Clients clients, Console console) {
        if (task != TaskName.CLASSIFICATION && classification.isGiven()) {
            throw usage("--class-weights, --class-weight, --label-smoothing and --prefix-loss are for --task"
                    + " classification; leave them out");
        }
        if (task != TaskName.PREFERENCE && preference.isGiven()) {
            throw usage("--preference-beta is for --task preference; leave it out");
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
}
