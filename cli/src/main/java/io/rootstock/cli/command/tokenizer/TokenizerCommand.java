package io.rootstock.cli.command.tokenizer;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.tokenizer.v1.DecodeRequest;
import io.rootstock.tokenizer.v1.DecodeResponse;
import io.rootstock.tokenizer.v1.DeleteTokenizerRequest;
import io.rootstock.tokenizer.v1.DeleteTokenizerResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock tokenizer}: groups its commands. */
@Command(
        name = "tokenizer",
        mixinStandardHelpOptions = true,
        header = "Train and use byte-level BPE tokenizers",
        footer = {"", "Example:", "  rootstock tokenizer train prose --file book.txt --vocabulary 4096"})
@Subcommands({
    TokenizerTrainCommand.class,
    TokenizerEncodeCommand.class,
    TokenizerCommand.DecodeCommand.class,
    TokenizerListCommand.class,
    TokenizerShowCommand.class,
    TokenizerCommand.DeleteCommand.class
})
public final class TokenizerCommand extends GroupCommand {
    /** {@code rootstock tokenizer decode}. */
    @Command(
            name = "decode",
            mixinStandardHelpOptions = true,
            header = "Decode token IDs to text",
            footer = {"", "Example:", "  rootstock tokenizer decode javadoc 312 1044 87"})
    static final class DecodeCommand extends ServiceCommand {
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

    /** {@code rootstock tokenizer delete}. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            header = "Delete a tokenizer",
            description = "Fails while a dataset or a version uses it. `rootstock prune` frees its files.",
            footer = {"", "Example:", "  rootstock tokenizer delete prose"})
    static final class DeleteCommand extends DeletionCommand {
        @Parameters(paramLabel = "TOKENIZER", description = "Tokenizer name")
        private String tokenizer;

        @Override
        protected int run(Clients clients, Console console) {
            String name = Names.of("tokenizers", tokenizer);
            return delete(console, name, "delete " + name + "?", () -> {
                DeleteTokenizerResponse _ = clients.tokenizers()
                        .deleteTokenizer(DeleteTokenizerRequest.newBuilder()
                                .setName(name)
                                .build());
            });
        }
    }
}
