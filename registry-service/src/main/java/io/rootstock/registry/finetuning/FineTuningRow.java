package io.rootstock.registry.finetuning;

import com.google.protobuf.Timestamp;
import io.rootstock.names.ResourceName;
import io.rootstock.registry.v1.FineTuningError;
import io.rootstock.registry.v1.FineTuningSpec;
import java.util.Optional;

/**
 * A row of {@code fine_tuning}.
 *
 * @param number position in the order of creation
 * @param spec the spec with the base's version
 * @param outputModel name of the new model
 * @param owner name of its creator
 * @param job id of the training job; empty until the files are validated
 * @param version name of the promoted version
 * @param resultFile name of the file with the losses
 */
record FineTuningRow(
        String id,
        long number,
        FineTuningSpec spec,
        State state,
        String outputModel,
        String owner,
        Optional<FineTuningError> error,
        Optional<String> job,
        Optional<String> version,
        Optional<String> resultFile,
        long trainedTokens,
        Timestamp createTime,
        Optional<Timestamp> validateTime,
        Optional<Timestamp> finishTime) {

    /** Stored state; while TRAINING, the training job has the exact state. */
    enum State {
        VALIDATING_FILES,
        TRAINING,
        SUCCEEDED,
        FAILED,
        CANCELLED
    }

    String name() {
        return new ResourceName(FineTunings.COLLECTION, id).toString();
    }
}
