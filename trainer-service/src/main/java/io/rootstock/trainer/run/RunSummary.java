package io.rootstock.trainer.run;

import io.rootstock.names.EnumNames;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import io.rootstock.trainer.v1.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A run in a list, without the files of its directory. */
public record RunSummary(String runId, RunState state, Instant createTime) {
    /** Fields of filters and orders; the list begins with the newest run. */
    public static final ListFields<Function<RunSummary, ?>> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("run_id", FieldType.TEXT, RunSummary::runId),
                    Field.of("state", RunState.class, run -> EnumNames.of(run.state())),
                    new Field<>("create_time", FieldType.TIMESTAMP, RunSummary::createTime)),
            new Field<>(
                    "key",
                    FieldType.TEXT,
                    run -> String.format(
                            Locale.ROOT, "%019d %s", run.createTime().toEpochMilli(), run.runId())),
            true);
}
