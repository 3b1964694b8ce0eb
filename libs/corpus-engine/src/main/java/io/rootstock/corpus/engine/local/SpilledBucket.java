package io.rootstock.corpus.engine.local;

import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.Exchange;
import io.rootstock.corpus.engine.Sha256;
import io.rootstock.corpus.engine.TaskExecution;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.ArrayFile;
import io.rootstock.corpus.engine.format.ArrayFileWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * The arrays of all units for one bucket. Each unit has one file with its arrays of all buckets, so that nothing is in
 * memory but the array that is being read.
 */
record SpilledBucket(Path workspace, Exchange exchange, int bucket, int units) implements BucketInput {
    /** Directory of an exchange's files in the workspace. */
    static String directory(Exchange exchange) {
        return "spill/" + exchange.name();
    }

    /** Runs the emitting task of a unit and writes its file, if it is not there. */
    static void write(Path workspace, Exchange exchange, WorkUnit unit, BooleanSupplier cancelled) throws IOException {
        String digest = new Sha256().add(unit.digest()).add(exchange.buckets()).digest();
        TaskExecution.run(
                workspace,
                exchange.emitStage(),
                unit.withDigest(digest),
                (keyed, context) -> {
                    byte[][] arrays = TaskExecution.emit(workspace, exchange, unit, cancelled);
                    context.write(path(exchange, unit.index()), stream -> ArrayFileWriter.write(stream, arrays));
                    return "{}";
                },
                cancelled);
    }

    @Override
    public int buckets() {
        return exchange.buckets();
    }

    @Override
    public int length(int unit) throws IOException {
        return file(unit).length(bucket);
    }

    @Override
    public byte[] array(int unit) throws IOException {
        return file(unit).read(bucket);
    }

    private ArrayFile file(int unit) {
        return new ArrayFile(workspace.resolve(path(exchange, unit)));
    }

    private static String path(Exchange exchange, int unit) {
        return "%s/%06d.arrays".formatted(directory(exchange), unit);
    }
}
