package io.rootstock.inference.openai.finetuning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.names.EnumNames;
import io.rootstock.registry.v1.FineTuningError;
import io.rootstock.registry.v1.FineTuningJob;
import io.rootstock.registry.v1.FineTuningMethod;
import io.rootstock.registry.v1.FineTuningSpec;
import io.rootstock.registry.v1.FineTuningState;
import io.rootstock.trainer.v1.Hyperparameters;
import java.time.Instant;

/** Builds the JSON of a fine-tuning job. All fields that OpenAI's clients require are present. */
final class JobObject {
    /** Collection of the fine-tuning jobs in the registry. */
    static final String COLLECTION = "fineTuningJobs/";

    private static final String MODELS = "models/";
    private static final String AUTO = "auto";
    private static final long DEFAULT_SEED = 1;

    private JobObject() {}

    /** Id of a job in this API. */
    static String id(FineTuningJob job) {
        return job.getName().substring(COLLECTION.length());
    }

    /** Name of the new model in requests. */
    static String model(FineTuningJob job) {
        return job.getOutputModel().substring(MODELS.length());
    }

    /**
     * The job.
     *
     * @param loading whether the promoted version does not serve yet; the job then counts as running
     */
    static ObjectNode of(FineTuningJob job, boolean loading) {
        FineTuningSpec spec = job.getSpec();
        boolean succeeded = job.getState() == FineTuningState.FINE_TUNING_STATE_SUCCEEDED && !loading;
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put("id", id(job))
                .put("object", "fine_tuning.job")
                .put("created_at", job.getCreateTime().getSeconds())
                .put("model", spec.getBase())
                .put("organization_id", "rootstock")
                .put("status", loading ? "running" : status(job.getState()))
                .put("training_file", file(spec.getTrainingFile()))
                .put("validation_file", spec.getValidationFile().isEmpty() ? null : file(spec.getValidationFile()))
                .put(
                        "seed",
                        spec.getHyperparameters().hasSeed()
                                ? spec.getHyperparameters().getSeed()
                                : DEFAULT_SEED)
                .put("fine_tuned_model", succeeded ? model(job) : null)
                .put("trained_tokens", succeeded ? job.getTrainedTokens() : null)
                .put(
                        "finished_at",
                        job.hasFinishTime() && !loading ? job.getFinishTime().getSeconds() : null)
                .put("estimated_finish", estimatedFinish(job));
        object.putArray("integrations");
        if (succeeded) {
            object.putArray("result_files").add(file(job.getResultFile()));
        } else {
            object.putArray("result_files");
        }
        ObjectNode metadata = object.putObject("metadata");
        spec.getMetadataMap().forEach(metadata::put);
        object.set("hyperparameters", hyperparameters(spec, false));
        boolean dpo = spec.getMethod() == FineTuningMethod.FINE_TUNING_METHOD_DPO;
        String type = dpo ? "dpo" : "supervised";
        ObjectNode method = object.putObject("method").put("type", type);
        method.putObject(type).set("hyperparameters", hyperparameters(spec, dpo));
        object.set("error", job.hasError() ? error(job.getError()) : null);
        return object;
    }

    private static ObjectNode error(FineTuningError error) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("code", error.getCode())
                .put("message", error.getMessage())
                .put("param", error.getParam().isEmpty() ? null : error.getParam());
    }

    private static ObjectNode hyperparameters(FineTuningSpec spec, boolean dpo) {
        Hyperparameters values = spec.getHyperparameters();
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        if (values.hasEpochs()) {
            object.put("n_epochs", (long) values.getEpochs());
        } else {
            object.put("n_epochs", AUTO);
        }
        if (values.hasBatchRows()) {
            object.put("batch_size", values.getBatchRows());
        } else {
            object.put("batch_size", AUTO);
        }
        if (spec.getLearningRateMultiplier() > 0) {
            object.put("learning_rate_multiplier", spec.getLearningRateMultiplier());
        } else {
            object.put("learning_rate_multiplier", AUTO);
        }
        if (dpo && values.hasPreferenceBeta()) {
            object.put("beta", values.getPreferenceBeta());
        } else if (dpo) {
            object.put("beta", AUTO);
        }
        return object;
    }

    private static Long estimatedFinish(FineTuningJob job) {
        return job.getState() == FineTuningState.FINE_TUNING_STATE_RUNNING && job.getEtaSeconds() > 0
                ? Instant.now().getEpochSecond() + (long) job.getEtaSeconds()
                : null;
    }

    private static String status(FineTuningState state) {
        return EnumNames.lowerCase(state);
    }

    private static String file(String name) {
        return name.substring(name.indexOf('/') + 1);
    }
}
