package io.rootstock.cli.command.tokenizer;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.Table;
import io.rootstock.tokenizer.v1.ListTokenizersRequest;
import io.rootstock.tokenizer.v1.ListTokenizersResponse;
import io.rootstock.tokenizer.v1.Tokenizer;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock tokenizer list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List tokenizers",
        footer = {"", "Example:", "  rootstock tokenizer list --json"})
final class TokenizerListCommand extends ServiceCommand {
    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        List<Tokenizer> tokenizers = list.read(
                console,
                (size, token) -> clients.tokenizers()
                        .listTokenizers(ListTokenizersRequest.newBuilder()
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .build()),
                ListTokenizersResponse::getTokenizersList,
                ListTokenizersResponse::getNextPageToken);
        Table table = new Table(
                "tokenizer", "vocabulary", "pre-tokenizer", "added tokens", "bytes/token", "trained", "sha256");
        for (Tokenizer tokenizer : tokenizers) {
            console.printJson(tokenizer);
            table.row(
                    tokenizer.getName(),
                    tokenizer.getVocabularySize(),
                    Labels.of(tokenizer.getPreTokenizer()),
                    addedTokens(tokenizer),
                    tokenizer.getBytesPerToken() > 0 ? Format.fixed(tokenizer.getBytesPerToken(), 2) : "-",
                    Format.time(tokenizer.getCreateTime()),
                    Format.digest(tokenizer.getDigest()));
        }
        table.print(console);
        return 0;
    }

    static String addedTokens(Tokenizer tokenizer) {
        return tokenizer.getAddBos()
                ? (tokenizer.getAddEos() ? "BOS, EOS" : "BOS")
                : tokenizer.getAddEos() ? "EOS" : "-";
    }
}
