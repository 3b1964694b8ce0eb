package io.rootstock.cli.command.serving;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.inference.v1.DetokenizeRequest;
import io.rootstock.inference.v1.DetokenizeResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock serving detokenize}. */
@Command(
        name = "detokenize",
        mixinStandardHelpOptions = true,
        header = "Convert token IDs of a served model to text",
        footer = {"", "Example:", "  rootstock serving detokenize javadoc 53 82 11"})
final class ServingDetokenizeCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "Name of a served model")
    private String model;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "TOKEN", description = "Token IDs")
    private List<Integer> tokens;

    @Override
    protected int run(Clients clients, Console console) {
        DetokenizeResponse response = clients.inference()
                .detokenize(DetokenizeRequest.newBuilder()
                        .setModel(Names.of("models", model))
                        .addAllTokens(tokens)
                        .build());
        console.printJson(response);
        console.print(response.getText());
        return 0;
    }
}
