package io.rootstock.tokenizer.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.tokenizer.v1.CorpusProgress;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Progress of the current stage with its estimated end, from the lines of a worker. Used by several threads. */
final class StageClock {
    private static final double NANOS = 1e9;

    private final LongSupplier nanoTime;
    private String stage = "";
    private long begun;
    private long firstBytes;
    private Optional<CorpusProgress> latest = Optional.empty();

    /**
     * @param nanoTime clock, such as {@link System#nanoTime}
     */
    StageClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Receives a worker's {@code progress}: units that a run before has finished are part of the first one of a stage. */
    synchronized void progress(JsonNode line) {
        String name = line.path("stage").asText();
        long bytesDone = line.path("bytesDone").asLong();
        long now = nanoTime.getAsLong();
        if (!name.equals(stage)) {
            stage = name;
            begun = now;
            firstBytes = bytesDone;
        }
        double seconds = (now - begun) / NANOS;
        long bytes = line.path("bytes").asLong();
        double left = bytesDone > firstBytes ? seconds * (bytes - bytesDone) / (bytesDone - firstBytes) : 0;
        latest = Optional.of(CorpusProgress.newBuilder()
                .setStage(name)
                .setDone(line.path("done").asInt())
                .setTotal(line.path("total").asInt())
                .setBytesDone(bytesDone)
                .setBytes(bytes)
                .setSeconds(seconds)
                .setSecondsLeft(left)
                .build());
    }

    /** Newest progress; empty before the first. */
    synchronized Optional<CorpusProgress> latest() {
        return latest;
    }
}
