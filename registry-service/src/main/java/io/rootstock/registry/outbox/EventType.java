package io.rootstock.registry.outbox;

import java.util.Arrays;
import java.util.List;

/** Types of the events that webhooks receive; OpenAI's names where its API has the event. */
public enum EventType {
    /** The version of a fine-tuning job is promoted. */
    FINE_TUNING_JOB_SUCCEEDED("fine_tuning.job.succeeded"),
    FINE_TUNING_JOB_FAILED("fine_tuning.job.failed"),
    FINE_TUNING_JOB_CANCELLED("fine_tuning.job.cancelled"),
    /** The version of a job is registered. */
    JOB_SUCCEEDED("job.succeeded"),
    JOB_FAILED("job.failed"),
    JOB_CANCELLED("job.cancelled"),
    /** The worker of a job failed repeatedly; the job waits for a client to resume or cancel it. */
    JOB_NEEDS_RECOVERY("job.needs_recovery"),
    /** All rows of an evaluation are scored. */
    EVALUATION_SUCCEEDED("evaluation.succeeded"),
    EVALUATION_FAILED("evaluation.failed"),
    EVALUATION_CANCELLED("evaluation.cancelled"),
    /** The analysis of an alias's canary moved the alias to it. */
    CANARY_PROMOTED("canary.promoted"),
    /** The analysis of an alias's canary removed it. */
    CANARY_ROLLED_BACK("canary.rolled_back");

    private final String label;

    EventType(String label) {
        this.label = label;
    }

    /** Returns the name in contracts and request bodies. */
    public String label() {
        return label;
    }

    /** Returns the names of all types. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(EventType::label).toList();
    }
}
