package io.rootstock.cli.command.model;

import io.rootstock.cli.bundle.BundleFile;
import io.rootstock.cli.bundle.BundleImport;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.ModelUpload;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.MadeFileConverter;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.operation.GgufFiles;
import io.rootstock.cli.operation.VersionRegistration;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.ImportModelResponse;
import io.rootstock.trainer.v1.ImportOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models import}. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        header = "Import a model or a LoRA adapter from a directory or a GGUF file, or a version from a bundle",
        description = {
            "Registers the model and its tokenizer for serving and fine-tuning. Supported families: Llama, Mistral,"
                    + " Qwen2, Qwen2.5, Qwen3, SmolLM; byte-level BPE tokenizers, and SentencePiece BPE ones of directories.",
            "With --base, imports a LoRA adapter of PEFT or llama.cpp; it is served with the base's GGUF file.",
            "From a bundle of `models export --bundle`, creates the version with the same artifacts, metrics, tags and"
                    + " tokenizer, and the base that an adapter needs. The bundle is verified first; only missing"
                    + " artifacts are sent, and a version that was imported before is not created again."
        },
        footer = {
            "",
            "Example:",
            "  rootstock models import smol ./SmolLM2-135M",
            "  rootstock models import smol ./SmolLM2-135M-Instruct.Q4_1.gguf --kind INSTRUCT",
            "  rootstock models import polite ./polite-lora --base smol",
            "  rootstock models import answers ./answers.zip",
            "  rootstock dataset prepare questions --kind instruction --tokenizer smol --file q.jsonl",
            "  rootstock finetune --task instruction --base smol --dataset questions --model answers"
        })
final class ModelsImportCommand extends ServiceCommand {
    enum Kind {
        BASE(VersionKind.VERSION_KIND_BASE),
        INSTRUCT(VersionKind.VERSION_KIND_INSTRUCT);

        private final VersionKind version;

        Kind(VersionKind version) {
            this.version = version;
        }
    }

