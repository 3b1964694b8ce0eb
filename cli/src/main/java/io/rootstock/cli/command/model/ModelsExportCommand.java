package io.rootstock.cli.command.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.cli.client.ArtifactDownload;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models export}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        header = "Export the files of a version",
        description = "Writes DIRECTORY/huggingface for transformers. For a LoRA version, also writes"
                + " DIRECTORY/adapter for PEFT and DIRECTORY/base.",
        footer = {"", "Example:", "  rootstock models export javadoc@production ./javadoc --gguf"})
final class ModelsExportCommand extends ServiceCommand {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Parameters(
            index = "0",
            paramLabel = "VERSION",
            description = "Version: MODEL (latest version), MODEL@ALIAS or MODEL:NUMBER")
    private String name;

    @Parameters(index = "1", paramLabel = "DIRECTORY", description = "Target directory; must not exist")
    private Path directory;

    @Option(names = "--gguf", description = "Also write DIRECTORY/model.gguf (float32) for llama.cpp")
    private boolean gguf;

    @Override
    protected int run(Clients clients, Console console) {
        Path target = directory.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new CliException(target + " already exists", "choose a directory that does not exist");
        }
        Version version = version(clients, Names.version(name, "latest"));
        Path partial = target.resolveSibling("." + target.getFileName() + ".partial");
        try (Progress progress = Progress.open(console, "export")) {
            long total = version.getArtifactsList().stream()
                    .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                    .mapToLong(Artifact::getBytes)
                    .sum();
            ArtifactDownload download = new ArtifactDownload(
                    clients, received -> progress.show(received, Math.max(received, total), Format.bytes(received)));
            Files.createDirectories(partial);
            write(clients, version, download, partial, target);
            Files.move(partial, target);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        console.printJson(version);
        console.print("%s  %s".formatted(Names.brief(version.getName()), target));
        return 0;
    }

    private void write(Clients clients, Version version, ArtifactDownload download, Path partial, Path target)
            throws IOException {
        download.directory(required(version, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE), partial.resolve("huggingface"));
        if (gguf) {
            download.file(required(version, ArtifactKind.ARTIFACT_KIND_GGUF_F32), partial.resolve("model.gguf"));
        }
        Optional<Artifact> adapter = artifact(version, ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER);
        if (adapter.isPresent()) {
            Version base = version(clients, version.getParent());
            download.directory(required(base, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE), partial.resolve("base"));
            download.directory(adapter.get(), partial.resolve("adapter"));
            setBasePath(partial.resolve("adapter/adapter_config.json"), target.resolve("base"));
        }
    }

    /** Sets the path from which PEFT loads the base model. */
    private static void setBasePath(Path config, Path base) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(Files.readString(config));
        json.put("base_model_name_or_path", base.toString());
        Files.writeString(config, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    }

    private static Version version(Clients clients, String name) {
        return clients.models()
                .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                .getVersion();
    }

    private static Artifact required(Version version, ArtifactKind kind) {
        return artifact(version, kind)
                .orElseThrow(() -> new CliException(
                        Names.brief(version.getName()) + " has no artifact of kind " + kind,
                        "list the artifacts: rootstock models versions MODEL --json"));
    }

    private static Optional<Artifact> artifact(Version version, ArtifactKind kind) {
        return version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == kind)
                .findFirst();
    }
}
