package io.rootstock.k8s.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QueryTest {
    @Test
    void findsSeriesAndTheLabelsOfTheirSelectors() {
        assertThat(Query.of("""
                histogram_quantile(0.99, sum by (le, x) (rate(a_bucket{m="UNARY",n=~"p|q{}"}[5m]))) > 2.5
                or absent(up{job="x"}) unless on (namespace) max(b) / c{} > 0
                """).series())
                .isEqualTo(Map.of("a_bucket", Set.of("m", "n"), "up", Set.of("job"), "b", Set.of(), "c", Set.of()));
    }
}
