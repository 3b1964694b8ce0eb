package io.rootstock.trainer.imports;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.files.FileTree;
import io.rootstock.sandbox.ExpendableProcess;
import io.rootstock.sandbox.ExpendableProcess.End;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.imports.ImportProcess.Stage;
import io.rootstock.trainer.imports.ImportProcess.Task;
import io.rootstock.trainer.run.ConfinedJvm;
import io.rootstock.trainer.run.ConfinedJvm.Resources;
import io.rootstock.trainer.v1.ImportModelResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Checks and converts received files in a confined process ({@link ImportProcess}).
 *
 * @param sandbox confinement of the processes
 */
record ConfinedConversion(SandboxMode sandbox) {
    private static final Duration CHECK_TIME = Duration.ofMinutes(2);
    private static final Duration CONVERSION_TIME = Duration.ofHours(2);
    private static final long CHECK_OUTPUT_BYTES = 16L << 20;
    private static final long ERROR_EXIT = 1;
    private static final int RESULT_BYTES = 1 << 20;
    private static final int STAGES_BYTES = 4 << 10;

    /** Weights of one bit per value, the smallest type, become 32 times as large in float32. */
    private static final long GROWTH = 32;

    private static final long OTHER_FILES_BYTES = 1L << 30;

    /**
     * Checks the header of an incompletely received GGUF file.
     *
     * @param folder the import's folder
     * @return false if the header is incomplete
     * @throws InvalidCheckpointException if it is invalid
     */
    boolean checkHeader(Path folder, Path file) throws IOException {
        return check(folder, Task.HEADER, file).output().contains(ImportProcess.COMPLETE);
    }

    /**
     * Checks a config.json.
     *
     * @param folder the import's folder
     * @throws InvalidCheckpointException if it is invalid
     */
    void checkConfig(Path folder, Path file) throws IOException {
        check(folder, Task.CONFIG, file);
    }

    /**
     * Converts the files in the folder.
     *
     * @param ggufs names of the received GGUF files
     * @param base GGUF file of the base, if the files are an adapter
     * @param stage receives the description of each stage
     * @param wanted polled regularly; false cancels the conversion
     * @return empty if the conversion was cancelled
     * @throws RefusedImportException if the files are not a supported model
     * @throws InvalidCheckpointException if a file is invalid
     */
    Optional<ImportModelResponse> convert(
            Path folder,
            List<String> ggufs,
            ImportSettings settings,
            Optional<Path> base,
            Consumer<String> stage,
            BooleanSupplier wanted)
            throws IOException {
        List<String> program = new ArrayList<>(List.of(
                ImportProcess.class.getName(),
                base.isPresent() ? Task.ADAPTER.name() : Task.MODEL.name(),
                folder.toString(),
                settings.name()));
        base.ifPresent(file -> {
            program.add(file.toAbsolutePath().toString());
            program.add(settings.adapterBase().orElseThrow().value());
        });
        program.addAll(ggufs);
        Resources resources = new Resources(
                base.map(Path::toAbsolutePath).stream().toList(),
                Optional.of(folder),
                GROWTH * FileTree.size(folder.resolve(ModelConversion.UPLOAD)) + OTHER_FILES_BYTES,
                ConfinedJvm.CONVERSION_BYTES,
                CONVERSION_TIME,
                1);
        Path process = process(folder);
        Set<Stage> begun = EnumSet.noneOf(Stage.class);
        End end = new ConfinedJvm(process, sandbox).run(program, resources, () -> {
            report(process.resolve(ExpendableProcess.OUTPUT), begun, stage);
            return wanted.getAsBoolean();
        });
        if (end.kind() == ExpendableProcess.Kind.UNWANTED) {
            return Optional.empty();
        }
        requireDone(end);
        try (InputStream result =
                Files.newInputStream(folder.resolve(ImportProcess.RESULT), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(ImportModelResponse.parseFrom(result.readNBytes(RESULT_BYTES)));
        }
    }

    private End check(Path folder, Task task, Path file) throws IOException {
        Resources resources = new Resources(
                List.of(file), Optional.empty(), CHECK_OUTPUT_BYTES, ConfinedJvm.CONVERSION_BYTES, CHECK_TIME, 1);
        End end = new ConfinedJvm(process(folder), sandbox)
                .run(List.of(ImportProcess.class.getName(), task.name(), file.toString()), resources, () -> true);
        requireDone(end);
        return end;
    }

    private static Path process(Path folder) throws IOException {
        Path process = folder.resolve("process");
        FileTree.createEmpty(process);
        return process;
    }

    private static void requireDone(End end) throws IOException {
        switch (end.kind()) {
            case DONE -> requireAccepted(end);
            case DIED -> {
                if (end.exitCode() == ERROR_EXIT) {
                    throw new IOException("cannot read the received files: " + end.words());
                }
                throw unreadable(end);
            }
            case OVERTIME, OVERSIZED -> throw unreadable(end);
            case UNWANTED, UNCONFINED -> throw new IOException("cannot read the received files: " + end.reason());
        }
    }

    private static RefusedImportException unreadable(End end) {
        return new RefusedImportException("the files cannot be read: " + end.reason());
    }

    private static void requireAccepted(End end) {
        for (String line : end.output()) {
            if (line.startsWith(ImportProcess.REFUSED)) {
                throw new RefusedImportException(line.substring(ImportProcess.REFUSED.length()));
            }
            if (line.startsWith(ImportProcess.INVALID)) {
                throw new InvalidCheckpointException(line.substring(ImportProcess.INVALID.length()));
            }
        }
    }

    /** Reports the stages that the process has begun, each once. */
    private static void report(Path output, Set<Stage> begun, Consumer<String> stage) {
        String printed;
        try (InputStream input = Files.newInputStream(output)) {
            printed = new String(input.readNBytes(STAGES_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the stages of an import", e);
        }
        for (Stage next : Stage.values()) {
            if (printed.contains(ImportProcess.STAGE + next) && begun.add(next)) {
                stage.accept(next.description());
            }
        }
    }
}
