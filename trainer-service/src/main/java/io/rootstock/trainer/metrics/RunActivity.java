package io.rootstock.trainer.metrics;

import com.google.protobuf.Timestamp;
import io.rootstock.trainer.events.EventReader;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Follows the event logs of the running runs. Not safe for several threads. */
final class RunActivity {
    /** Read of a log when its run is first seen: more than half an hour of progress. */
    private static final int TAIL_BYTES = 1 << 20;

    /** Age of a run's last event from which on its speed counts as 0; workers report once per second. */
    private static final Duration STALLED = Duration.ofMinutes(2);

    private final Map<String, Followed> followed = new HashMap<>();

    /**
     * All running runs at one time; ages are 0 without a run.
     *
     * @param tokensPerSecond sum of the speeds
     * @param checkpointAge seconds since the newest checkpoint of the run whose newest checkpoint is oldest; of a run
     *     without a checkpoint, since its first event
     * @param eventAge seconds since the last event of the run that has been silent for longest
     */
    record Figures(double tokensPerSecond, double checkpointAge, double eventAge) {}

    private static final class Followed {
        private final EventReader events;
        private final Instant now;
        private double tokensPerSecond;
        private Instant checkpoint = Instant.MIN;
        private Instant first = Instant.MIN;
        private Instant newest = Instant.MIN;

        Followed(RunDirectory run, Instant now) {
            this.events = EventReader.tail(run.events(), TAIL_BYTES);
            this.now = now;
        }

        void poll() {
            for (RunEvent event : events.poll()) {
                newest = time(event.getTime());
                if (first.equals(Instant.MIN)) {
                    first = newest;
                }
                if (event.hasProgress()) {
                    tokensPerSecond = event.getProgress().getTokensPerSecond();
                } else if (event.hasCheckpoint()) {
                    checkpoint = newest;
                }
            }
        }

        /** Time of the newest checkpoint that was seen, else of the first event. */
        Instant safe() {
            return known(checkpoint.equals(Instant.MIN) ? first : checkpoint);
        }

        Instant newest() {
            return known(newest);
        }

        private Instant known(Instant time) {
            return time.equals(Instant.MIN) ? now : time;
        }

        private static Instant time(Timestamp time) {
            return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
        }
    }

    /** Reads the events that were added since the last call. */
    Figures read(List<RunDirectory> running, Instant now) {
        Set<String> ids = running.stream().map(RunDirectory::runId).collect(Collectors.toSet());
        followed.keySet().retainAll(ids);
        for (RunDirectory run : running) {
            followed.computeIfAbsent(run.runId(), _ -> new Followed(run, now)).poll();
        }
        Collection<Followed> all = followed.values();
        return new Figures(
                all.stream()
                        .filter(run -> Duration.between(run.newest(), now).compareTo(STALLED) < 0)
                        .mapToDouble(run -> run.tokensPerSecond)
                        .sum(),
                oldest(all, Followed::safe, now),
                oldest(all, Followed::newest, now));
    }

    private static double oldest(Collection<Followed> runs, Function<Followed, Instant> time, Instant now) {
        return runs.stream()
                .map(time)
                .mapToDouble(at -> Math.max(0, Duration.between(at, now).toMillis() / 1e3))
                .max()
                .orElse(0);
    }
}
