package io.rootstock.cli.command;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.JobSpec;
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
        description = "Fine-tunes a base version on instruction rows (loss on answers only) or on labelled rows"
                + " (classification head on the last token): prints the plan, starts the job, follows it.",
        footer = {
            "",
            "Example:",
            "  rootstock finetune --task classification --base prose --dataset spam --model spam --epochs 5"
        })
final class FinetuneCommand extends ServiceCommand {
    /** Tasks as typed. */
    enum TaskName {
        /** Answers. */
        INSTRUCTION,
        /** Labels. */
        CLASSIFICATION
    }

    @Option(
            names = "--task",
            required = true,
            paramLabel = "instruction|classification",
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

    @ArgGroup(exclusive = false, heading = "%nHyperparameters (what is not given is chosen and echoed):%n")
    private HyperparameterOptions hyperparameters = new HyperparameterOptions();

    @Mixin
    private RunOptions options;

    @Override
    int run(Clients clients, Console console) {
        JobSpec.Builder spec = JobSpec.newBuilder()
                .setTask(
                        switch (task) {
                            case INSTRUCTION -> Task.TASK_INSTRUCTION;
                            case CLASSIFICATION -> Task.TASK_CLASSIFICATION;
                        })
                .setDataset(Names.of("datasets", dataset))
                .setBase(Names.version(base, "latest"))
                .setOutputModel(Names.of("models", model))
                .setHyperparameters(hyperparameters.toMessage());
        return options.start(spec, "fine-tune", clients, console);
    }
}
