package io.rootstock.trainer.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.files.FileTree;
import io.rootstock.sandbox.ExpendableProcess;
import io.rootstock.sandbox.ExpendableProcess.End;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.export.VariantProcess.Result;
import io.rootstock.trainer.run.ConfinedJvm;
import io.rootstock.trainer.run.ConfinedJvm.Resources;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.RunExport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Quantizes the F32 file of a model and measures the loss of quality of each quantization. llama.cpp runs in a
 * separate, confined process: if llama.cpp aborts it, the affected quantization is omitted with a message and the export
 * continues.
 */
public final class VariantExport {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Timeout per quantization: the largest models take minutes to quantize and one minute to measure. */
    private static final Duration VARIANT_TIMEOUT = Duration.ofMinutes(10);

    /** Size of a quantized file beyond the F32 file, and of the output. */
    private static final long OTHER_BYTES = 64L << 20;
    /** Memory of llama.cpp beyond a copy of the F32 file: rows, keys and values, compute buffers. */
    private static final long LLAMA_BYTES = 4L << 30;

    private static final String SAMPLE = "sample.json";

    private final ArtifactStore store;
    private final int threads;
    private final SandboxMode sandbox;
    private final BooleanSupplier wanted;
    private final Consumer<RunExport> progress;

    /**
     * Creates an export from the artifacts in a store.
     *
     * @param threads threads of each process
     * @param sandbox confinement of the processes
     * @param wanted polled regularly; false cancels the export
     * @param progress receives the current stage about once a second
     */
    public VariantExport(
            ArtifactStore store,
            int threads,
            SandboxMode sandbox,
            BooleanSupplier wanted,
            Consumer<RunExport> progress) {
        this.store = store;
        this.threads = threads;
        this.sandbox = sandbox;
        this.wanted = wanted;
        this.progress = progress;
    }

    /**
     * Result of an export.
     *
     * @param artifacts the GGUF files in the store
     * @param metrics {@code perplexity_q8_0} and the like, or {@code accuracy_q8_0} and {@code agreement_q8_0} for a
     *     classifier; empty without sample rows
     * @param messages a line for each quantization, successful or not
     * @param answers token ids of the answers that F32 generates to the first rows of the sample; empty unless the rows
     *     are instructions
     */
    public record Outcome(
            List<Artifact> artifacts, Map<String, Double> metrics, List<String> messages, List<int[]> answers) {
        /** Copies the collections. */
        public Outcome {
            artifacts = List.copyOf(artifacts);
            metrics = Map.copyOf(metrics);
            messages = List.copyOf(messages);
            answers = List.copyOf(answers);
        }
    }

    /**
     * Creates, measures and stores quantizations. F32 is always measured; it is stored if it is one of them, or if none
     * of them could be created.
     *
     * @param exact the F32 file
     * @param exported the model's other artifacts
     * @param stored the quantizations
     * @param folder work directory; its contents are deleted
     * @return empty if the export was cancelled
     */
    public Optional<Outcome> export(
            Path exact, List<Artifact> exported, Set<GgufFile> stored, Sample sample, Path folder) {
        try {
            FileTree.createEmpty(folder);
            sample.write(folder.resolve(SAMPLE));
            Optional<Path> head = of(exported, ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD);
            Set<GgufFile> variants = EnumSet.of(GgufFile.F32);
            variants.addAll(stored);
            Optional<Map<GgufFile, Result>> results = results(exact, head, variants, folder);
            Optional<Outcome> made = Optional.empty();
            if (results.isPresent()) {
                made = Optional.of(made(results.get(), exact, stored.contains(GgufFile.F32), sample, folder));
            }
            FileTree.delete(folder);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create quantizations in " + folder, e);
        }
    }

    /**
     * Quantized files that are not in the store yet.
     *
     * @param files files by quantization
     * @param messages a line for each quantization that failed
     */
    public record QuantizedFiles(Map<GgufFile, Path> files, List<String> messages) {
        /** Copies the collections. */
        public QuantizedFiles {
            files = Map.copyOf(files);
            messages = List.copyOf(messages);
        }
    }

    /**
     * Quantizes a file that is not in the store, without measuring it.
     *
     * @param exact the F32 file
     * @param variants quantizations to create, without F32
     * @param folder work directory; its contents are deleted and the files are written to it
     * @return empty if the export was cancelled
     */
    public Optional<QuantizedFiles> quantize(Path exact, Set<GgufFile> variants, Path folder) throws IOException {
        if (variants.isEmpty()) {
            return Optional.of(new QuantizedFiles(Map.of(), List.of()));
        }
        FileTree.createEmpty(folder);
        new Sample(List.of()).write(folder.resolve(SAMPLE));
        Optional<Map<GgufFile, Result>> results = results(exact, Optional.empty(), variants, folder);
        if (results.isEmpty()) {
            return Optional.empty();
        }
        Map<GgufFile, Path> files = new EnumMap<>(GgufFile.class);
        List<String> messages = new ArrayList<>();
        for (Result result : results.get().values()) {
            Path file = VariantProcess.file(folder, result.variant());
            Optional<String> error = Optional.ofNullable(result.error());
            if (error.isPresent()) {
                messages.add(failed(result.variant(), error.get()));
            } else {
                files.put(result.variant(), file);
            }
        }
        return Optional.of(new QuantizedFiles(files, messages));
    }

    private Optional<Path> of(List<Artifact> exported, ArtifactKind kind) {
        return exported.stream()
                .filter(artifact -> artifact.getKind() == kind)
                .findFirst()
                .map(artifact -> store.verified(Digest.parse(artifact.getDigest())));
    }

