package io.rootstock.cli.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.cli.client.ArtifactDownload;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.export.ModelCard.Part;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files of an exported version.
 *
 * @param version the version
 * @param ancestors the versions it was fine-tuned from, the closest first
 * @param gguf the GGUF file to write; empty: none
 * @param license license to state in the model card
 */
public record ModelExport(Version version, List<Version> ancestors, Optional<Artifact> gguf, Optional<String> license) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String HUGGING_FACE = "huggingface";
    private static final String ADAPTER = "adapter";
    private static final String BASE = "base";
    private static final String CARD = "README.md";
    private static final String GGUF_MODEL = "model.gguf";
    private static final String GGUF_BASE = "base.gguf";
    private static final String GGUF_ADAPTER = "adapter.gguf";

    public ModelExport {
        ancestors = List.copyOf(ancestors);
    }

    /** Bytes to download. */
    public long bytes() {
        List<Artifact> all = new ArrayList<>();
        artifact(version, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE).ifPresent(all::add);
        if (adapter().isPresent()) {
            all.add(adapter().get());
            all.add(base());
        }
        gguf.ifPresent(all::add);
        return all.stream().mapToLong(Artifact::getBytes).sum();
    }

    /**
     * Writes the files.
     *
     * @param folder an existing, empty directory
     * @param target the directory's final place, for the path of an adapter's base
     */
    public void write(ArtifactDownload download, Path folder, Path target) throws IOException {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        Optional<Artifact> huggingFace = artifact(version, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE);
        Path model = folder.resolve(huggingFace.isPresent() ? HUGGING_FACE : BASE);
        if (huggingFace.isPresent()) {
            download.directory(huggingFace.get(), model);
            parts.add(Part.HUGGING_FACE);
        }
        if (adapter().isPresent()) {
            download.directory(base(), folder.resolve(BASE));
            download.directory(adapter().get(), folder.resolve(ADAPTER));
            setBasePath(folder.resolve(ADAPTER).resolve("adapter_config.json"), target.resolve(BASE));
            parts.add(Part.ADAPTER);
        }
        if (parts.isEmpty()) {
            throw new CliException(
                    Names.brief(version.getName()) + " has neither a Hugging Face directory nor an adapter",
                    "its artifacts: rootstock models show " + Names.brief(version.getName()));
        }
        if (gguf.isPresent()) {
            parts.add(Part.GGUF);
            writeGguf(download, folder, model, parts);
        }
        writeCards(folder, new ModelCard(version, ancestors, license, parts).text());
    }

    private void writeGguf(ArtifactDownload download, Path folder, Path model, Set<Part> parts) throws IOException {
        boolean shared = gguf.get().getKind() == ArtifactKind.ARTIFACT_KIND_GGUF_BASE;
        download.file(gguf.get(), folder.resolve(shared ? GGUF_BASE : GGUF_MODEL));
        if (shared) {
            download.file(required(version, ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER), folder.resolve(GGUF_ADAPTER));
            parts.add(Part.GGUF_ADAPTER);
        }
        if (version.getKind() != VersionKind.VERSION_KIND_CLASSIFIER) {
            Artifact tokens =
                    artifact(version, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE).orElseGet(this::base);
            Modelfile modelfile = new Modelfile(
                    shared ? GGUF_BASE : GGUF_MODEL,
                    shared ? Optional.of(GGUF_ADAPTER) : Optional.empty(),
                    chatTemplate(model),
                    tokens.getSpecialTokens());
            Files.writeString(folder.resolve("Modelfile"), modelfile.text());
        }
    }

    /** The card lies where people read it and where Hugging Face's tools expect it. */
    private static void writeCards(Path folder, String text) throws IOException {
        for (String place : List.of("", HUGGING_FACE, ADAPTER)) {
            Path directory = folder.resolve(place);
            if (Files.isDirectory(directory)) {
                Files.writeString(directory.resolve(CARD), text);
            }
        }
    }

    private static String chatTemplate(Path model) throws IOException {
        Path file = model.resolve("chat_template.jinja");
        if (Files.exists(file)) {
            return Files.readString(file);
        }
        JsonNode json = JSON.readTree(Files.readString(model.resolve("tokenizer_config.json")));
        return json.path("chat_template").asText("");
    }

    /** Sets the path from which PEFT loads the base model. */
    private static void setBasePath(Path config, Path base) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(Files.readString(config));
        json.put("base_model_name_or_path", base.toString());
        Files.writeString(config, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    }

    private Optional<Artifact> adapter() {
        return artifact(version, ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER);
    }

    private Artifact base() {
        if (ancestors.isEmpty()) {
            throw new CliException(
                    Names.brief(version.getName()) + " is an adapter without a base", "its base is not registered");
        }
        return required(ancestors.getFirst(), ArtifactKind.ARTIFACT_KIND_HUGGING_FACE);
    }

    private static Artifact required(Version version, ArtifactKind kind) {
        return artifact(version, kind)
                .orElseThrow(() -> new CliException(
                        Names.brief(version.getName()) + " has no artifact of kind " + kind,
                        "its artifacts: rootstock models show " + Names.brief(version.getName())));
    }

    private static Optional<Artifact> artifact(Version version, ArtifactKind kind) {
        return version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == kind)
                .findFirst();
    }
}
