package io.rootstock.inference.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.rootstock.inference.engine.EngineListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // the class of the framework's registry
class ServingMetricsTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(rootstock_inference_[a-z_]+)` \\|");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) \\S+$");

    @Test
    void areThoseOfTheReference() throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ServingMetrics metrics = new ServingMetrics(registry);
        EngineListener engine = metrics.engine("models/m");
        engine.firstToken(1);
        metrics.version("models/m/versions/1");
        metrics.refused("QUEUE_FULL");
        metrics.request("chat", "ok", Duration.ofSeconds(1));
        metrics.tokens(1, 0, 1);
        metrics.swapped("models/m");
        metrics.loadFailed("models/m");
        metrics.shadowDropped("models/m");

        Set<String> exported = names(TYPE, registry.scrape());
        exported.removeIf(
                name -> name.endsWith("_max") && exported.contains(name.substring(0, name.length() - "_max".length())));
        assertThat(exported).isEqualTo(names(ROW, Files.readString(Path.of("../docs/reference/metrics.md"))));
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
