package io.rootstock.trainer.export;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.huggingface.ClassifierHead;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.SpecialTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Exports the model of one run. */
public final class Exporter {
    private final RunDirectory directory;
    private final ArtifactStore store;

    /** Creates an exporter that writes to a temporary directory of the run and then to the store. */
    public Exporter(RunDirectory directory, ArtifactStore store) {
        this.directory = directory;
        this.store = store;
    }

    /**
     * A model to export.
     *
     * @param name value of {@code general.name}
     * @param config its shape and special tokens
     * @param tensors its weights by Hugging Face name; with {@code score.weight} a classifier
     * @param adapter the trained adapter, if only adapters were trained; it is already merged into the weights
     * @param tokenizer directory of its tokenizer's files
     * @param generation the base's {@code generation_config.json}; if empty, one is generated
     * @param labels class labels in id order; empty for a language model
     * @param maxTokens longest text a classifier was trained on
     */
    public record Model(
            String name,
            ModelConfig config,
            List<NamedTensor> tensors,
            Optional<PeftAdapter> adapter,
            Path tokenizer,
            Optional<Path> generation,
            List<String> labels,
            int maxTokens) {
        /** Copies the lists. */
        public Model {
            tensors = List.copyOf(tensors);
            labels = List.copyOf(labels);
        }
    }

    /** Whether the run's artifacts were exported and their event was written. */
    public static boolean exported(RunDirectory directory) {
        return EventLog.readAll(directory.events()).stream().anyMatch(event -> event.hasArtifacts());
    }

    /**
     * An exported model.
     *
     * @param artifacts the stored files
     * @param exact the F32 GGUF file, which is not stored; the caller deletes it. Empty for a model with a shared base
     */
    public record ExportedModel(List<Artifact> artifacts, Optional<Path> exact) {
        /** Copies the list. */
        public ExportedModel {
            artifacts = List.copyOf(artifacts);
        }
    }

    /** Writes the files of a model that has its own weights, and stores all but the F32 GGUF file. */
    public ExportedModel export(Model model) {
        return export(model, Optional.empty());
    }

    /**
     * Writes the files of a model, and stores all but the F32 GGUF file.
     *
     * @param sharedBase GGUF file of the quantized base that the adapters were trained with and are served with; the
     *     model's only tensor is then a classifier's head
     */
    public ExportedModel export(Model model, Optional<Digest> sharedBase) {
        Path folder = directory.work().resolve("export");
        try {
            FileTree.createEmpty(folder);
            Optional<Path> exact = Optional.empty();
            List<Artifact> artifacts = new ArrayList<>();
            if (sharedBase.isPresent()) {
                Digest base = sharedBase.get();
                artifacts.add(artifact(ArtifactKind.ARTIFACT_KIND_GGUF_BASE, base, store.size(base)));
            } else {
                Path huggingFace = folder.resolve("huggingface");
                artifacts.add(huggingFace(model, huggingFace));
                exact = Optional.of(directory.work().resolve("exact.gguf"));
                Files.deleteIfExists(exact.get());
                writeGguf(
                        exact.get(),
                        model.config(),
                        model.tensors(),
                        !model.labels().isEmpty(),
                        TokenizerFiles.read(huggingFace),
                        model.name());
            }
            if (!model.labels().isEmpty()) {
                artifacts.add(head(model, folder.resolve("head.safetensors")));
            }
            if (model.adapter().isPresent()) {
                artifacts.addAll(new AdapterExport(store, folder)
                        .export(model.adapter().get(), model.config().shape(), model.name(), sharedBase));
            }
            FileTree.delete(folder);
            return new ExportedModel(artifacts, exact);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot export to " + folder, e);
        }
    }

    private Artifact huggingFace(Model model, Path target) throws IOException {
        HuggingFaceDirectory.write(
                target,
                model.config(),
                model.tensors(),
                model.tokenizer(),
                model.labels(),
                model.maxTokens(),
                model.generation());
        Digest digest = store.putDirectory(target);
        return artifact(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE, digest, FileTree.size(target)).toBuilder()
                .setSpecialTokens(specialTokens(TokenizerFiles.read(target).rule()))
                .build();
    }

    /**
     * Writes the F32 GGUF file, of a classifier without its head. llama.cpp requires an output projection, so the
     * classifier's embedding is declared tied.
     *
     * @param name value of {@code general.name}
     */
    public static void writeGguf(
            Path target,
            ModelConfig config,
            List<NamedTensor> tensors,
            boolean classifier,
            TokenizerFiles tokenizer,
            String name)
            throws IOException {
        if (!classifier) {
            Gguf.writeLlama(target, config, tensors, tokenizer, name);
            return;
        }
        List<NamedTensor> body = tensors.stream()
                .filter(tensor -> !tensor.name().equals(LlamaTensors.SCORE)
                        && !tensor.name().equals(LlamaTensors.HEAD))
                .toList();
        Gguf.writeLlama(
                target,
                config.withShape(config.shape().withTiedEmbeddings(true).withClasses(0)),
                body,
                tokenizer,
                name);
    }

    private Artifact head(Model model, Path target) throws IOException {
        NamedTensor weight = model.tensors().stream()
                .filter(tensor -> tensor.name().equals(LlamaTensors.SCORE))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a classifier has " + LlamaTensors.SCORE));
        ClassifierHead.write(target, weight, model.labels(), model.maxTokens());
        return artifact(ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD, store.putFile(target), Files.size(target));
    }

    /** Stores the F32 GGUF file of an exported model. */
    public Artifact stored(Path exact) {
        return artifact(
                ArtifactKind.ARTIFACT_KIND_GGUF_F32,
                store.putFile(exact),
                exact.toFile().length());
    }

    /** Converts a tokenizer's special tokens to the contract's message. */
    public static SpecialTokens specialTokens(SpecialTokenRule rule) {
        return SpecialTokens.newBuilder()
                .setAddBos(rule.addBos())
                .setAddEos(rule.addEos())
                .setBos(rule.bosText())
                .setEos(rule.eos().text())
                .addAllEndOfTurn(rule.endOfTurn().stream()
                        .map(SpecialTokenRule.Token::text)
                        .toList())
                .build();
    }

    static Artifact artifact(ArtifactKind kind, Digest digest, long bytes) {
        return Artifact.newBuilder()
                .setKind(kind)
                .setDigest(digest.value())
                .setBytes(bytes)
                .build();
    }
}
