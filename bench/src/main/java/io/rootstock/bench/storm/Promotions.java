package io.rootstock.bench.storm;

import io.grpc.StatusRuntimeException;
import io.rootstock.bench.kill.Ledger;
import io.rootstock.bench.kill.Patience;
import io.rootstock.cli.client.Clients;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.WatchAliasesRequest;
import io.rootstock.registry.v1.WatchAliasesResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Promotes two versions of a model alternately, and watches its alias at both registries. */
final class Promotions {
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final Duration RETRY = Duration.ofMillis(100);
    private static final Duration SERVED_LIMIT = Duration.ofMinutes(3);
    private static final String ALIAS = "models/storm/aliases/production";

    private final Patience patience;
    private final List<String> versions;
    private final List<Alias> moves = new ArrayList<>();
    private final List<Alias> seen = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closing;
    private volatile RuntimeException failure;

    /**
     * Starts promoting.
     *
     * @param watched clients of each registry
     */
    Promotions(Patience patience, List<String> versions, List<Clients> watched) {
        this.patience = patience;
        this.versions = List.copyOf(versions);
        this.thread = Thread.ofVirtual().start(this::promote);
        watched.forEach(clients -> Thread.ofVirtual().start(() -> watch(clients)));
    }

    /** Stops promoting; throws the failure of a promotion unless a fault caused it. */
    void finish() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Number of acknowledged and watched moves. */
    synchronized int acknowledged() {
        return moves.size() + seen.size();
    }

    /** Adds moves that are missing in the history, and a last version that is not served. */
    synchronized void check(Findings findings) {
        Map<String, String> history = Ledger.history(patience, ALIAS);
        for (List<Alias> aliases : List.of(moves, seen)) {
            for (Alias alias : aliases) {
                if (!alias.getVersion().equals(history.get(alias.getEtag()))) {
                    findings.add(Findings.Kind.LOST, "move " + alias.getEtag() + " to " + alias.getVersion());
                }
            }
        }
        String last = moves.getLast().getVersion();
        long end = System.nanoTime() + SERVED_LIMIT.toNanos();
        while (!last.equals(served())) {
            if (System.nanoTime() > end) {
                findings.add(Findings.Kind.LOST, last + " is promoted, but " + served() + " is served");
                return;
            }
            Patience.sleep(RETRY);
        }
    }

    private String served() {
        return patience
                .call(clients -> clients.inference().listServedModels(ListServedModelsRequest.getDefaultInstance()))
                .getModelsList()
                .stream()
                .filter(model -> model.getAlias().equals(ALIAS))
                .map(ServedModel::getVersion)
                .findFirst()
                .orElse("nothing");
    }

    private void promote() {
        try {
            for (int i = 0; !closing; i++) {
                SetAliasRequest request = SetAliasRequest.newBuilder()
                        .setName(ALIAS)
                        .setVersion(versions.get(i % versions.size()))
                        .setRequestId(UUID.randomUUID().toString())
                        .build();
                Alias alias = patience.call(
                        clients -> clients.models().setAlias(request).getAlias());
                synchronized (this) {
                    moves.add(alias);
                }
                Patience.sleep(PAUSE);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void watch(Clients clients) {
        while (!closing) {
            try {
                Iterator<WatchAliasesResponse> answers = clients.models()
                        .watchAliases(WatchAliasesRequest.newBuilder()
                                .setAlias("production")
                                .build());
                while (answers.hasNext()) {
                    WatchAliasesResponse answer = answers.next();
                    if (answer.getAlias().getName().equals(ALIAS)) {
                        synchronized (this) {
                            seen.add(answer.getAlias());
                        }
                    }
                }
            } catch (StatusRuntimeException e) {
                // The registry is away; the next stream begins with the current alias.
            }
            Patience.sleep(RETRY);
        }
    }
}
