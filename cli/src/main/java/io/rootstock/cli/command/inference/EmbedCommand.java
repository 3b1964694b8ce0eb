package io.rootstock.cli.command.inference;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.Input;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.EmbedResponse;
import io.rootstock.inference.v1.Embedding;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock embed}. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        header = "Compute embeddings of texts",
        description = "Prints the final hidden state of the last token, one line per text.",
        footer = {"", "Example:", "  rootstock embed javadoc \"Returns the size.\" --normalize"})
public final class EmbedCommand extends ServiceCommand {
    private static final int BATCH = 200;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Name of a served model")
    private String model;

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "Texts to embed")
    private List<String> texts;

    @Option(names = "--file", paramLabel = "FILE", description = "Read one text per line from FILE instead")
    private Path file;

    @Option(names = "--normalize", description = "Scale each embedding to unit length")
    private boolean normalize;

    @Override
    protected int run(Clients clients, Console console) {
        List<String> all = Input.texts(texts, file);
        for (int start = 0; start < all.size(); start += BATCH) {
            EmbedResponse response = clients.inference()
                    .embed(EmbedRequest.newBuilder()
                            .setModel(Names.of("models", model))
                            .addAllTexts(all.subList(start, Math.min(all.size(), start + BATCH)))
                            .setNormalize(normalize)
                            .build());
            for (Embedding embedding : response.getEmbeddingsList()) {
                console.printJson(embedding);
                console.print(
                        embedding.getValuesList().stream().map(String::valueOf).collect(Collectors.joining(" ")));
            }
        }
        return 0;
    }
}
