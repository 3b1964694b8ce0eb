package io.rootstock.cli.command.tokenizer;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.tokenizer.v1.DecodeRequest;
import io.rootstock.tokenizer.v1.DecodeResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock tokenizer decode}. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        header = "Decode token IDs to text",
        footer = {"", "Example:", "  rootstock tokenizer decode javadoc 312 1044 87"})
final class TokenizerDecodeCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "TOKENIZER", description = "Tokenizer name")
    private String tokenizer;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "ID", description = "Token IDs")
    private List<Integer> ids;

    @Option(names = "--skip-special-tokens", description = "Omit special tokens from the text")
    private boolean skipSpecialTokens;

    @Override
    protected int run(Clients clients, Console console) {
        DecodeResponse response = clients.tokenizers()
                .decode(DecodeRequest.newBuilder()
                        .setTokenizer(Names.of("tokenizers", tokenizer))
                        .addAllTokenIds(ids)
                        .setSkipSpecialTokens(skipSpecialTokens)
                        .build());
        console.printJson(response);
        console.print(response.getText());
        return 0;
    }
}
