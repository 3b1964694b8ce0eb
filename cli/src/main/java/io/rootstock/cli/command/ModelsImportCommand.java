package io.rootstock.cli.command;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.ModelUpload;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Figures;
import io.rootstock.cli.display.Progress;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.trainer.v1.ImportModelResponse;
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
        description = {
            "Registers a model from a Hugging Face directory, with its tokenizer, to be served and fine-tuned.",
            "Families: Llama, Mistral, Qwen2, Qwen2.5, Qwen3, SmolLM; byte-level BPE tokenizers."
        },
        footer = {
            "",
            "Example:",
            "  rootstock models import smol ./SmolLM2-135M",
            "  rootstock dataset prepare questions --kind instruction --tokenizer smol --file q.jsonl",
            "  rootstock finetune --task instruction --base smol --dataset questions --model answers"
        })
final class ModelsImportCommand extends ServiceCommand {
    enum Kind {
        BASE,
        INSTRUCT
    }

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the model, and of its tokenizer.")
    private String name;

    @Parameters(index = "1", paramLabel = "DIRECTORY", description = "The Hugging Face directory.")
    private Path directory;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "BASE",
            description = "BASE, or INSTRUCT where it was trained to answer. Default: ${DEFAULT-VALUE}.")
    private Kind kind;

    @Option(
            names = "--tokenizer",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Another name for the tokenizer, or that of the same one imported before.")
    private String tokenizerName;

    @Override
    int run(Clients clients, Console console) {
        List<Path> files = ModelUpload.files(directory);
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
        console.print("%s  %d layers of width %d, %d tokens, %s"
                .formatted(
                        Names.brief(version.getName()),
                        imported.getArchitecture().getDepth(),
                        imported.getArchitecture().getDimension(),
                        imported.getArchitecture().getVocabularySize(),
                        imported.getChatTemplate() ? "with a chat template" : "without a chat template"));
        return 0;
    }

    private static ImportModelResponse send(Clients clients, List<Path> files, Console console) {
        try (Progress progress = Progress.open(console, "import")) {
            long size = 0;
            for (Path file : files) {
                size += Files.size(file);
            }
            long total = size;
            return ModelUpload.send(
                    clients,
                    files,
                    sent -> progress.show(sent, total, Figures.bytes(sent) + " of " + Figures.bytes(total)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
