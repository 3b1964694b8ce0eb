package io.rootstock.cli.command.training;

import io.rootstock.cli.client.AdapterReference;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.MainOptions;
import io.rootstock.cli.command.OptionalFields;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.MixtureTable;
import io.rootstock.cli.operation.DataPreparation;
import io.rootstock.cli.operation.TrainedVersion;
import io.rootstock.cli.operation.Uploads;
import io.rootstock.names.ResourceId;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
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
            "  rootstock finetune --task classification --base prose --file spam.csv --model spam",
            "  rootstock finetune --task classification --base prose --dataset spam --model spam --epochs 5",
            "  rootstock finetune --task instruction --base prose --dataset chats --model helper --method lora"
        })
@MainOptions({
    "--task",
    "--base",
    "--file",
    "--dataset",
    "--model",
    "--method",
    "--epochs",
    "--learning-rate",
    "--promote",
    "--plan-only"
})
public final class FinetuneCommand extends ServiceCommand implements TrainedVersion {
    /** Seed of the split of the files' rows, as of {@code dataset prepare}. */
    private static final long SPLIT_SEED = 42;

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

    /** A prepared dataset, or files to prepare one from. */
    private static final class Data {
        @Option(
                names = "--dataset",
                required = true,
                paramLabel = "DATASET",
                description = "Dataset of the same kind as the task")
        private String dataset;

        @Option(
                names = "--file",
                required = true,
                paramLabel = "FILE",
                description = "Rows to prepare a dataset from, with the tokenizer of the base, also"
                        + " with --plan-only; repeatable. `dataset prepare` has more options")
        private List<Path> files = List.of();
    }

    @ArgGroup(multiplicity = "1")
    private Data data;

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
            throw usage("--class-weights, --class-weight, --label-smoothing, --prefix-loss and --token-replacement"
                    + " require --task classification");
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
                .setDataset(data.files.isEmpty() ? Names.of("datasets", data.dataset) : prepared(clients, console))
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

    /** Name of a dataset of the files' rows, with a checksum of what it is made of: the same files are prepared once. */
    private String prepared(Clients clients, Console console) {
        PrepareDatasetRequest.Builder request = PrepareDatasetRequest.newBuilder()
                .setKind(
                        switch (task) {
                            case INSTRUCTION -> DatasetKind.DATASET_KIND_INSTRUCTION;
                            case CLASSIFICATION -> DatasetKind.DATASET_KIND_CLASSIFICATION;
                            case PREFERENCE -> DatasetKind.DATASET_KIND_PREFERENCE;
                        })
                .setTokenizer(clients.models()
                        .getVersion(GetVersionRequest.newBuilder()
                                .setName(Names.version(base, "latest"))
                                .build())
                        .getVersion()
                        .getTokenizer())
                .setSeed(SPLIT_SEED);
        Uploads.all(clients, data.files, console)
                .forEach(source -> request.addSources(
                        DatasetSource.newBuilder().setName(source.getFileName()).setDigest(source.getDigest())));
        CRC32 checksum = new CRC32();
        checksum.update(request.build().toByteArray());
        String suffix = "-%08x".formatted(checksum.getValue());
        String id = Names.id(model);
        String name =
                "datasets/" + id.substring(0, Math.min(id.length(), ResourceId.MAX_LENGTH - suffix.length())) + suffix;
        // A repeated request with equal content returns the existing dataset.
        MixtureTable.print(
                DataPreparation.prepareDataset(clients, request.setName(name).build(), console), console);
        return name;
    }

    @Override
    public Optional<String> trainedVersion() {
        return options.version();
    }

    /** Hyperparameters of all fine-tuning tasks. */
    private static final class FineTuningOptions {
        @Option(names = "--epochs", paramLabel = "N", description = "Number of epochs over the training rows")
        private Double epochs;

        @Option(
                names = "--patience",
                paramLabel = "N",
                description =
                        "Stop early after N validations without improvement and export the best weights; 0: never")
        private Integer patience;

        @Option(
                names = "--packing",
                paramLabel = "true|false",
                arity = "1",
                description = "Pack several rows into one sequence instead of padding [default: true on the CPU]")
        private Boolean packing;

        /** Adds the options that are set. */
        Hyperparameters addTo(Hyperparameters settings) {
            Hyperparameters.Builder all = settings.toBuilder();
            OptionalFields.setIfPresent(epochs, all::setEpochs);
            OptionalFields.setIfPresent(patience, all::setPatience);
            OptionalFields.setIfPresent(packing, all::setPacking);
            return all.build();
        }
    }

    /** Hyperparameters of preference optimization (DPO). */
    private static final class PreferenceOptions {
        @Option(
                names = "--preference-beta",
                paramLabel = "X",
                description = "DPO beta: higher values keep the model closer to its base [default: 0.1]")
        private Double beta;

        /** Whether any option is set. */
        boolean isSet() {
            return beta != null;
        }

        /** Adds the options that are set. */
        Hyperparameters addTo(Hyperparameters settings) {
            Hyperparameters.Builder all = settings.toBuilder();
            OptionalFields.setIfPresent(beta, all::setPreferenceBeta);
            return all.build();
        }
    }
}
