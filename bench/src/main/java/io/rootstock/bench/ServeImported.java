package io.rootstock.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs a program with an imported model: starts the services on free ports, imports the model by the command line,
 * promotes it, runs the program and stops the services.
 *
 * <p>The program has the environment of {@link ServedProgram}. Its exit status is this program's.
 */
public final class ServeImported {
    private static final String MODEL = "imported";

    private ServeImported() {}

    /** Usage: {@code MODEL_FOLDER_OR_FILE COMMAND ARGUMENT...}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 2) {
            System.err.println("usage: ServeImported MODEL_FOLDER_OR_FILE COMMAND ARGUMENT...");
            System.exit(2);
        }
        System.exit(run(Path.of(arguments[0]), List.of(arguments).subList(1, arguments.length)));
    }

    private static int run(Path model, List<String> command) throws IOException, InterruptedException {
        try (Lifecycle life = Lifecycle.start(MODEL)) {
            // The benchmark serves F32 or the original file.
            List<String> importing = List.of(
                    "./rootstock",
                    "models",
                    "import",
                    MODEL,
                    model.toString(),
                    "--kind",
                    "INSTRUCT",
                    "--quantizations",
                    "F32");
            // Standard output must contain only the program's table. The file is opened for appending: if standard
            // error is a file, opening it for writing would truncate it.
            int imported = ServedProgram.of(life, MODEL, importing)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("/dev/stderr")))
                    .start()
                    .waitFor();
            if (imported != 0) {
                System.err.println("the import of " + model + " failed with status " + imported);
                return imported;
            }
            life.promote("models/" + MODEL + "/versions/1");
            return ServedProgram.of(life, MODEL, command).start().waitFor();
        }
    }
}
