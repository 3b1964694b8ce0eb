package io.rootstock.cli.command.model;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.ModelUpload;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.tokenizer.v1.DeleteTokenizerRequest;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.ImportModelResponse;
import io.rootstock.trainer.v1.ImportOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models import}. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        header = "Import a model or a LoRA adapter from a directory or a GGUF file",
        description = {
            "Registers the model and its tokenizer for serving and fine-tuning. Supported families: Llama, Mistral,"
                    + " Qwen2, Qwen2.5, Qwen3, SmolLM; byte-level BPE tokenizers.",
            "With --base, imports a LoRA adapter of PEFT or llama.cpp; it is served with the base's GGUF file."
        },
        footer = {
            "",
            "Example:",
            "  rootstock models import smol ./SmolLM2-135M",
            "  rootstock models import smol ./SmolLM2-135M-Instruct.Q4_1.gguf --kind INSTRUCT",
            "  rootstock models import polite ./polite-lora --base smol",
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

    enum Quantization {
        F16(ArtifactKind.ARTIFACT_KIND_GGUF_F16),
        Q8_0(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0),
        Q4_K_M(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M);

        private final ArtifactKind kind;

        Quantization(ArtifactKind kind) {
            this.kind = kind;
        }
    }

    /** Codes of a version that was not registered; after others, such as UNAVAILABLE, it may exist. */
    private static final Set<Status.Code> REFUSALS = Set.of(
            Status.Code.INVALID_ARGUMENT,
            Status.Code.FAILED_PRECONDITION,
            Status.Code.NOT_FOUND,
            Status.Code.ALREADY_EXISTS,
            Status.Code.DATA_LOSS);

    @Parameters(index = "0", paramLabel = "NAME", description = "Model name, also used for the tokenizer")
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "PATH",
            description = "Hugging Face directory, GGUF file, or any shard of a split GGUF model; of an adapter: PEFT"
                    + " directory or GGUF file")
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
            description = "Quantizations to create in addition to F32: F16, Q8_0, Q4_K_M [default: all; only Q8_0"
                    + " if the float32 weights exceed 8 GiB]")
    private List<Quantization> quantizations = List.of();

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
            names = "--license",
            paramLabel = "ID",
            converter = LicenseConverter.class,
            description =
                    "License, such as apache-2.0 [default: license in the metadata of README.md, or general.license"
                            + " of a GGUF file]")
    private String license;

    @Override
    protected int run(Clients clients, Console console) {
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

    private static void require(boolean accepted, String problem, String hint) {
        if (!accepted) {
            throw new CliException(problem, hint);
        }
    }

    private int model(Clients clients, Console console) {
        ImportOptions options = ImportOptions.newBuilder()
                .setModelName(name)
                .addAllQuantizations(
                        quantizations.stream().map(each -> each.kind).toList())
                .build();
        ImportModelResponse imported = send(clients, ModelUpload.files(path), options, console);
        Version version = register(clients, imported);
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
        Artifact file = GgufFile.of(parent, Optional.ofNullable(baseWeights));
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
                .formatted(Names.brief(version.getName()), Names.brief(parent.getName()), GgufFile.name(file)));
        return 0;
    }

    /** Imports the tokenizer and registers the version; a new tokenizer is deleted if the version is refused. */
    private Version register(Clients clients, ImportModelResponse imported) {
        String tokenizerResource = Names.of("tokenizers", tokenizerName.isEmpty() ? name : tokenizerName);
        boolean isNew = !exists(clients, tokenizerResource);
        Tokenizer tokenizer = clients.tokenizers()
                .importTokenizer(ImportTokenizerRequest.newBuilder()
                        .setName(tokenizerResource)
                        .setDigest(imported.getTokenizerDigest())
                        .build())
                .getTokenizer();
        try {
            return register(
                    clients,
                    Version.newBuilder()
                            .setKind(kind == null ? Kind.BASE.version : kind.version)
                            .setTokenizer(tokenizer.getName())
                            .setTokenizerDigest(tokenizer.getDigest())
                            .setLicense(license == null ? imported.getLicense() : license)
                            .addAllArtifacts(imported.getArtifactsList()));
        } catch (StatusRuntimeException refusal) {
            if (isNew && REFUSALS.contains(refusal.getStatus().getCode())) {
                clients.tokenizers()
                        .deleteTokenizer(DeleteTokenizerRequest.newBuilder()
                                .setName(tokenizer.getName())
                                .build());
            }
            throw refusal;
        }
    }

    private static boolean exists(Clients clients, String tokenizer) {
        try {
            clients.tokenizers()
                    .getTokenizer(
                            GetTokenizerRequest.newBuilder().setName(tokenizer).build());
            return true;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private Version register(Clients clients, Version.Builder version) {
        return clients.models()
                .createVersion(CreateVersionRequest.newBuilder()
                        .setModel(Names.of("models", name))
                        .setVersion(version)
                        .build())
                .getVersion();
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
