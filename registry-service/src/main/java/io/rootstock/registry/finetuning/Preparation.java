package io.rootstock.registry.finetuning;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryManifest;
import io.rootstock.names.ResourceName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.file.StoredFiles;
import io.rootstock.registry.job.Jobs;
import io.rootstock.registry.job.Peers;
import io.rootstock.registry.job.TrainingJobs;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.v1.FineTuningError;
import io.rootstock.registry.v1.FineTuningMethod;
import io.rootstock.registry.v1.FineTuningSpec;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.ErrorDetails;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.FieldNames;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Prepares the datasets of fine-tuning jobs and creates their training jobs, one after the other. The dataset's name is
 * the fine-tuning job's id, and the new model belongs to one job only, so that repeated steps change nothing.
 */
final class Preparation {
    private static final String CONFIG = "config.json";
    private static final String CONTEXT = "max_position_embeddings";

    private static final Logger LOG = Logger.getLogger(Preparation.class);
    private static final int MAX_MAX_TOKENS = 1 << 17;

    /** Field of the files' rows that the tokenizer service rejects. */
    private static final String SOURCES = "sources";

    private final Database database;
    private final FineTunings fineTunings;
    private final Jobs jobs;
    private final TrainingJobs trainings;
    private final StoredFiles files;
    private final ArtifactStore store;
    private final DatasetClient datasets;
    private final Changes changes;

    Preparation(
            Database database,
            FineTunings fineTunings,
            Jobs jobs,
            TrainingJobs trainings,
            StoredFiles files,
            ArtifactStore store,
            DatasetClient datasets,
            Changes changes) {
        this.database = database;
        this.fineTunings = fineTunings;
        this.jobs = jobs;
        this.trainings = trainings;
        this.files = files;
        this.store = store;
        this.datasets = datasets;
        this.changes = changes;
    }

    /** Prepares all pending fine-tuning jobs, oldest first; returns false if one must be retried. */
    boolean round() throws InterruptedException {
        boolean complete = true;
        for (FineTuningRow row : database.read(FineTuningRepository::validating)) {
            complete &= prepare(row);
        }
        return complete;
    }

    private boolean prepare(FineTuningRow row) throws InterruptedException {
        try {
            Job job = fineTunings.trainingJob(row).orElse(null);
            if (job == null) {
                String dataset = dataset(row);
                if (!isWanted(row)) {
                    return true;
                }
                job = trainingJob(row, dataset);
            }
            begin(row, job);
            return true;
        } catch (StatusRuntimeException e) {
            if (!isWanted(row)) {
                return true;
            }
            if (Peers.isTransient(e)) {
                LOG.warnf("%s waits for another service: %s", row.name(), Peers.reason(e));
                return false;
            }
            fail(row, error(row, e));
            return true;
        } catch (ArtifactException | UncheckedIOException e) {
            fail(row, failure("file_unreadable", e.getMessage(), ""));
            return true;
        }
    }

    private String dataset(FineTuningRow row) throws InterruptedException {
        FineTuningSpec spec = row.spec();
        Version base = database.read(connection ->
                Models.version(connection, new VersionReference.ByNumber(VersionName.parse(spec.getBase()))));
        PrepareDatasetRequest.Builder request = PrepareDatasetRequest.newBuilder()
                .setName(new ResourceName("datasets", row.id()).toString())
                .setTokenizer(base.getTokenizer())
                .setSeed(spec.getHyperparameters().getSeed())
                .setMaxTokens(Math.min(contextLength(store, base), MAX_MAX_TOKENS));
        boolean validated = !spec.getValidationFile().isEmpty();
        request.addSources(source("train", spec.getTrainingFile(), validated ? "train" : ""));
        if (validated) {
            request.addSources(source("validation", spec.getValidationFile(), "validation"));
        }
        if (spec.getMethod() == FineTuningMethod.FINE_TUNING_METHOD_DPO) {
            request.setKind(DatasetKind.DATASET_KIND_PREFERENCE)
                    .setFields(FieldNames.newBuilder()
                            .setPrompt("input")
                            .setChosen("preferred_output")
                            .setRejected("non_preferred_output"));
        } else {
            request.setKind(DatasetKind.DATASET_KIND_INSTRUCTION)
                    .setFields(FieldNames.newBuilder().setMessages("messages"));
        }
        return datasets.prepare(request.build(), () -> isWanted(row)).getName();
    }

