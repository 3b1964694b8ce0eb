package io.rootstock.registry.finetuning;

import io.rootstock.names.AliasName;
import io.rootstock.names.ResourceId;
import io.rootstock.registry.v1.FineTuningMethod;
import io.rootstock.registry.v1.FineTuningSpec;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import java.util.Map;

/** Validates the fields of a fine-tuning spec that need no database. The trainer validates hyperparameters. */
final class FineTuningCheck {
    private static final int MAX_SUFFIX_LENGTH = 18;
    private static final int MAX_ENTRIES = 16;
    private static final int MAX_KEY_LENGTH = 64;
    private static final int MAX_VALUE_LENGTH = 512;

    private FineTuningCheck() {}

    static void require(FineTuningSpec spec) {
        if (spec.getMethod() != FineTuningMethod.FINE_TUNING_METHOD_SUPERVISED
                && spec.getMethod() != FineTuningMethod.FINE_TUNING_METHOD_DPO) {
            throw Errors.invalidArgument("spec.method", "must be SUPERVISED or DPO");
        }
        double factor = spec.getLearningRateMultiplier();
        if (!Double.isFinite(factor) || factor < 0) {
            throw Errors.invalidArgument("spec.learning_rate_multiplier", "must be above 0, was " + factor);
        }
        if (factor > 0 && spec.getHyperparameters().hasLearningRate()) {
            throw Errors.invalidArgument(
                    "spec.learning_rate_multiplier", "excludes hyperparameters.learning_rate; leave one out");
        }
        String suffix = spec.getSuffix();
        if (!suffix.isEmpty() && (suffix.length() > MAX_SUFFIX_LENGTH || !ResourceId.isValid("a" + suffix))) {
            throw Errors.invalidArgument(
                    "spec.suffix",
                    "must have at most " + MAX_SUFFIX_LENGTH + " lower-case letters, digits and hyphens, was '" + suffix
                            + "'");
        }
        AliasName _ = RequestNames.parse("models/a/aliases/" + spec.getAlias(), "spec.alias", AliasName::parse);
        metadata(spec.getMetadataMap(), "spec.metadata");
    }

    /** Checks the number and the lengths of entries. */
    static void metadata(Map<String, String> metadata, String field) {
        if (metadata.size() > MAX_ENTRIES) {
            throw Errors.invalidArgument(
                    field, "must have at most " + MAX_ENTRIES + " entries, had " + metadata.size());
        }
        metadata.forEach((key, value) -> {
            if (key.length() > MAX_KEY_LENGTH || value.length() > MAX_VALUE_LENGTH) {
                throw Errors.invalidArgument(
                        field, "keys must have at most " + MAX_KEY_LENGTH + " characters, values " + MAX_VALUE_LENGTH);
            }
        });
    }
}
