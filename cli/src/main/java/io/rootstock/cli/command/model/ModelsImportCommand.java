package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.ModelUpload;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.ImportModelResponse;
import io.rootstock.trainer.v1.ImportOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models import}. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        header = "Import a model from a Hugging Face directory or a GGUF file",
        description = "Registers the model and its tokenizer for serving and fine-tuning. Supported families:"
                + " Llama, Mistral, Qwen2, Qwen2.5, Qwen3, SmolLM; byte-level BPE tokenizers.",
        footer = {
            "",
            "Example:",
            "  rootstock models import smol ./SmolLM2-135M",
            "  rootstock models import smol ./SmolLM2-135M-Instruct.Q4_1.gguf --kind INSTRUCT",
            "  rootstock dataset prepare questions --kind instruction --tokenizer smol --file q.jsonl",
            "  rootstock finetune --task instruction --base smol --dataset questions --model answers"
        })
final class ModelsImportCommand extends ServiceCommand {
    enum Kind {
        BASE,
        INSTRUCT
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

    @Parameters(index = "0", paramLabel = "NAME", description = "Model name, also used for the tokenizer")
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "PATH",
            description = "Hugging Face directory, GGUF file, or any shard of a split GGUF model")
    private Path path;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "BASE",
            description = "BASE, or INSTRUCT for an instruction-tuned model [default: ${DEFAULT-VALUE}]")
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

    @Override
    protected int run(Clients clients, Console console) {
        List<Path> files = ModelUpload.files(path);
        ImportModelResponse imported = send(clients, files, console);
        Tokenizer tokenizer = clients.tokenizers()
                .importTokenizer(ImportTokenizerRequest.newBuilder()
                        .setName(Names.of("tokenizers", tokenizerName.isEmpty() ? name : tokenizerName))
                        .setDigest(imported.getTokenizerDigest())
                        .build())
                .getTokenizer();
        Version version = clients.models()
                .createVersion(CreateVersionRequest.newBuilder()
                        .setModel(Names.of("models", name))
                        .setVersion(Version.newBuilder()
                                .setKind(
                                        switch (kind) {
                                            case BASE -> VersionKind.VERSION_KIND_BASE;
                                            case INSTRUCT -> VersionKind.VERSION_KIND_INSTRUCT;
                                        })
                                .setTokenizer(tokenizer.getName())
                                .setTokenizerDigest(tokenizer.getDigest())
                                .addAllArtifacts(imported.getArtifactsList()))
                        .build())
                .getVersion();
        console.printJson(version);
        imported.getMessagesList().forEach(console::note);
        console.print("%s  %d layers, hidden size %d, vocabulary %d, %s"
                .formatted(
                        Names.brief(version.getName()),
                        imported.getArchitecture().getDepth(),
                        imported.getArchitecture().getDimension(),
                        imported.getArchitecture().getVocabularySize(),
                        imported.getChatTemplate() ? "with a chat template" : "without a chat template"));
        return 0;
    }

    private ImportModelResponse send(Clients clients, List<Path> files, Console console) {
        try (Progress progress = Progress.open(console, "import")) {
            long size = 0;
            for (Path file : files) {
                size += Files.size(file);
            }
            long total = size;
            long start = System.nanoTime();
            ImportOptions options = ImportOptions.newBuilder()
                    .addAllQuantizations(
                            quantizations.stream().map(each -> each.kind).toList())
                    .build();
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
