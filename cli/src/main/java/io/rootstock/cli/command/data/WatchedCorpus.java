package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.CorpusWatcher;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusState;
import java.util.concurrent.atomic.AtomicBoolean;

/** A corpus watched until its job has ended. Ctrl-C stops watching; the job continues. */
final class WatchedCorpus {
    private WatchedCorpus() {}

    /** Watches a corpus, prints its end and returns the exit code of the command. */
    static int watch(Clients clients, Console console, String name) {
        AtomicBoolean watching = new AtomicBoolean(true);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> noteInterrupt(watching.get(), name, console)));
        Corpus corpus;
        try (CorpusDisplay display = new CorpusDisplay(console, Names.id(name))) {
            corpus = new CorpusWatcher(
                            clients, display::show, why -> display.note("connection lost (" + why + "), reconnecting"))
                    .watch(name);
        } finally {
            watching.set(false);
        }
        console.printJson(corpus);
        console.print(name + " " + CorpusDisplay.withMessage(corpus.getState(), corpus.getMessage()));
        if (corpus.getState() != CorpusState.CORPUS_STATE_SUCCEEDED) {
            console.note("hint: rootstock data resume " + Names.id(name));
            return 1;
        }
        console.print("%s with %s of text"
                .formatted(
                        Format.counted(corpus.getResult().getDocuments(), "document"),
                        Format.bytes(corpus.getResult().getTextBytes())));
        if (!corpus.getResult().getDataset().isEmpty()) {
            console.print("tokens: " + corpus.getResult().getDataset());
        }
        console.note("hint: rootstock data report " + Names.id(name));
        return 0;
    }

    private static void noteInterrupt(boolean watching, String name, Console console) {
        if (watching) {
            console.note("");
            console.note(name + " continues in the background");
            console.note(
                    "hint: rootstock data watch " + Names.id(name) + ", or rootstock data cancel " + Names.id(name));
        }
    }
}
