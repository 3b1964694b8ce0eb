package io.rootstock.corpus.spark;

import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.Exchange;
import io.rootstock.corpus.engine.Stage;
import io.rootstock.corpus.engine.Task;
import io.rootstock.corpus.engine.Task.CollectTask;
import io.rootstock.corpus.engine.Task.EmitTask;
import io.rootstock.corpus.engine.Task.UnitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskProvider;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Provides tasks on unit names: one that writes a file, one that waits for cancellation, and an exchange that concatenates. */
public final class FixtureTasks implements TaskProvider {
    static final AtomicInteger RUNS = new AtomicInteger();
    static final Stage WRITE = new Stage("write", TaskSpec.of("fixture.write", 1, Map.of()));
    static final Stage WAIT = new Stage("wait", TaskSpec.of("fixture.wait", 1, Map.of()));
    static final Exchange CONCATENATE = exchange("");

    /** The exchange whose collecting task fails for a bucket; none for an empty text. */
    static Exchange exchange(String failing) {
        return new Exchange(
                "concatenate",
                TaskSpec.of("fixture.emit", 1, Map.of()),
                TaskSpec.of("fixture.concatenate", 1, Map.of("failing", failing)),
                4);
    }

    @Override
    public Optional<Task> create(TaskSpec spec) {
        return switch (spec.name()) {
            case "fixture.write" -> Optional.of((UnitTask) FixtureTasks::write);
            case "fixture.wait" -> Optional.of((UnitTask) FixtureTasks::waitForCancellation);
            case "fixture.emit" -> Optional.of((EmitTask) FixtureTasks::emit);
            case "fixture.concatenate" ->
                Optional.of((CollectTask) (bucket, context) -> concatenate(bucket, context, spec.parameter("failing")));
            default -> Optional.empty();
        };
    }

    private static String write(WorkUnit unit, TaskContext context) throws IOException {
        RUNS.incrementAndGet();
        requireValid(unit);
        context.write("files/" + unit.name(), stream -> stream.write(bytes(unit.name())));
        return "{\"length\":" + unit.name().length() + "}";
    }

    private static String waitForCancellation(WorkUnit unit, TaskContext context) throws IOException {
        if (unit.name().equals("quick")) {
            return write(unit, context);
        }
        while (true) {
            context.checkCancelled();
            Thread.onSpinWait();
        }
    }

    private static byte[][] emit(WorkUnit unit, int buckets, TaskContext context) throws IOException {
        RUNS.incrementAndGet();
        requireValid(unit);
        context.checkCancelled();
        byte[][] arrays = new byte[buckets][];
        for (int bucket = 0; bucket < buckets; bucket++) {
            arrays[bucket] = bytes(bucket % 2 == 0 ? unit.name() + "-" + bucket + " " : "");
        }
        return arrays;
    }

    private static void requireValid(WorkUnit unit) throws IOException {
        switch (unit.name()) {
            case "bad" -> throw new IOException("bad:1: is not valid; correct it");
            case "full" -> throw new UncheckedIOException(new IOException("No space left on device"));
            default -> {}
        }
    }

    private static String concatenate(BucketInput bucket, TaskContext context, String failing) throws IOException {
        RUNS.incrementAndGet();
        if (failing.equals(Integer.toString(bucket.bucket()))) {
            throw new IllegalStateException("too many keys");
        }
        StringBuilder all = new StringBuilder();
        for (int unit = 0; unit < bucket.units(); unit++) {
            all.append(new String(bucket.array(unit), StandardCharsets.UTF_8));
        }
        context.write("buckets/" + bucket.bucket(), stream -> stream.write(bytes(all.toString())));
        return "\"" + all + "\"";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
