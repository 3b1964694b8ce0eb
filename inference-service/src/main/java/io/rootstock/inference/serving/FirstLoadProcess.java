package io.rootstock.inference.serving;

import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.ExpendableProcess;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The process of one first load: this service's own executable, or the same Java on the same class path, with other
 * arguments. It loads a file with llama.cpp, decodes a token in either way that serving decodes, and ends with exit code
 * 0; llama.cpp may end it otherwise.
 */
public final class FirstLoadProcess {
    /** First argument of the process. */
    public static final String OPTION = "--first-load";

    private static final String MAIN = "io.rootstock.inference.Main";
    private static final String TEXT = "warm";
    private static final int CELLS = 64;
    private static final int THREADS = 1;

    private FirstLoadProcess() {}

    /** The command that runs it. */
    static ProcessBuilder command(Path gguf, Path llama) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new IllegalStateException("the system does not tell this process's executable")));
        command.add("-Drootstock.llama=" + llama);
        command.add("-Xmx256m");
        if (System.getProperty("org.graalvm.nativeimage.imagecode") == null) {
            command.add("-XX:+UseSerialGC");
            command.add("-XX:TieredStopAtLevel=1");
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("-cp");
            command.add(classPath());
            command.add(MAIN);
        }
        command.add(OPTION);
        command.add(gguf.toAbsolutePath().toString());
        return new ProcessBuilder(command);
    }

    /** This process's own, for a process in another folder. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * Loads and decodes.
     *
     * @param arguments the file
     */
    public static void run(String... arguments) {
        ExpendableProcess.endWithParent();
        try (LlamaModel model = Llama.shared().load(Path.of(arguments[0]))) {
            decode(model, ContextOptions.generation(1, CELLS, THREADS, false));
            decode(model, ContextOptions.reading(1, CELLS, THREADS));
        } catch (RuntimeException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void decode(LlamaModel model, ContextOptions options) {
        int[] tokens = model.tokenize(TEXT, false);
        try (LlamaContext context = model.context(options);
                Batch batch = context.batch()) {
            for (int i = 0; i < tokens.length; i++) {
                batch.add(tokens[i], i, 0, i == tokens.length - 1);
            }
            context.decode(batch);
        }
    }
}
