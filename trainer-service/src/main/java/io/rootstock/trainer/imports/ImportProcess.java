package io.rootstock.trainer.imports;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.gguf.GgufModel;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.sandbox.ExpendableProcess;
import io.rootstock.trainer.v1.ImportModelResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Main class of the confined process that reads received files; the service itself only stores and hashes them. Its
 * first argument names a {@link Task}. It prints {@code stage <stage>} lines and, if the files are not a model that can
 * be imported, one line with the reason; it then ends with exit code 0.
 */
public final class ImportProcess {
    /** Prefix of a line that names a {@link Stage}. */
    static final String STAGE = "stage ";
    /** Prefix of the reason of a {@link RefusedImportException}. */
    static final String REFUSED = "refused ";
    /** Prefix of the reason for which a file is invalid. */
    static final String INVALID = "invalid ";
    /** Printed by {@link Task#HEADER} if the header is complete. */
    static final String COMPLETE = "complete";

    /** File in the import's folder with the result, an {@link ImportModelResponse} without digests. */
    static final String RESULT = "result";

    /** Task of a process, with its further arguments. */
    enum Task {
        /** {@code <file>}: checks the header of an incomplete GGUF file. */
        HEADER,
        /** {@code <file>}: checks a config.json. */
        CONFIG,
        /** {@code <folder> <name> <GGUF file>...}: converts a model. */
        MODEL,
        /** {@code <folder> <name> <base's file> <base's digest> <GGUF file>...}: converts an adapter. */
        ADAPTER
    }

    /** Stage of a conversion. */
    enum Stage {
        CHECK_ADAPTER("check the adapter against its base"),
        CONVERT_WEIGHTS("convert the weights to float32"),
        WRITE_GGUF("write the GGUF file");

        private final String description;

        Stage(String description) {
            this.description = description;
        }

        /** Description for the client. */
        String description() {
            return description;
        }
    }

    private ImportProcess() {}

    /** Runs the task of the arguments. */
    public static void main(String[] arguments) {
        ExpendableProcess.endWithParent();
        try {
            run(Task.valueOf(arguments[0]), arguments);
        } catch (RefusedImportException e) {
            print(REFUSED + e.getMessage());
        } catch (InvalidCheckpointException | IllegalArgumentException e) {
            print(INVALID + e.getMessage());
        } catch (StackOverflowError _) {
            print(INVALID + "a value is nested too deeply");
        } catch (IOException | RuntimeException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Task task, String... arguments) throws IOException {
        switch (task) {
            case HEADER -> {
                if (GgufModel.checkHeader(Path.of(arguments[1]))) {
                    print(COMPLETE);
                }
            }
            case CONFIG -> HuggingFaceDirectory.readConfig(Path.of(arguments[1]));
            case MODEL -> {
                Path folder = Path.of(arguments[1]);
                write(folder, new ModelConversion(folder).convert(arguments[2], ggufs(3, arguments)));
            }
            case ADAPTER -> {
                Path folder = Path.of(arguments[1]);
                write(
                        folder,
                        new AdapterConversion(folder)
                                .convert(arguments[2], Path.of(arguments[3]), arguments[4], ggufs(5, arguments)));
            }
        }
    }

    private static List<String> ggufs(int first, String... arguments) {
        return List.of(Arrays.copyOfRange(arguments, first, arguments.length));
    }

    private static void write(Path folder, ImportModelResponse result) throws IOException {
        Files.write(folder.resolve(RESULT), result.toByteArray());
    }

    /** Reports the start of a stage. */
    static void begin(Stage stage) {
        print(STAGE + stage);
    }

    private static void print(String line) {
        System.out.println(line.replaceAll("\\R", " "));
    }

    /** Creates the result of a conversion. */
    static ImportModelResponse.Builder result(Optional<String> license) {
        return ImportModelResponse.newBuilder().setLicense(license.orElse(""));
    }
}