    private DatasetSource source(String name, String fileName, String split) throws InterruptedException {
        File file = file(fileName);
        try (InputStream content = files.open(file)) {
            return DatasetSource.newBuilder()
                    .setName(name)
                    .setDigest(datasets.upload(file.getFileName(), content))
                    .setSplit(split)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(file.getName() + " cannot be read", e);
        }
    }

    private File file(String name) {
        return files.get(ResourceName.parse(StoredFiles.COLLECTION, name).id());
    }

    private Job trainingJob(FineTuningRow row, String dataset) {
        FineTuningSpec spec = row.spec();
        JobSpec.Builder job = JobSpec.newBuilder()
                .setTask(
                        spec.getMethod() == FineTuningMethod.FINE_TUNING_METHOD_DPO
                                ? Task.TASK_PREFERENCE
                                : Task.TASK_INSTRUCTION)
                .setDataset(dataset)
                .setBase(spec.getBase())
                .setOutputModel(row.outputModel())
                .setHyperparameters(spec.getHyperparameters());
        if (spec.getLearningRateMultiplier() > 0) {
            Hyperparameters automatic = trainings.defaults(job.build());
            job.getHyperparametersBuilder()
                    .setLearningRate(spec.getLearningRateMultiplier() * automatic.getLearningRate());
        }
        return trainings.create(
                CreateJobRequest.newBuilder()
                        .setSpec(job)
                        .setRequestId(row.name())
                        .build(),
                row.owner());
    }

    /** Stores the training job; cancels it if the fine-tuning job was cancelled in the meantime. */
    private void begin(FineTuningRow row, Job job) {
        boolean begun =
                database.write(connection -> FineTuningRepository.begin(connection, row.id(), FineTunings.jobId(job)));
        if (!begun) {
            Job _ = jobs.cancel(
                    CancelJobRequest.newBuilder().setName(job.getName()).build());
        }
        changes.announce();
    }

    private boolean isWanted(FineTuningRow row) {
        return database.read(connection -> FineTuningRepository.find(connection, row.id()))
                .filter(now -> now.state() == FineTuningRow.State.VALIDATING_FILES)
                .isPresent();
    }

    private void fail(FineTuningRow row, FineTuningError error) {
        LOG.warnf("%s failed: %s", row.name(), error.getMessage());
        database.write(connection -> {
            FineTuningRepository.fail(connection, row.id(), error);
            return null;
        });
        changes.announce();
    }

    private FineTuningError error(FineTuningRow row, StatusRuntimeException failure) {
        String message = Optional.ofNullable(failure.getStatus().getDescription())
                .orElse(failure.getStatus().getCode().name());
        Optional<String> field = ErrorDetails.find(failure, com.google.rpc.BadRequest.class)
                .map(request -> request.getFieldViolations(0).getField());
        if (field.filter(name -> name.startsWith(SOURCES)).isPresent()) {
            String param = List.of("validation_file", "training_file").stream()
                    .filter(name -> names(row, name).filter(message::contains).isPresent())
                    .findFirst()
                    .orElse("training_file");
            return failure("invalid_" + param, message, param);
        }
        if (field.filter(name -> name.contains("hyperparameters")).isPresent()) {
            return failure("invalid_hyperparameters", message, "hyperparameters");
        }
        return failure("invalid_request", message, field.orElse(""));
    }

    /** The beginning of a reason that names a row of a file. */
    private Optional<String> names(FineTuningRow row, String field) {
        String file = field.equals("training_file")
                ? row.spec().getTrainingFile()
                : row.spec().getValidationFile();
        return file.isEmpty() ? Optional.empty() : Optional.of(file(file).getFileName() + ":");
    }

    private static FineTuningError failure(String code, String message, String param) {
        return FineTuningError.newBuilder()
                .setCode(code)
                .setMessage(message)
                .setParam(param)
                .build();
    }

    /**
     * The context length in tokens; 0 if the version has no directory, or the directory does not state it.
     *
     * @throws io.rootstock.artifacts.ArtifactException if the directory cannot be read
     */
    private static int contextLength(ArtifactStore store, Version base) {
        return base.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                .flatMap(artifact -> DirectoryManifest.read(store, Digest.parse(artifact.getDigest())).files().stream())
                .filter(file -> file.path().equals(CONFIG))
                .findFirst()
                .map(file -> contextLength(store.readAll(file.digest())))
                .orElse(0);
    }

    private static int contextLength(byte[] config) {
        try {
            return new JsonMapper().readTree(config).path(CONTEXT).asInt(0);
        } catch (IOException e) {
            throw new UncheckedIOException(CONFIG + " is not JSON", e);
        }
    }
}
