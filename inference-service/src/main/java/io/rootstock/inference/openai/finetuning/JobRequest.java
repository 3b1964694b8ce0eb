package io.rootstock.inference.openai.finetuning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.inference.http.Fields;
import io.rootstock.registry.v1.FineTuningMethod;
import io.rootstock.registry.v1.FineTuningSpec;
import io.rootstock.trainer.v1.Hyperparameters;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;

/** Reads the body of {@code POST /v1/fine_tuning/jobs}. */
final class JobRequest {
    /** The request's names of the contract's fields. */
    static final Map<String, String> NAMES = Map.of(
            "spec.base", "model",
            "name", "model",
            "spec.training_file", "training_file",
            "spec.validation_file", "validation_file",
            "spec.suffix", "suffix",
            "spec.metadata", "metadata",
            "spec.method", "method.type");

    private static final String FILES = "files/";
    private static final String AUTO = "auto";
    private static final int MAX_EPOCHS = 1000;
    private static final int MAX_ROWS = 4096;
    private static final double MAX_FACTOR = 1000;

    private JobRequest() {}

    /**
     * Returns the spec, without the base and the alias.
     *
     * @throws io.grpc.StatusRuntimeException if a field is invalid, with the request's field names
     */
    static FineTuningSpec.Builder read(Fields body) {
        FineTuningSpec.Builder spec = FineTuningSpec.newBuilder()
                .setTrainingFile(FILES + body.required("training_file", body.text("training_file")))
                .setMethod(FineTuningMethod.FINE_TUNING_METHOD_SUPERVISED)
                .setSuffix(body.text("suffix").orElse(""));
        body.text("validation_file").ifPresent(file -> spec.setValidationFile(FILES + file));
        Hyperparameters.Builder hyperparameters = Hyperparameters.newBuilder();
        Optional<Fields> older = body.object("hyperparameters");
        Optional<Fields> method = body.object("method");
        if (older.isPresent() && method.isPresent()) {
            throw body.refused("hyperparameters", "must be inside of method where there is one");
        }
        older.ifPresent(fields -> hyperparameters(fields, false, spec, hyperparameters));
        method.ifPresent(fields -> method(fields, spec, hyperparameters));
        body.longInteger("seed").ifPresent(hyperparameters::setSeed);
        body.tree("metadata").ifPresent(metadata -> metadata(body, metadata, spec));
        requireNoIntegrations(body);
        return spec.setHyperparameters(hyperparameters);
    }

    private static void method(Fields method, FineTuningSpec.Builder spec, Hyperparameters.Builder values) {
        String type = method.required("type", method.text("type"));
        boolean dpo = type.equals("dpo");
        if (!dpo && !type.equals("supervised")) {
            throw method.refused("type", "must be supervised or dpo, was '" + type + "'");
        }
        if (dpo) {
            spec.setMethod(FineTuningMethod.FINE_TUNING_METHOD_DPO);
        }
        method.object(type).ifPresent(settings -> {
            settings.object("hyperparameters").ifPresent(fields -> hyperparameters(fields, dpo, spec, values));
            settings.end();
        });
        method.end();
    }

    private static void hyperparameters(
            Fields fields, boolean dpo, FineTuningSpec.Builder spec, Hyperparameters.Builder values) {
        integer(fields, "n_epochs", MAX_EPOCHS, values::setEpochs);
        integer(fields, "batch_size", MAX_ROWS, values::setBatchRows);
        number(fields, "learning_rate_multiplier", MAX_FACTOR, spec::setLearningRateMultiplier);
        if (dpo) {
            number(fields, "beta", 2, values::setPreferenceBeta);
        }
        fields.end();
    }

    private static void integer(Fields fields, String name, int most, IntConsumer value) {
        given(fields, name).ifPresent(given -> {
            if (!Fields.isInteger(given) || given.intValue() < 1 || given.intValue() > most) {
                throw fields.refused(name, "must be auto or a whole number from 1 to " + most + ", was " + given);
            }
            value.accept(given.intValue());
        });
    }

    private static void number(Fields fields, String name, double most, DoubleConsumer value) {
        given(fields, name).ifPresent(given -> {
            if (!given.isNumber() || !(given.doubleValue() > 0) || given.doubleValue() > most) {
                throw fields.refused(
                        name, "must be auto or a number above 0 and at most " + (long) most + ", was " + given);
            }
            value.accept(given.doubleValue());
        });
    }

    private static Optional<JsonNode> given(Fields fields, String name) {
        return fields.any(name)
                .filter(value -> !(value.isTextual() && value.textValue().equals(AUTO)));
    }

    private static void metadata(Fields body, ObjectNode metadata, FineTuningSpec.Builder spec) {
        metadata.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw body.refused("metadata", "must have texts as values, '" + entry.getKey() + "' has another");
            }
            spec.putMetadata(entry.getKey(), entry.getValue().textValue());
        });
    }

    private static void requireNoIntegrations(Fields body) {
        if (body.any("integrations").filter(value -> !value.isEmpty()).isPresent()) {
            throw body.refused("integrations", "must be empty: this service knows no integrations");
        }
    }
}
