package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.Table;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.ListCorporaRequest;
import io.rootstock.tokenizer.v1.ListCorporaResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock data list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List corpora",
        footer = {"", "Example:", "  rootstock data list --filter 'state = RUNNING'"})
final class DataListCommand extends ServiceCommand {
    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        List<Corpus> corpora = list.read(
                console,
                (size, token) -> clients.corpora()
                        .listCorpora(ListCorporaRequest.newBuilder()
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .build()),
                ListCorporaResponse::getCorporaList,
                ListCorporaResponse::getNextPageToken);
        Table table = new Table("corpus", "state", "documents", "text", "created", "recipe");
        for (Corpus corpus : corpora) {
            console.printJson(corpus);
            table.row(
                    corpus.getName(),
                    Labels.of(corpus.getState()),
                    corpus.hasResult() ? Format.count(corpus.getResult().getDocuments()) : "-",
                    corpus.hasResult() ? Format.bytes(corpus.getResult().getTextBytes()) : "-",
                    Format.time(corpus.getCreateTime()),
                    Format.digest(corpus.getRecipeDigest()));
        }
        table.print(console);
        return 0;
    }
}
