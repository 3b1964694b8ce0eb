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
        description = "Turns a text into the tokens of a served model, and counts them.",
        footer = {"", "Example:", "  rootstock serving tokenize javadoc \"Returns the size.\""})
final class ServingTokenizeCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "Any served model.")
    private String model;

    @Parameters(index = "1", paramLabel = "TEXT", description = "The text; - reads standard input.")
    private String text;

    @Option(names = "--special", description = "Take special tokens in the text for special tokens.")
    private boolean special;

    @Option(names = "--add-special-tokens", description = "Add BOS and EOS where the model's tokenizer does.")
    private boolean addSpecialTokens;

    @Override
    protected int run(Clients clients, Console console) {
        TokenizeResponse answer = clients.inference()
                .tokenize(TokenizeRequest.newBuilder()
                        .setModel(Names.of("models", model))
                        .setText(Input.text(text))
                        .setParseSpecial(special)
                        .setAddSpecialTokens(addSpecialTokens)
                        .build());
        console.printJson(answer);
        console.print(answer.getTokensList().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        console.note(answer.getTokensCount() + " tokens of " + Names.brief(answer.getVersion()));
        return 0;
    }
}
