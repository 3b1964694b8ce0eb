package io.rootstock.inference.serving;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.gguf.GgufAdapterValidator;
import io.rootstock.checkpoint.gguf.GgufShape;
import io.rootstock.checkpoint.gguf.GgufSpecialTokens;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaException;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.LoadedAdapter;
import io.rootstock.sandbox.Confinement;
import io.rootstock.sandbox.ExpendableProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The process of one first load: this service's own executable, or the same Java and class path, with other arguments.
 * It validates a model, and optionally an adapter, or loads them with llama.cpp, decodes a prompt with each kind of
 * context that serving uses, and exits with code 0; llama.cpp may abort it.
 */
public final class FirstLoadProcess {
    /** First argument of the process. */
    public static final String OPTION = "--first-load";

    /** Exit code for files that the validation in Java rejects; its message is the last line of standard error. */
    static final int REFUSED = 2;

    /** Heap of the process. */
    static final long HEAP_BYTES = 256L << 20;

    /** Task of a process. */
    enum Task {
        VALIDATE,
        /** Loads the files, and validates an adapter before: no other process has. */
        LOAD
    }

    private static final String MAIN = "io.rootstock.inference.Main";
    private static final String TEXT = "warm";
    private static final int THREADS = 1;
    /** Longer than a batch of one context: some files abort llama.cpp only then. */
    private static final int MAX_LENGTH = 130;

    private FirstLoadProcess() {}

    /**
     * Command line of the process.
     *
     * @param llama directory of llama.cpp's libraries
     * @param files the model's file, optionally followed by an adapter's file
     */
    static ProcessBuilder command(Path llama, Task task, List<Path> files) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new IllegalStateException("cannot determine this process's executable")));
        command.add("-Drootstock.llama=" + llama);
        command.add("-Xmx" + HEAP_BYTES);
        if (System.getProperty("org.graalvm.nativeimage.imagecode") == null) {
            command.add("-XX:+UseSerialGC");
            command.add("-XX:TieredStopAtLevel=1");
            command.addAll(Confinement.JVM_OPTIONS);
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("-cp");
            command.add(classPath());
            command.add(MAIN);
        }
        command.add(OPTION);
        command.add(task.name());
        for (Path file : files) {
            command.add(file.toAbsolutePath().toString());
        }
        return new ProcessBuilder(command);
    }

    /** The class path with absolute paths, for a process in another directory. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * Validates the files, or loads them and decodes a prompt.
     *
     * @param arguments name of the task, and the files
     */
    public static void run(String... arguments) {
        ExpendableProcess.endWithParent();
        Path file = Path.of(arguments[1]);
        Optional<Path> adapter = arguments.length > 2 ? Optional.of(Path.of(arguments[2])) : Optional.empty();
        try {
            switch (Task.valueOf(arguments[0])) {
                case VALIDATE -> validate(file, adapter);
                case LOAD -> {
                    if (adapter.isPresent()) {
                        validate(file, adapter);
                    }
                    load(file, adapter);
                }
            }
        } catch (InvalidCheckpointException e) {
            System.err.println(e.getMessage().replace('\n', ' '));
            System.exit(REFUSED);
        } catch (IOException | RuntimeException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void validate(Path file, Optional<Path> adapter) throws IOException {
        ModelShape shape = GgufValidator.validate(file).shape();
        GgufShape.read(file);
        GgufSpecialTokens.read(file);
        if (adapter.isPresent()) {
            GgufAdapterValidator.validate(adapter.get(), shape);
        }
    }

    private static void load(Path file, Optional<Path> adapter) {
        try (LlamaModel model = Llama.shared().load(file)) {
            int cells = Math.min(MAX_LENGTH, model.trainedContextLength());
            if (adapter.isPresent()) {
                try (LoadedAdapter loaded = model.loadAdapter(adapter.get())) {
                    decode(model, ContextOptions.generation(1, cells, THREADS, false), Optional.of(loaded));
                }
                return;
            }
            decode(model, ContextOptions.generation(1, cells, THREADS, false), Optional.empty());
            decode(model, ContextOptions.reading(1, cells, THREADS), Optional.empty());
        }
    }

    private static void decode(LlamaModel model, ContextOptions options, Optional<LoadedAdapter> adapter) {
        int[] text = model.tokenize(TEXT, false);
        try (LlamaContext context = model.context(options);
                Batch batch = context.batch()) {
            adapter.ifPresent(loaded -> context.use(loaded, 1));
            for (int place = 0; place < options.cells(); place++) {
                batch.add(text[place % text.length], place, 0, place == options.cells() - 1);
            }
            context.decode(batch);
            for (float logit : context.logits(options.cells() - 1)) {
                if (!Float.isFinite(logit)) {
                    throw new LlamaException("its weights give NaN");
                }
            }
        }
    }
}
