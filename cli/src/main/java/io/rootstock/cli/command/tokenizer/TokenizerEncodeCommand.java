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
        description = "Turns a text into token ids.",
        footer = {"", "Example:", "  rootstock tokenizer encode javadoc \"Returns the hash code.\""})
final class TokenizerEncodeCommand extends ServiceCommand {
    /** Special tokens inside the text, as typed. */
    enum Special {
        /** Refuse the text. */
        REFUSE,
        /** Encode their characters. */
        TEXT,
        /** Encode them as special tokens. */
        SPECIAL
    }

    @Parameters(index = "0", paramLabel = "TOKENIZER", description = "Its name.")
    private String tokenizer;

    @Parameters(index = "1", paramLabel = "TEXT", description = "The text; - reads standard input.")
    private String text;

    @Option(
            names = "--special-tokens",
            paramLabel = "refuse|text|special",
            defaultValue = "REFUSE",
            description = "What to do with special tokens inside the text. Default: refuse.")
    private Special special;

    @Override
    protected int run(Clients clients, Console console) {
        EncodeResponse answer = clients.tokenizers()
                .encode(EncodeRequest.newBuilder()
                        .setTokenizer(Names.of("tokenizers", tokenizer))
                        .setText(Input.text(text))
                        .setSpecialTokens(
                                switch (special) {
                                    case REFUSE -> SpecialTokenHandling.SPECIAL_TOKEN_HANDLING_REFUSE;
                                    case TEXT -> SpecialTokenHandling.SPECIAL_TOKEN_HANDLING_AS_TEXT;
                                    case SPECIAL -> SpecialTokenHandling.SPECIAL_TOKEN_HANDLING_AS_SPECIAL;
                                })
                        .build());
        console.printJson(answer);
        console.print(answer.getTokenIdsList().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        return 0;
    }
}
