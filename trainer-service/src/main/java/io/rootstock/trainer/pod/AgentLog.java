package io.rootstock.trainer.pod;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Log of the agent: standard error, which is also the message of a failed container. */
final class AgentLog {
    private AgentLog() {}

    static void line(String text) {
        System.err.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + text);
    }
}
