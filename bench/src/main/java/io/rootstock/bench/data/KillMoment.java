package io.rootstock.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** The moment at which a third of a stage's units or buckets is done, from the progress lines of a worker. */
final class KillMoment {
    private static final JsonMapper JSON = new JsonMapper();

    private final String stage;
    private boolean passed;

    KillMoment(String stage) {
        this.stage = stage;
    }

    /** Whether the line is the first one at or after the moment. */
    boolean isReached(String line) throws IOException {
        JsonNode progress = JSON.readTree(line).path("progress");
        if (passed
                || !progress.path("stage").asText().equals(stage)
                || 3 * progress.path("done").asInt() < progress.path("total").asInt()) {
            return false;
        }
        passed = true;
        return true;
    }

    boolean hasPassed() {
        return passed;
    }
}
