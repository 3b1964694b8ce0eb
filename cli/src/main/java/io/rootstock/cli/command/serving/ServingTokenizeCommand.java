package io.rootstock.cli.command.serving;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.Input;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.inference.v1.TokenizeRequest;
import io.rootstock.inference.v1.TokenizeResponse;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock serving tokenize}. */
@Command(
        name = "tokenize",
        mixinStandardHelpOptions = true,
        header = "Tokenize text with the tokenizer of a served model",
        footer = {"", "Example:", "  rootstock serving tokenize javadoc \"Returns the size.\""})
final class ServingTokenizeCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "Name of a served model")
    private String model;

    @Parameters(index = "1", paramLabel = "TEXT", description = "Text to tokenize; - reads standard input")
    private String text;

    @Option(names = "--special", description = "Parse special tokens in the text")
    private boolean special;

    @Option(names = "--add-special-tokens", description = "Add BOS and EOS according to the tokenizer's configuration")
    private boolean addSpecialTokens;

    @Override
    protected int run(Clients clients, Console console) {
        TokenizeResponse response = clients.inference()
                .tokenize(TokenizeRequest.newBuilder()
                        .setModel(Names.of("models", model))
                        .setText(Input.text(text))
                        .setParseSpecial(special)
                        .setAddSpecialTokens(addSpecialTokens)
                        .build());
        console.printJson(response);
        console.print(response.getTokensList().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        console.note(response.getTokensCount() + " tokens of " + Names.brief(response.getVersion()));
        return 0;
    }
}
