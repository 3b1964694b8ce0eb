package io.rootstock.trainer.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.GgufValidator;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.llama.ExpendableProcess;
import io.rootstock.llama.ExpendableProcess.End;
import io.rootstock.llama.ExpendableProcess.Limits;
import io.rootstock.trainer.export.VariantProcess.Result;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.RunExport;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * Makes the other number formats of a model that is in the store, and measures what each of them loses. llama.cpp runs in
 * a process of its own: where it ends that, the variant is missing and the reason is told, but the model is not lost.
 */
public final class VariantExport {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Longest time of one variant: the largest models take minutes to quantize, and one to measure. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final ArtifactStore store;
    private final int threads;
    private final BooleanSupplier wanted;
    private final Consumer<RunExport> progress;

    /**
     * Makes variants of what is in the store.
     *
     * @param threads of each process
     * @param wanted asked now and then; false ends it
     * @param progress is told where it stands, about once a second
     */
    public VariantExport(ArtifactStore store, int threads, BooleanSupplier wanted, Consumer<RunExport> progress) {
        this.store = store;
        this.threads = threads;
        this.wanted = wanted;
        this.progress = progress;
    }

    /**
     * What came of it.
     *
     * @param artifacts the variants, in the store
     * @param metrics {@code perplexity_q8_0} and the like, or of a classifier {@code accuracy_q8_0} and {@code
     *     agreement_q8_0}; none where there is no sample
     * @param messages a line for each variant, made or not
     */
    public record Made(List<Artifact> artifacts, Map<String, Double> metrics, List<String> messages) {
        /** Copies all. */
        public Made {
            artifacts = List.copyOf(artifacts);
            metrics = Map.copyOf(metrics);
            messages = List.copyOf(messages);
        }
    }

