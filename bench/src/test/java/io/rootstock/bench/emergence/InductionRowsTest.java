package io.rootstock.bench.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InductionRowsTest {
    @Test
    void theControlHasTheSameWordsInAnotherOrder() {
        List<Map<String, String>> rows = InductionRows.rows(20);
        assertThat(rows).hasSize(20 * InductionRows.POSITIONS);
        for (int i = 0; i < rows.size(); i++) {
            Map<String, String> row = rows.get(i);
            List<String> repeated = words(row.get("repeated"));
            List<String> reordered = words(row.get("reordered"));
            List<String> before = words(row.get("first"));
            int position = InductionRows.position(i);
            assertThat(before).hasSize(position).isEqualTo(repeated.subList(0, position));
            assertThat(repeated).hasSize(InductionRows.WORDS + position);
            assertThat(repeated.get(position)).isEqualTo(row.get("word"));
            assertThat(reordered).hasSameSizeAs(repeated).endsWith(before.toArray(String[]::new));
            List<String> copy = reordered.subList(0, InductionRows.WORDS);
            assertThat(copy).containsExactlyInAnyOrderElementsOf(repeated.subList(0, InductionRows.WORDS));
            assertThat(new HashSet<>(copy)).hasSize(InductionRows.WORDS);
            assertThat(copy.indexOf(row.get("word"))).isNotEqualTo(copy.indexOf(before.getLast()) + 1);
        }
    }

    @Test
    void fewerSequencesAreTheFirstOnes() {
        assertThat(InductionRows.rows(3)).isEqualTo(InductionRows.rows(5).subList(0, 3 * InductionRows.POSITIONS));
        assertThat(InductionRows.sequence(InductionRows.POSITIONS)).isEqualTo(1);
        assertThat(InductionRows.position(InductionRows.POSITIONS)).isEqualTo(1);
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.split(" ", -1));
    }
}
