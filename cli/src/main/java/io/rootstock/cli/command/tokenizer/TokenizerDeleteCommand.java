package io.rootstock.cli.command.tokenizer;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeleteCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.tokenizer.v1.DeleteTokenizerRequest;
import io.rootstock.tokenizer.v1.DeleteTokenizerResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock tokenizer delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        header = "Delete a tokenizer",
        description = "Fails while a dataset or a version uses it. `rootstock prune` frees its files.",
        footer = {"", "Example:", "  rootstock tokenizer delete prose"})
final class TokenizerDeleteCommand extends DeleteCommand {
    @Parameters(paramLabel = "TOKENIZER", description = "Tokenizer name")
    private String tokenizer;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.of("tokenizers", tokenizer);
        return delete(console, name, "delete " + name + "?", () -> {
            DeleteTokenizerResponse _ = clients.tokenizers()
                    .deleteTokenizer(
                            DeleteTokenizerRequest.newBuilder().setName(name).build());
        });
    }
}
