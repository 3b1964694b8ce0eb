package io.rootstock.registry.job;

import io.rootstock.registry.v1.JobPriority;
import io.rootstock.registry.v1.JobState;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import java.util.List;

/**
 * Selects jobs of a list, in addition to a filter with {@link #FIELDS}.
 *
 * @param states states; empty: all
 * @param outputModel models/{model}; empty: all
 * @param dataset datasets/{dataset}; empty: all
 */
public record JobFilter(List<JobState> states, String outputModel, String dataset) {
    /** Fields of filters and orders; the list begins with the newest job. */
    public static final ListFields<String> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, "('jobs/' || job.id)"),
                    Field.of("state", JobState.class, "job.state"),
                    new Field<>("message", FieldType.TEXT, "job.message"),
                    new Field<>("dataset", FieldType.TEXT, "job.dataset_name"),
                    new Field<>("output_model", FieldType.TEXT, "job.output_model"),
                    new Field<>("base_version", FieldType.TEXT, version("base")),
                    new Field<>("version", FieldType.TEXT, version("version")),
                    new Field<>("owner", FieldType.TEXT, "coalesce(job_schedule.owner, 'users/local')"),
                    Field.of("priority", JobPriority.class, "coalesce(priority, 'NORMAL')"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "job.create_time"),
                    new Field<>("update_time", FieldType.TIMESTAMP, "job.update_time")),
            new Field<>("number", FieldType.INTEGER, "job.number"),
            true);

    public JobFilter {
        states = List.copyOf(states);
    }

    private static String version(String prefix) {
        return "coalesce('models/' || job.%s_model || '/versions/' || job.%s_number, '')".formatted(prefix, prefix);
    }
}
