package io.rootstock.registry.job;

import io.rootstock.names.VersionName;
import io.rootstock.registry.model.AddedArtifacts;
import io.rootstock.registry.resource.JobDatasets;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.LoraSettings;
import io.rootstock.trainer.v1.Mixture;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Validates job specs and resolves their resource names to digests. The trainer validates hyperparameters and
 * architecture.
 */
final class SpecCheck {
    private static final int MAX_SOURCES = 256;

    private SpecCheck() {}

    /** Validates the fields that need neither the database nor another service. */
    static void fields(JobSpec spec) {
        boolean fineTune = isFineTune(spec.getTask());
        data(spec);
        RequestNames.id("models", spec.getOutputModel(), "spec.output_model");
        if (fineTune && spec.getBase().isEmpty()) {
            throw Errors.invalidArgument("spec.base", "a fine-tune needs the version it starts from");
        }
        if (!fineTune && !spec.getAdapterDigest().isEmpty()) {
            throw Errors.invalidArgument("spec.adapter_digest", "adapters are for fine-tuning");
        }
        if (!spec.getBase().isEmpty() && spec.hasArchitecture()) {
            throw Errors.invalidArgument("spec.architecture", "not allowed with a base, whose architecture is used");
        }
        if (!spec.getExtendedJob().isEmpty()) {
            RequestNames.id("jobs", spec.getExtendedJob(), "spec.extended_job");
        }
        if (spec.getExtendedStep() < 0
                || (spec.getExtendedStep() > 0 && spec.getExtendedJob().isEmpty())) {
            throw Errors.invalidArgument(
                    "spec.extended_step",
                    "must be 0, or with extended_job a step above 0, was " + spec.getExtendedStep());
        }
        double price = spec.getDollarsPerHour();
        if (!Double.isFinite(price) || price < 0) {
            throw Errors.invalidArgument("spec.dollars_per_hour", "must be at least 0, was " + price);
        }
    }

    private static void data(JobSpec spec) {
        if (!spec.hasMixture()) {
            RequestNames.id("datasets", spec.getDataset(), "spec.dataset");
            return;
        }
        if (!spec.getDataset().isEmpty()) {
            throw Errors.invalidArgument("spec.dataset", "must be empty with a mixture");
        }
        int sources = spec.getMixture().getSourcesCount();
        if (sources == 0 || sources > MAX_SOURCES) {
            throw Errors.invalidArgument("spec.mixture.sources", "must be 1 to " + MAX_SOURCES + ", were " + sources);
        }
        for (int i = 0; i < sources; i++) {
            RequestNames.id("datasets", spec.getMixture().getSources(i).getDataset(), source(i));
        }
    }

    private static String source(int index) {
        return "spec.mixture.sources[" + index + "].dataset";
    }

    /** Checks that a version can be fine-tuned. */
    static void base(Version base) {
        if (base.getKind() == VersionKind.VERSION_KIND_CLASSIFIER) {
            throw Errors.invalidArgument(
                    "spec.base", base.getName() + " is a classifier; fine-tune the base it came from, or an instruct");
        }
        huggingFace(base);
    }

    /**
     * Returns the run spec for the trainer; INVALID_ARGUMENT if datasets, base and task do not fit together.
     *
     * @param extended run spec of the job that the spec extends
     */
    static RunSpec resolved(JobSpec spec, JobDatasets datasets, Optional<Version> base, Optional<RunSpec> extended) {
        DatasetKind expected = switch (spec.getTask()) {
            case TASK_PRETRAIN -> DatasetKind.DATASET_KIND_PRETRAINING;
            case TASK_INSTRUCTION -> DatasetKind.DATASET_KIND_INSTRUCTION;
            case TASK_CLASSIFICATION -> DatasetKind.DATASET_KIND_CLASSIFICATION;
            case TASK_PREFERENCE -> DatasetKind.DATASET_KIND_PREFERENCE;
            case TASK_UNSPECIFIED, UNRECOGNIZED -> throw unknownTask();
        };
        for (Map.Entry<String, Dataset> dataset : datasets.byName().entrySet()) {
            String field = spec.hasMixture() ? source(spec, dataset.getKey()) : "spec.dataset";
            requireFitting(spec, expected, dataset.getValue(), field, datasets.first(), base);
        }
        RunSpec.Builder run = RunSpec.newBuilder()
                .setTask(spec.getTask())
                .setAdapterDigest(spec.getAdapterDigest())
                .setDollarsPerHour(spec.getDollarsPerHour())
                .setSkipQuantizations(spec.getSkipQuantizations())
                .addAllQuantizations(quantizations(spec))
                .setModelName(RequestNames.id("models", spec.getOutputModel(), "spec.output_model"));
        if (spec.hasMixture()) {
            run.setMixture(withDigests(spec.getMixture(), datasets));
        } else {
            run.setDatasetDigest(datasets.first().getDigest());
        }
        base.ifPresent(version -> {
            run.setBaseDigest(huggingFace(version).getDigest());
            extended.map(RunSpec::getBaseGgufDigest)
                    .or(() -> gguf(version, spec.getHyperparameters().getLora()).map(Artifact::getDigest))
                    .ifPresent(run::setBaseGgufDigest);
        });
        if (!spec.getExtendedJob().isEmpty()) {
            run.setExtendedRunId(RequestNames.id("jobs", spec.getExtendedJob(), "spec.extended_job"))
                    .setExtendedStep(spec.getExtendedStep());
        }
        if (spec.hasArchitecture()) {
            run.setArchitecture(spec.getArchitecture());
        }
        if (spec.hasHyperparameters()) {
            run.setHyperparameters(spec.getHyperparameters());
        }
        return run.build();
    }

