package io.rootstock.evaluation.contamination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.evaluation.comparison.ScoredRow;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import io.rootstock.yaml.InvalidFileException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The place of a row in its record. */
class ContaminatedRowTest {
    private static final String RECORD =
            "{\"task\":\"t\",\"row\":3,\"file\":\"t.jsonl\",\"line\":4,\"requests_sha256\":\"" + "0".repeat(64) + "\","
                    + "\"expected\":{\"continuation\":true},\"responses\":[{\"logprob\":-3.5,\"greedy\":false,\"tokens\":2}],"
                    + "\"scores\":{\"acc\":{\"value\":0.0,\"weight\":1.0}},\"correct\":false,\"near_tie\":false}";
    private static final ContaminatedRow PLACE =
            new ContaminatedRow(0.25, "models/m/versions/2", "datasets/web", new Place("sha256:aa", 7));

    @Test
    void aFoundRowHasItsPlaceAndOtherReadersIgnoreIt() {
        RowRecord row = RowRecords.fromJson(RECORD, "rows", 1);
        assertThat(RowRecords.toJson(row, Optional.empty())).isEqualTo(RECORD).isEqualTo(RowRecords.toJson(row));
        assertThat(RowRecords.contaminated(RECORD, "rows")).isEmpty();
        String found = RowRecords.toJson(row, Optional.of(PLACE));
        assertThat(found)
                .isEqualTo(RECORD.substring(0, RECORD.length() - 1)
                        + ",\"contaminated\":{\"share\":0.25,\"version\":\"models/m/versions/2\",\"dataset\":\"datasets/web\","
                        + "\"shard\":\"sha256:aa\",\"document\":7}}");
        assertThat(RowRecords.contaminated(found, "rows")).contains(PLACE);
        assertThat(RowRecords.fromJson(found, "rows", 1)).isEqualTo(row);
        assertThat(ScoredRow.read(found.getBytes(StandardCharsets.UTF_8), "rows", 1)
                        .row())
                .isEqualTo(3);
        assertThatThrownBy(() -> RowRecords.contaminated(found.replace("\"shard\"", "\"other\""), "rows"))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageStartingWith("rows: not a record: ");
    }
}
