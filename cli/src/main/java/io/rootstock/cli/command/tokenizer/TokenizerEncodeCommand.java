package io.rootstock.cli.command.tokenizer;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.Input;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.tokenizer.v1.EncodeRequest;
import io.rootstock.tokenizer.v1.EncodeResponse;
import io.rootstock.tokenizer.v1.SpecialTokenHandling;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock tokenizer encode}. */
@Command(
        name = "encode",
        mixinStandardHelpOptions = true,
        header = "Encode text to token IDs",
        footer = {"", "Example:", "  rootstock tokenizer encode javadoc \"Returns the hash code.\""})
final class TokenizerEncodeCommand extends ServiceCommand {
    private static final char REPLACEMENT = '\uFFFD';

    enum SpecialTokens {
        REFUSE,
        TEXT,
        SPECIAL
    }

    @Parameters(index = "0", paramLabel = "TOKENIZER", description = "Tokenizer name")
    private String tokenizer;

    @Parameters(index = "1", paramLabel = "TEXT", description = "Text to encode; - reads standard input")
    private String text;

    @Option(
            names = "--special-tokens",
            paramLabel = "refuse|text|special",
            defaultValue = "REFUSE",
            description = "How to encode special tokens in the text: refuse the text, as plain text, or as special"
                    + " tokens [default: refuse]")
    private SpecialTokens specialTokens;

    @Override
    protected int run(Clients clients, Console console) {
        if (text.indexOf(REPLACEMENT) >= 0) {
            console.note("warning: the text contains U+FFFD, which replaces invalid bytes of an argument; pass such a"
                    + " text on standard input");
        }
        EncodeResponse response = clients.tokenizers()
                .encode(EncodeRequest.newBuilder()
                        .setTokenizer(Names.of("tokenizers", tokenizer))
                        .setText(Input.text(text))
                        .setSpecialTokens(
                                switch (specialTokens) {
                                    case REFUSE -> SpecialTokenHandling.SPECIAL_TOKEN_HANDLING_REFUSE;
                                    case TEXT -> SpecialTokenHandling.SPECIAL_TOKEN_HANDLING_AS_TEXT;
                                    case SPECIAL -> SpecialTokenHandling.SPECIAL_TOKEN_HANDLING_AS_SPECIAL;
                                })
                        .build());
        console.printJson(response);
        console.print(response.getTokenIdsList().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        return 0;
    }
}
