package io.rootstock.cli.command.model;

import io.rootstock.cli.bundle.BundleExport;
import io.rootstock.cli.client.ArtifactDownload;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.export.ModelExport;
import io.rootstock.cli.operation.GgufFiles;
import io.rootstock.files.FileTree;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models export}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        header = "Export the files of a version",
        description = {
            "Writes DIRECTORY/huggingface for transformers and a model card, DIRECTORY/README.md. For a LoRA version,"
                    + " also writes DIRECTORY/adapter for PEFT and DIRECTORY/base; for one that shares its base's GGUF"
                    + " file, only those.",
            "With --gguf, also writes DIRECTORY/model.gguf for llama.cpp (base.gguf and adapter.gguf if the base is"
                    + " shared) and DIRECTORY/Modelfile for Ollama.",
            "With --bundle instead of DIRECTORY, writes the version with its metadata, its tokenizer, every artifact and"
                    + " the base that an adapter needs into one ZIP file, for `models import` in another installation."
        },
        footer = {
            "",
            "Examples:",
            "  rootstock models export javadoc@production ./javadoc --gguf",
            "  rootstock models export answers ./answers --gguf --quantization q4_k_m --license apache-2.0",
            "  rootstock models export answers@production --bundle ./answers.zip"
        })
final class ModelsExportCommand extends ServiceCommand {
    @Parameters(
            index = "0",
            paramLabel = "VERSION",
            description = "Version: MODEL (latest version), MODEL@ALIAS or MODEL:NUMBER")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "DIRECTORY", description = "Target directory; must not exist")
    private Path directory;

    @Option(names = "--bundle", paramLabel = "FILE", description = "Write a bundle to FILE, which must not exist")
    private Path bundle;

    @Option(names = "--gguf", description = "Also write the GGUF file and the Modelfile")
    private boolean gguf;

    @Option(
            names = "--quantization",
            paramLabel = "f32|f16|q8_0|q4_k_m|original",
            description = "GGUF file to write, made if the version does not have it [default: f32]")
    private GgufFile quantization;

    @Option(
            names = "--license",
            paramLabel = "ID",
            converter = LicenseConverter.class,
            description = "License to state in the model card, such as apache-2.0 [default: the license of the version,"
                    + " else of the closest version in its lineage that states one]")
    private String license;

    @Override
    protected int run(Clients clients, Console console) {
        if (quantization != null && !gguf) {
            throw new CliException("--quantization is for the GGUF file", "add --gguf");
        }
        if ((directory == null) == (bundle == null)) {
            throw new CliException("one target is needed", "name DIRECTORY, or a file with --bundle FILE");
        }
        if (bundle != null && (gguf || license != null)) {
            throw new CliException(
                    "--gguf, --quantization and --license are not for a bundle",
                    "it has the version as it is; omit them");
        }
        Path target = (directory == null ? bundle : directory).toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new CliException(target + " already exists", "choose a path that does not exist");
        }
        Version version = Versions.get(clients, Names.version(name, "latest"));
        if (bundle != null) {
            writeBundle(clients, version, target, console);
        } else {
            writeDirectory(clients, version, target, console);
        }
        console.printJson(version);
        console.print("%s  %s".formatted(Names.brief(version.getName()), target));
        return 0;
    }

    private static void writeBundle(Clients clients, Version version, Path target, Console console) {
        try (Progress progress = Progress.open(console, "export")) {
            AtomicLong total = new AtomicLong();
            ArtifactDownload download = new ArtifactDownload(
                    clients,
                    received -> progress.show(received, Math.max(received, total.get()), Format.bytes(received)));
            BundleExport export = new BundleExport(download, version, Versions.ancestors(clients, version));
            total.set(export.bytes());
            export.write(target);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void writeDirectory(Clients clients, Version found, Path target, Console console) {
        Version version = gguf && !isShared(found) ? GgufFiles.ensure(clients, console, found, file()) : found;
        Optional<Artifact> file = gguf ? Optional.of(ggufFile(version)) : Optional.empty();
        Path partial = target.resolveSibling("." + target.getFileName() + ".partial");
        try (Progress progress = Progress.open(console, "export")) {
            List<Version> ancestors = Versions.ancestors(clients, version);
            ModelExport export = new ModelExport(version, ancestors, file, license(version, ancestors));
            long total = export.bytes();
            ArtifactDownload download = new ArtifactDownload(
                    clients, received -> progress.show(received, Math.max(received, total), Format.bytes(received)));
            FileTree.createEmpty(partial);
            export.write(download, partial, target);
            Files.move(partial, target);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            FileTree.delete(partial);
        }
    }

    private Artifact ggufFile(Version version) {
        Optional<Artifact> shared = version.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_GGUF_BASE)
                .findFirst();
        if (shared.isPresent() && quantization != null) {
            throw new CliException(
                    "--quantization is not for " + Names.brief(version.getName()),
                    "it is served with its base's GGUF file, which --gguf writes");
        }
        return shared.orElseGet(() -> GgufFiles.find(version, Optional.of(file())));
    }

    private GgufFile file() {
        return Optional.ofNullable(quantization).orElse(GgufFile.F32);
    }

    private static boolean isShared(Version version) {
        return version.getArtifactsList().stream()
                .anyMatch(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_GGUF_BASE);
    }

    private Optional<String> license(Version version, List<Version> ancestors) {
        return Stream.concat(
                        Stream.ofNullable(license),
                        Stream.concat(Stream.of(version), ancestors.stream()).map(Version::getLicense))
                .filter(stated -> !stated.isEmpty())
                .findFirst();
    }
}
