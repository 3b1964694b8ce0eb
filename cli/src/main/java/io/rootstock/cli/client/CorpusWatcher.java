package io.rootstock.cli.client;

import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusEvent;
import io.rootstock.tokenizer.v1.CorpusState;
import io.rootstock.tokenizer.v1.GetCorpusRequest;
import io.rootstock.tokenizer.v1.WatchCorpusRequest;
import io.rootstock.tokenizer.v1.WatchCorpusResponse;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Streams the events of a corpus until its job ends. A broken stream is reopened after the last received event, so that each
 * event is delivered exactly once, in order, also when the tokenizer service restarts.
 */
public final class CorpusWatcher {
    private static final Set<CorpusState> ENDED = Set.of(
            CorpusState.CORPUS_STATE_SUCCEEDED, CorpusState.CORPUS_STATE_FAILED, CorpusState.CORPUS_STATE_CANCELLED);

    private final Clients clients;
    private final Consumer<CorpusEvent> events;
    private final Reconnection reconnection;
    private long sequence;

    /**
     * @param events receives every event, in order
     * @param reconnecting receives the error message before each reconnect
     */
    public CorpusWatcher(Clients clients, Consumer<CorpusEvent> events, Consumer<String> reconnecting) {
        this.clients = clients;
        this.events = events;
        this.reconnection = new Reconnection(reconnecting);
    }

    /**
     * Watches the corpus until its job has ended.
     *
     * @param name corpora/{corpus}
     * @return the corpus in its final state
     */
    public Corpus watch(String name) {
        return reconnection.read(() -> read(name));
    }

    private Optional<Corpus> read(String name) {
        Iterator<WatchCorpusResponse> stream = clients.corpora()
                .watchCorpus(WatchCorpusRequest.newBuilder()
                        .setName(name)
                        .setAfterSequence(sequence)
                        .build());
        while (stream.hasNext()) {
            CorpusEvent event = stream.next().getEvent();
            reconnection.received();
            sequence = event.getSequence();
            events.accept(event);
        }
        Corpus corpus = clients.corpora()
                .getCorpus(GetCorpusRequest.newBuilder().setName(name).build())
                .getCorpus();
        return Optional.of(corpus).filter(found -> ENDED.contains(found.getState()));
    }
}
