package io.rootstock.registry.job;

import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.JobPriority;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import java.util.List;

/**
 * Selects jobs of a list, in addition to a filter with {@link #FIELDS}.
 *
 * @param kinds kinds; empty: all
 * @param states states; empty: all
 * @param outputModel models/{model}, of trainings; empty: all
 * @param dataset datasets/{dataset}, of trainings; empty: all
 */
public record JobFilter(List<JobKind> kinds, List<JobState> states, String outputModel, String dataset) {
    /** SQL expression of the output model of a training; empty for other kinds. */
    static final String OUTPUT_MODEL = "case when training.job is null then '' else 'models/' || job.model end";

    /** Fields of filters and orders; the list begins with the newest job. */
    public static final ListFields<String> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, "('jobs/' || job.id)"),
                    Field.of("kind", JobKind.class, "job.kind"),
                    Field.of("state", JobState.class, "job.state"),
                    new Field<>("message", FieldType.TEXT, "job.message"),
                    new Field<>("dataset", FieldType.TEXT, "coalesce(training.dataset_name, '')"),
                    new Field<>("output_model", FieldType.TEXT, "(" + OUTPUT_MODEL + ")"),
                    new Field<>("base_version", FieldType.TEXT, version("base")),
                    new Field<>("version", FieldType.TEXT, version("version")),
                    new Field<>("owner", FieldType.TEXT, "job.owner"),
                    Field.of("priority", JobPriority.class, "coalesce(priority, 'NORMAL')"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "job.create_time"),
                    new Field<>("update_time", FieldType.TIMESTAMP, "job.update_time")),
            new Field<>("number", FieldType.INTEGER, "job.number"),
            true);

    public JobFilter {
        kinds = List.copyOf(kinds);
        states = List.copyOf(states);
    }

    private static String version(String prefix) {
        return "coalesce('models/' || training.%s_model || '/versions/' || training.%s_number, '')"
                .formatted(prefix, prefix);
    }
}
