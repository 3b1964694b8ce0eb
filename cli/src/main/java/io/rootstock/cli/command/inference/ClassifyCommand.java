package io.rootstock.cli.command.inference;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.Input;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.prediction.ClassPredictor;
import io.rootstock.inference.v1.Classification;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock classify}. */
@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        header = "Classify texts with a served classifier",
        footer = {"", "Example:", "  rootstock classify spam \"You won a prize, call now\" \"see you at eight\""})
public final class ClassifyCommand extends ServiceCommand {
    private static final int BATCH = 500;
    private static final int TEXT_WIDTH = 60;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Name of a served classifier")
    private String model;

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "Texts to classify")
    private List<String> texts;

    @Option(names = "--file", paramLabel = "FILE", description = "Read one text per line from FILE instead")
    private Path file;

    @Override
    protected int run(Clients clients, Console console) {
        List<String> all = Input.texts(texts, file);
        Table table = new Table("label", "probability", "text");
        for (int start = 0; start < all.size(); start += BATCH) {
            List<String> batch = all.subList(start, Math.min(all.size(), start + BATCH));
            ClassifyResponse response = clients.inference()
                    .classify(ClassifyRequest.newBuilder()
                            .setModel(Names.of("models", model))
                            .addAllTexts(batch)
                            .build());
            for (int i = 0; i < batch.size(); i++) {
                Classification classification = response.getClassifications(i);
                console.printJson(classification);
                table.row(
                        classification.getLabel(),
                        Format.fixed(ClassPredictor.probability(classification), 3),
                        Format.fit(batch.get(i), TEXT_WIDTH));
            }
        }
        table.print(console);
        return 0;
    }
}
