package io.rootstock.corpus.engine;

import io.rootstock.corpus.engine.Task.CollectTask;
import io.rootstock.corpus.engine.Task.EmitTask;
import io.rootstock.corpus.engine.Task.UnitTask;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.BooleanSupplier;

/**
 * Runs single tasks with their receipts. All engines use it, on the machine of the worker: a task whose receipt is there
 * is not run. The receipt is written after the files of the task, so that a killed worker leaves none or a complete one.
 */
public final class TaskExecution {
    private static final List<TaskProvider> PROVIDERS =
            ServiceLoader.load(TaskProvider.class, TaskProvider.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    private TaskExecution() {}

    /** Returns the receipt of a unit's task if the task is done. */
    public static Optional<Receipt> find(Path workspace, Stage stage, WorkUnit unit) throws IOException {
        return new ReceiptFile(workspace, stage.name(), unit.index()).read(key(stage, unit));
    }

    /** Runs a unit's task if it is not done, and returns its receipt. */
    public static Receipt unit(Path workspace, Stage stage, WorkUnit unit, BooleanSupplier cancelled)
            throws IOException {
        UnitTask task = (input, context) -> create(stage.task(), UnitTask.class).run(input, context);
        return run(workspace, stage, unit, task, cancelled);
    }

    /** Runs a task of an engine itself, such as one that stores emitted arrays, as {@link #unit} does. */
    public static Receipt run(Path workspace, Stage stage, WorkUnit unit, UnitTask task, BooleanSupplier cancelled)
            throws IOException {
        ReceiptFile file = new ReceiptFile(workspace, stage.name(), unit.index());
        String key = key(stage, unit);
        Optional<Receipt> found = file.read(key);
        if (found.isPresent()) {
            return found.get();
        }
        TaskContext context = new TaskContext(workspace, cancelled);
        context.checkCancelled();
        String content = task.run(unit, context);
        return file.write(new Receipt(stage.name(), unit.name(), key, content, context.files()));
    }

    /** Runs the emitting task of a unit. It has no receipt of its own. */
    public static byte[][] emit(Path workspace, Exchange exchange, WorkUnit unit, BooleanSupplier cancelled)
            throws IOException {
        TaskContext context = new TaskContext(workspace, cancelled);
        context.checkCancelled();
        byte[][] arrays = create(exchange.emit(), EmitTask.class).emit(unit, exchange.buckets(), context);
        if (arrays.length != exchange.buckets()) {
            throw new IllegalStateException("task " + exchange.emit().name() + " emitted " + arrays.length
                    + " arrays for " + exchange.buckets() + " buckets");
        }
        return arrays;
    }

    /**
     * Returns the receipt of a bucket if it is done.
     *
     * @param unitsDigest {@link #digest} of the units
     */
    public static Optional<Receipt> findCollected(Path workspace, Exchange exchange, int bucket, String unitsDigest)
            throws IOException {
        return new ReceiptFile(workspace, exchange.name(), bucket).read(key(exchange, bucket, unitsDigest));
    }

    /**
     * Runs the collecting task of a bucket and writes its receipt.
     *
     * @param unitsDigest {@link #digest} of the units
     */
    public static Receipt collect(
            Path workspace, Exchange exchange, BucketInput input, String unitsDigest, BooleanSupplier cancelled)
            throws IOException {
        TaskContext context = new TaskContext(workspace, cancelled);
        context.checkCancelled();
        String content = create(exchange.collect(), CollectTask.class).collect(input, context);
        Receipt receipt = new Receipt(
                exchange.name(),
                bucketName(exchange, input.bucket()),
                key(exchange, input.bucket(), unitsDigest),
                content,
                context.files());
        return new ReceiptFile(workspace, exchange.name(), input.bucket()).write(receipt);
    }

    /** Deletes the receipts of a stage whose files are not needed any more. */
    public static void deleteReceipts(Path workspace, Stage stage) {
        FileTree.delete(ReceiptFile.directory(workspace, stage.name()));
    }

    /** Name of a bucket in receipts and errors. */
    public static String bucketName(Exchange exchange, int bucket) {
        return "bucket " + bucket + " of " + exchange.buckets();
    }

    /** Digest of the units of an exchange. */
    public static String digest(List<WorkUnit> units) {
        Sha256 hash = new Sha256().add(units.size());
        units.forEach(unit -> hash.add(unit.name()).add(unit.digest()).add(unit.firstDocument()));
        return hash.digest();
    }

    private static String key(Stage stage, WorkUnit unit) {
        Sha256 hash = new Sha256().add("unit").add(stage.name());
        return add(hash, stage.task())
                .add(unit.index())
                .add(unit.name())
                .add(unit.digest())
                .add(unit.firstDocument())
                .digest();
    }

    private static String key(Exchange exchange, int bucket, String unitsDigest) {
        Sha256 hash = new Sha256().add("bucket").add(exchange.name());
        add(hash, exchange.emit());
        return add(hash, exchange.collect())
                .add(bucket)
                .add(exchange.buckets())
                .add(unitsDigest)
                .digest();
    }

    private static Sha256 add(Sha256 hash, TaskSpec task) {
        hash.add(task.name()).add(task.version()).add(task.parameters().size());
        task.parameters().forEach((name, value) -> hash.add(name).add(value));
        return hash;
    }

    /**
     * Creates a task with one of the providers of the class path.
     *
     * @throws IllegalArgumentException if no provider knows it, or it is of another kind
     */
    private static <T extends Task> T create(TaskSpec spec, Class<T> kind) {
        Task task = PROVIDERS.stream()
                .map(provider -> provider.create(spec))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown task " + spec.name() + "; the class path has "
                        + PROVIDERS.size() + " task providers: add the jar of the task to the worker's class path"));
        if (!kind.isInstance(task)) {
            throw new IllegalArgumentException("task " + spec.name() + " is a "
                    + task.getClass().getSimpleName() + ", not a " + kind.getSimpleName());
        }
        return kind.cast(task);
    }
}