    /**
     * Creates all quantizations in one process; if it is aborted during one of them, another process creates the
     * remaining ones. A quantization that failed is tried once more: the process may have been killed from outside, or
     * the disk may have been full for a while.
     *
     * @throws IOException if the disk is full
     */
    private Optional<Map<GgufFile, Result>> results(
            Path exact, Optional<Path> head, Set<GgufFile> variants, Path folder) throws IOException {
        List<Path> readable = new ArrayList<>(List.of(exact));
        head.ifPresent(readable::add);
        Map<GgufFile, Result> results = new EnumMap<>(GgufFile.class);
        Set<GgufFile> open = EnumSet.copyOf(variants);
        Set<GgufFile> repeated = EnumSet.noneOf(GgufFile.class);
        VariantProgress watched = new VariantProgress(folder.resolve(ExpendableProcess.OUTPUT), progress);
        while (!open.isEmpty()) {
            List<String> program = new ArrayList<>(List.of(
                    VariantProcess.class.getName(),
                    exact.toString(),
                    head.map(Path::toString).orElse(VariantProcess.NO_HEAD),
                    folder.resolve(SAMPLE).toString(),
                    folder.toString(),
                    Integer.toString(threads),
                    Integer.toString(rows(results))));
            open.forEach(variant -> program.add(variant.name()));
            Resources resources = new Resources(
                    readable,
                    Optional.of(folder),
                    Files.size(exact) + OTHER_BYTES,
                    Files.size(exact) + LLAMA_BYTES,
                    VARIANT_TIMEOUT.multipliedBy(open.size()),
                    threads);
            End end = new ConfinedJvm(folder, sandbox)
                    .run(program, resources, () -> watched.look() && wanted.getAsBoolean());
            if (end.kind() == ExpendableProcess.Kind.UNWANTED) {
                return Optional.empty();
            }
            for (String line : end.output()) {
                result(line).ifPresent(result -> results.put(result.variant(), result));
            }
            Set<GgufFile> unfinished = EnumSet.copyOf(open);
            unfinished.removeAll(results.keySet());
            if (!unfinished.isEmpty()) {
                GgufFile lost = unfinished.iterator().next();
                results.put(lost, new Result(lost, end.reason(), null, List.of()));
            }
            boolean repeats = end.kind() == ExpendableProcess.Kind.DONE || end.kind() == ExpendableProcess.Kind.DIED;
            for (GgufFile variant : EnumSet.copyOf(open)) {
                Result result = results.get(variant);
                boolean failed = result != null && result.error() != null;
                if (failed && variant != GgufFile.F32) {
                    Files.deleteIfExists(VariantProcess.file(folder, variant));
                    requireSpace(folder, Files.size(exact));
                }
                if (failed && repeats && repeated.add(variant)) {
                    results.remove(variant);
                } else if (result != null) {
                    open.remove(variant);
                }
            }
        }
        return Optional.of(results);
    }

    /** Throws an IOException if the folder's file system has less space than the largest quantization. */
    private static void requireSpace(Path folder, long bytes) throws IOException {
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < bytes) {
            throw new FileSystemException(
                    folder.toString(), null, "No space left on device for a quantization: " + usable + " bytes");
        }
    }

    /** Number of rows that F32 was measured on; 0 if it was not measured. */
    private static int rows(Map<GgufFile, Result> results) {
        Result exact = results.get(GgufFile.F32);
        return exact == null || exact.measurement() == null
                ? 0
                : exact.measurement().rows();
    }

    /** Parses a result from a line of a process's output; empty for other lines, such as a JVM's crash report. */
    private static Optional<Result> result(String line) {
        try {
            return Optional.of(JSON.readValue(line, Result.class));
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    private Outcome made(Map<GgufFile, Result> results, Path exactFile, boolean storeExact, Sample sample, Path folder)
            throws IOException {
        List<Artifact> artifacts = new ArrayList<>();
        Map<String, Double> metrics = new TreeMap<>();
        List<String> messages = new ArrayList<>();
        Measurement exact = results.get(GgufFile.F32).measurement();
        for (Result result : results.values()) {
            Optional<String> error = Optional.ofNullable(result.error());
            if (error.isPresent()) {
                messages.add(failed(result.variant(), error.get()));
                continue;
            }
            String size = "";
            if (result.variant() != GgufFile.F32) {
                Artifact artifact = stored(result.variant(), VariantProcess.file(folder, result.variant()));
                artifacts.add(artifact);
                size = ", " + artifact.getBytes() + " bytes";
            }
            VariantFigures figures = VariantFigures.of(result.variant(), result.measurement(), exact, sample);
            metrics.putAll(figures.metrics());
            messages.add(result.variant() + size + figures.description());
        }
        if (storeExact || artifacts.isEmpty()) {
            artifacts.addFirst(stored(GgufFile.F32, exactFile));
        }
        return new Outcome(
                artifacts, metrics, messages, results.get(GgufFile.F32).answers());
    }

    private static String failed(GgufFile variant, String why) {
        return variant == GgufFile.F32
                ? "F32 could not be measured: " + why
                : variant + " could not be created, the model is stored without it: " + why;
    }

    private Artifact stored(GgufFile variant, Path file) throws IOException {
        return Artifact.newBuilder()
                .setKind(variant.kind())
                .setDigest(store.putFile(file).value())
                .setBytes(Files.size(file))
                .build();
    }
}