    private static void requireFitting(
            JobSpec spec, DatasetKind expected, Dataset dataset, String field, Dataset first, Optional<Version> base) {
        if (dataset.getKind() != expected) {
            throw Errors.invalidArgument(
                    field,
                    dataset.getName() + " is of kind " + dataset.getKind() + "; " + spec.getTask() + " needs "
                            + expected);
        }
        base.filter(version -> !version.getTokenizerDigest().isEmpty()
                        && !version.getTokenizerDigest().equals(dataset.getTokenizerDigest()))
                .ifPresent(version -> {
                    throw Errors.invalidArgument(
                            field,
                            dataset.getName() + " was prepared with another tokenizer than " + version.getName()
                                    + " was trained with; prepare it with " + version.getTokenizer());
                });
        if (!dataset.getTokenizerDigest().equals(first.getTokenizerDigest())) {
            throw Errors.invalidArgument(
                    field,
                    dataset.getName() + " was prepared with " + dataset.getTokenizer() + ", " + first.getName()
                            + " with " + first.getTokenizer() + "; prepare both with one tokenizer");
        }
    }

    /** Path of the first source of a dataset. */
    private static String source(JobSpec spec, String dataset) {
        int index = 0;
        while (!spec.getMixture().getSources(index).getDataset().equals(dataset)) {
            index++;
        }
        return source(index);
    }

    private static Mixture withDigests(Mixture mixture, JobDatasets datasets) {
        Mixture.Builder resolved = mixture.toBuilder();
        resolved.getSourcesBuilderList()
                .forEach(source -> source.setDatasetDigest(
                        datasets.byName().get(source.getDataset()).getDigest()));
        return resolved.build();
    }

    private static List<ArtifactKind> quantizations(JobSpec spec) {
        AddedArtifacts.requireMade(spec.getQuantizationsList(), "spec.quantizations");
        return spec.getQuantizationsList();
    }

    /** Returns the kind of version that a task produces. */
    static VersionKind kind(Task task) {
        return switch (task) {
            case TASK_PRETRAIN -> VersionKind.VERSION_KIND_BASE;
            case TASK_INSTRUCTION, TASK_PREFERENCE -> VersionKind.VERSION_KIND_INSTRUCT;
            case TASK_CLASSIFICATION -> VersionKind.VERSION_KIND_CLASSIFIER;
            case TASK_UNSPECIFIED, UNRECOGNIZED -> throw unknownTask();
        };
    }

    /** Returns the task's name, which is the prefix of its jobs' ids. */
    static String word(Task task) {
        return switch (task) {
            case TASK_PRETRAIN -> "pretrain";
            case TASK_INSTRUCTION -> "instruction";
            case TASK_CLASSIFICATION -> "classification";
            case TASK_PREFERENCE -> "preference";
            case TASK_UNSPECIFIED, UNRECOGNIZED -> throw unknownTask();
        };
    }

    private static boolean isFineTune(Task task) {
        return switch (task) {
            case TASK_PRETRAIN -> false;
            case TASK_INSTRUCTION, TASK_CLASSIFICATION, TASK_PREFERENCE -> true;
            case TASK_UNSPECIFIED, UNRECOGNIZED -> throw unknownTask();
        };
    }

    private static Artifact huggingFace(Version version) {
        return version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                .findFirst()
                .orElseThrow(() -> Errors.invalidArgument(
                        "spec.base",
                        VersionName.parse(version.getName()) + " has no Hugging Face artifact to start from"));
    }

    /** Returns the GGUF file with the base weights of an adapter; empty if the adapter uses the float weights. */
    private static Optional<Artifact> gguf(Version version, LoraSettings lora) {
        Optional<ArtifactKind> kind = switch (lora.getBaseWeights()) {
            case ARTIFACT_KIND_UNSPECIFIED, ARTIFACT_KIND_HUGGING_FACE -> Optional.empty();
            case ARTIFACT_KIND_GGUF_F16,
                    ARTIFACT_KIND_GGUF_Q8_0,
                    ARTIFACT_KIND_GGUF_Q4_K_M,
                    ARTIFACT_KIND_GGUF_ORIGINAL -> Optional.of(lora.getBaseWeights());
            case ARTIFACT_KIND_GGUF_F32,
                    ARTIFACT_KIND_GGUF_BASE,
                    ARTIFACT_KIND_GGUF_ADAPTER,
                    ARTIFACT_KIND_PEFT_ADAPTER,
                    ARTIFACT_KIND_CLASSIFIER_HEAD,
                    UNRECOGNIZED ->
                throw Errors.invalidArgument(
                        "spec.hyperparameters.lora.base_weights",
                        "must be HUGGING_FACE, GGUF_F16, GGUF_Q8_0, GGUF_Q4_K_M or GGUF_ORIGINAL, is "
                                + lora.getBaseWeights());
        };
        return kind.map(wanted -> version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == wanted)
                .findFirst()
                .orElseThrow(() -> Errors.invalidArgument(
                        "spec.hyperparameters.lora.base_weights",
                        VersionName.parse(version.getName()) + " has no artifact " + wanted + "; it has "
                                + version.getArtifactsList().stream()
                                        .map(Artifact::getKind)
                                        .toList()
                                + " (rootstock models quantize adds F16, Q8_0 and Q4_K_M)")));
    }

    private static RuntimeException unknownTask() {
        return Errors.invalidArgument(
                "spec.task", "must be one of PRETRAIN, INSTRUCTION, CLASSIFICATION and PREFERENCE");
    }
}