    @Parameters(index = "0", paramLabel = "NAME", description = "Model name, also used for the tokenizer")
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "PATH",
            description = "Hugging Face directory, GGUF file, or any shard of a split GGUF model; of an adapter: PEFT"
                    + " directory or GGUF file; or a bundle")
    private Path path;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description =
                    "BASE, or INSTRUCT for an instruction-tuned model [default: BASE; of an adapter: as its base]")
    private Kind kind;

    @Option(
            names = "--tokenizer",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Tokenizer name, also of an identical tokenizer imported before [default: NAME]")
    private String tokenizerName;

    @Option(
            names = "--quantizations",
            paramLabel = "NAME",
            split = ",",
            converter = MadeFileConverter.class,
            completionCandidates = MadeFileConverter.class,
            description = "GGUF files to store: F32, F16, Q8_0, Q4_K_M; others can be made later with `models quantize`"
                    + " [default: rootstock.trainer.quantizations of the trainer, Q8_0]")
    private List<GgufFile> quantizations = List.of();

    @Option(
            names = "--base",
            paramLabel = "VERSION",
            description = "Import an adapter for this version: MODEL (latest version), MODEL@ALIAS or MODEL:NUMBER")
    private String base;

    @Option(
            names = "--base-weights",
            paramLabel = "f32|f16|q8_0|q4_k_m|original",
            description = "GGUF file of the base that serves the adapter [default: q8_0 if there is one, else f32]")
    private GgufFile baseWeights;

    @Option(
            names = "--base-name",
            paramLabel = "NAME",
            description = "Of a bundle: model for the base that an adapter needs [default: its name in the bundle, if"
                    + " that model is new or has this version]")
    private String baseName;

    @Option(
            names = "--license",
            paramLabel = "ID",
            converter = LicenseConverter.class,
            description =
                    "License, such as apache-2.0 [default: license in the metadata of README.md, or general.license"
                            + " of a GGUF file]")
    private String license;

    @Override
    protected int run(Clients clients, Console console) {
        if (BundleFile.isZip(path)) {
            return bundle(clients, console);
        }
        require(baseName == null, "--base-name is for a bundle", "name the base of an adapter with --base");
        if (base == null) {
            require(baseWeights == null, "--base-weights is for an adapter", "add --base, the adapter's base");
            return model(clients, console);
        }
        require(tokenizerName.isEmpty(), "--tokenizer is not for an adapter", "it has its base's tokenizer");
        require(
                quantizations.isEmpty(),
                "--quantizations is not for an adapter",
                "choose its base with --base-weights");
        return adapter(clients, console);
    }

    private int bundle(Clients clients, Console console) {
        require(
                kind == null && quantizations.isEmpty() && base == null && baseWeights == null && license == null,
                "--kind, --quantizations, --base, --base-weights and --license are not for a bundle",
                "it has the version as it was exported; omit them");
        try (BundleFile file = BundleFile.open(path);
                Progress progress = Progress.open(console, "import")) {
            long total = file.bytes();
            file.verify(read -> progress.show(read, total, "verify " + Format.bytes(read)));
            BundleImport bundle = new BundleImport(
                    clients,
                    file,
                    name,
                    Optional.of(tokenizerName).filter(given -> !given.isEmpty()),
                    Optional.ofNullable(baseName));
            Optional<Version> existing = bundle.existing();
            long start = System.nanoTime();
            Version version = existing.orElseGet(
                    () -> bundle.run(sent -> progress.show(sent, total, uploaded(sent, total, start))));
            console.printJson(version);
            console.print("%s  %s %s of the bundle"
                    .formatted(
                            Names.brief(version.getName()),
                            existing.isPresent() ? "is already" : "is",
                            Names.brief(version.getOrigin().getVersion())));
        }
        return 0;
    }

    private static void require(boolean accepted, String problem, String hint) {
        if (!accepted) {
            throw new CliException(problem, hint);
        }
    }

    private int model(Clients clients, Console console) {
        ImportOptions options = ImportOptions.newBuilder()
                .setModelName(name)
                .addAllQuantizations(GgufFile.kinds(quantizations))
                .build();
        ImportModelResponse imported = send(clients, ModelUpload.files(path), options, console);
        Version version = register(
                clients,
                Version.newBuilder()
                        .setKind(kind == null ? Kind.BASE.version : kind.version)
                        .setTokenizer(Names.of("tokenizers", tokenizerName.isEmpty() ? name : tokenizerName))
                        .setTokenizerDigest(imported.getTokenizerDigest())
                        .setLicense(license == null ? imported.getLicense() : license)
                        .addAllArtifacts(imported.getArtifactsList()));
        console.printJson(version);
        imported.getMessagesList().forEach(console::note);
        console.print("%s  %d layers, hidden size %d, vocabulary %d, %s, %s"
                .formatted(
                        Names.brief(version.getName()),
                        imported.getArchitecture().getDepth(),
                        imported.getArchitecture().getDimension(),
                        imported.getArchitecture().getVocabularySize(),
                        imported.getChatTemplate() ? "with a chat template" : "without a chat template",
                        version.getLicense().isEmpty() ? "license not stated" : "license " + version.getLicense()));
        return 0;
    }

    private int adapter(Clients clients, Console console) {
        Version parent = Versions.get(clients, Names.version(base, "latest"));
        Artifact file = GgufFiles.find(parent, Optional.ofNullable(baseWeights));
        ImportOptions options = ImportOptions.newBuilder()
                .setModelName(name)
                .setAdapterBaseDigest(file.getDigest())
                .build();
        ImportModelResponse imported = send(clients, ModelUpload.adapterFiles(path), options, console);
        Version version = register(
                clients,
                Version.newBuilder()
                        .setKind(kind == null ? parent.getKind() : kind.version)
                        .setParent(parent.getName())
                        .setTokenizer(parent.getTokenizer())
                        .setTokenizerDigest(parent.getTokenizerDigest())
                        .setLicense(license == null ? imported.getLicense() : license)
                        .addAllArtifacts(imported.getArtifactsList()));
        console.printJson(version);
        console.print("%s  adapter of %s, served with its %s file"
                .formatted(Names.brief(version.getName()), Names.brief(parent.getName()), Labels.file(file.getKind())));
        return 0;
    }

    private Version register(Clients clients, Version.Builder version) {
        return VersionRegistration.register(clients, Names.of("models", name), version);
    }

    private static ImportModelResponse send(Clients clients, List<Path> files, ImportOptions options, Console console) {
        try (Progress progress = Progress.open(console, "import")) {
            long size = 0;
            for (Path file : files) {
                size += Files.size(file);
            }
            long total = size;
            long start = System.nanoTime();
            return ModelUpload.send(
                    clients,
                    files,
                    options,
                    sent -> progress.show(sent, total, uploaded(sent, total, start)),
                    stage -> progress.show(total, total, stage));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String uploaded(long sent, long total, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return Format.bytes(sent) + " of " + Format.bytes(total) + ", "
                + Format.duration(seconds * (total - sent) / Math.max(sent, 1)) + " left";
    }
}
