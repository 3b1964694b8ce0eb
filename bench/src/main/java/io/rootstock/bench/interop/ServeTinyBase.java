package io.rootstock.bench.interop;

import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.ServedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs a program with the services and {@link TinyBase}, whose rows are in {@code chats.jsonl} and {@code
 * preferences.jsonl} of a folder. The exit status is the program's.
 */
public final class ServeTinyBase {
    private static final int ROWS = 200;

    private ServeTinyBase() {}

    /** Usage: {@code FOLDER COMMAND ARGUMENT...}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 2) {
            System.err.println("usage: ServeTinyBase FOLDER COMMAND ARGUMENT...");
            System.exit(2);
        }
        System.exit(run(Path.of(arguments[0]), List.of(arguments).subList(1, arguments.length)));
    }

    private static int run(Path folder, List<String> command) throws IOException, InterruptedException {
        Files.write(folder.resolve("chats.jsonl"), TinyBase.chats(ROWS));
        Files.write(folder.resolve("preferences.jsonl"), TinyBase.preferences(ROWS));
        try (Lifecycle life = Lifecycle.start("fine-tuning", Map.of("rootstock.trainer.nice", "0"))) {
            System.err.println("trained " + TinyBase.train(life));
            return ServedProgram.of(life, TinyBase.MODEL, command).start().waitFor();
        }
    }
}