    /**
     * Makes all variants.
     *
     * @param exported the model's artifacts; the F32 file is one of them
     * @param folder to work in; what is in it is removed
     * @return none where they are not wanted any more
     */
    public Optional<Made> export(List<Artifact> exported, Sample sample, Path folder) {
        try {
            WorkFolder.empty(folder);
            Path samples = folder.resolve("sample.json");
            sample.write(samples);
            String head = of(exported, ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD)
                    .map(Path::toString)
                    .orElse(VariantProcess.NO_HEAD);
            Path exact = of(exported, ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                    .orElseThrow(() -> new IllegalArgumentException("there is no F32 file to start from"));
            Optional<Map<Variant, Result>> results = results(
                    List.of(exact.toString(), head, samples.toString(), folder.toString(), Integer.toString(threads)),
                    EnumSet.allOf(Variant.class),
                    folder);
            Optional<Made> made = Optional.empty();
            if (results.isPresent()) {
                made = Optional.of(made(results.get(), sample, folder));
            }
            WorkFolder.remove(folder);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make variants in " + folder, e);
        }
    }

    /**
     * Quantized files, not yet in the store.
     *
     * @param files by quantization
     * @param messages a line for each that could not be made
     */
    public record Quantized(Map<Variant, Path> files, List<String> messages) {
        /** Copies all. */
        public Quantized {
            files = Map.copyOf(files);
            messages = List.copyOf(messages);
        }
    }

    /**
     * Quantizes a file that is not in the store; nothing is measured.
     *
     * @param exact the F32 file
     * @param variants what to make of it, without F32
     * @param folder to work in; what is in it is removed, and the files are written to it
     * @return none where they are not wanted any more
     */
    public Optional<Quantized> quantize(Path exact, Set<Variant> variants, Path folder) throws IOException {
        if (variants.isEmpty()) {
            return Optional.of(new Quantized(Map.of(), List.of()));
        }
        WorkFolder.empty(folder);
        Path samples = folder.resolve("sample.json");
        new Sample(List.of()).write(samples);
        Optional<Map<Variant, Result>> results = results(
                List.of(
                        exact.toString(),
                        VariantProcess.NO_HEAD,
                        samples.toString(),
                        folder.toString(),
                        Integer.toString(threads)),
                variants,
                folder);
        if (results.isEmpty()) {
            return Optional.empty();
        }
        Map<Variant, Path> files = new EnumMap<>(Variant.class);
        List<String> messages = new ArrayList<>();
        for (Result result : results.get().values()) {
            Path file = VariantProcess.file(folder, result.variant());
            Optional<String> error = Optional.ofNullable(result.error());
            if (error.isEmpty()) {
                error = refused(file);
            }
            if (error.isPresent()) {
                messages.add(failed(result.variant(), error.get()));
            } else {
                files.put(result.variant(), file);
            }
        }
        return Optional.of(new Quantized(files, messages));
    }

    private Optional<Path> of(List<Artifact> exported, ArtifactKind kind) {
        return exported.stream()
                .filter(artifact -> artifact.getKind() == kind)
                .findFirst()
                .map(artifact -> store.verified(Digest.parse(artifact.getDigest())));
    }

    /** One process makes them all; where it dies at one of them, another makes those that come after. */
    private Optional<Map<Variant, Result>> results(List<String> arguments, Set<Variant> variants, Path folder)
            throws IOException {
        Map<Variant, Result> results = new EnumMap<>(Variant.class);
        Set<Variant> open = EnumSet.copyOf(variants);
        VariantProgress watched = new VariantProgress(folder.resolve(ExpendableProcess.OUTPUT), progress);
        while (!open.isEmpty()) {
            List<String> program = new ArrayList<>(List.of(VariantProcess.class.getName()));
            program.addAll(arguments);
            program.add(Integer.toString(rows(results)));
            open.forEach(variant -> program.add(variant.name()));
            End end = ExpendableProcess.run(
                    JavaWorkerLauncher.likeThis(folder).builder(program),
                    folder,
                    Limits.of(LIMIT.multipliedBy(open.size())),
                    () -> watched.look() && wanted.getAsBoolean());
            if (end.kind() == ExpendableProcess.Kind.UNWANTED) {
                return Optional.empty();
            }
            for (String line : end.output()) {
                result(line).ifPresent(result -> results.put(result.variant(), result));
            }
            open.removeAll(results.keySet());
            if (!open.isEmpty()) {
                Variant lost = open.iterator().next();
                results.put(lost, new Result(lost, end.reason(), null));
                open.remove(lost);
            }
        }
        return Optional.of(results);
    }

    /** Rows that F32 was measured on; 0: it was not. */
    private static int rows(Map<Variant, Result> results) {
        Result exact = results.get(Variant.F32);
        return exact == null || exact.measurement() == null
                ? 0
                : exact.measurement().rows();
    }

    /** The result in a line of a process's output; none in what a crashing JVM prints there. */
    private static Optional<Result> result(String line) {
        try {
            return Optional.of(JSON.readValue(line, Result.class));
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    private Made made(Map<Variant, Result> results, Sample sample, Path folder) throws IOException {
        List<Artifact> artifacts = new ArrayList<>();
        Map<String, Double> metrics = new TreeMap<>();
        List<String> messages = new ArrayList<>();
        Measurement exact = results.get(Variant.F32).measurement();
        for (Result result : results.values()) {
            Optional<String> error = Optional.ofNullable(result.error());
            if (error.isEmpty() && result.variant() != Variant.F32) {
                error = refused(VariantProcess.file(folder, result.variant()));
            }
            if (error.isPresent()) {
                messages.add(failed(result.variant(), error.get()));
                continue;
            }
            String size = "";
            if (result.variant() != Variant.F32) {
                Artifact artifact = stored(result.variant(), VariantProcess.file(folder, result.variant()));
                artifacts.add(artifact);
                size = ", " + artifact.getBytes() + " bytes";
            }
            VariantFigures figures = VariantFigures.of(result.variant(), result.measurement(), exact, sample);
            metrics.putAll(figures.metrics());
            messages.add(result.variant() + size + figures.words());
        }
        return new Made(artifacts, metrics, messages);
    }

    private static String failed(Variant variant, String why) {
        return variant == Variant.F32
                ? "F32 could not be measured: " + why
                : variant + " could not be made, the model comes without it: " + why;
    }

    /** Why serving would not take the file; empty: it does. */
    private static Optional<String> refused(Path file) throws IOException {
        try {
            GgufValidator.validate(file);
            return Optional.empty();
        } catch (InvalidCheckpointException e) {
            return Optional.of(e.getMessage());
        }
    }

    private Artifact stored(Variant variant, Path file) throws IOException {
        return Artifact.newBuilder()
                .setKind(variant.kind())
                .setDigest(store.putFile(file).value())
                .setBytes(Files.size(file))
                .build();
    }
}
