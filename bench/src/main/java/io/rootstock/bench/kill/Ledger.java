package io.rootstock.bench.kill;

import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasMove;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.ListAliasHistoryResponse;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

/**
 * A client that writes to the registry continuously while it is being killed, and records the acknowledged writes:
 * versions and alias moves. A write whose response was lost is repeated with the same request id.
 */
public final class Ledger implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(150);
    private static final String MODEL = "models/ledger";
    private static final String ALIAS = MODEL + "/aliases/staging";
    private static final int MAX_PAGE = 1000;

    private final Patience patience;
    private final Version template;
    private final List<Version> versions = new ArrayList<>();
    private final List<Alias> moves = new ArrayList<>();
    private final List<Dataset> datasets = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closing;
    private volatile RuntimeException failure;

    /**
     * Starts writing.
     *
     * @param template version whose artifacts the new versions use
     */
    public Ledger(Patience patience, Version template, List<Dataset> datasets) {
        this.patience = patience;
        this.template =
                template.toBuilder().clearName().clearJob().clearCreateTime().build();
        this.datasets.addAll(datasets);
        this.thread = Thread.ofVirtual().start(this::write);
    }

    /** Number of acknowledged writes and datasets. */
    public synchronized int acknowledged() {
        return versions.size() + moves.size() + datasets.size();
    }

    @Override
    public void close() {
        finish();
    }

    /** Stops writing; throws the failure of a write unless a killed service caused it. */
    public void finish() {
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

    /** Number of acknowledged writes that are missing or changed. */
    public synchronized int lost() {
        int lost = 0;
        for (Version version : versions) {
            lost += same(
                            version,
                            clients -> clients.models()
                                    .getVersion(GetVersionRequest.newBuilder()
                                            .setName(version.getName())
                                            .build())
                                    .getVersion())
                    ? 0
                    : 1;
        }
        for (Dataset dataset : datasets) {
            lost += same(
                            dataset,
                            clients -> clients.datasets()
                                    .getDataset(GetDatasetRequest.newBuilder()
                                            .setName(dataset.getName())
                                            .build())
                                    .getDataset())
                    ? 0
                    : 1;
        }
        Map<String, String> history = history(patience, ALIAS);
        for (Alias move : moves) {
            lost += move.getVersion().equals(history.get(move.getEtag())) ? 0 : 1;
        }
        return lost;
    }

    private void write() {
        try {
            while (!closing) {
                Version version = create();
                synchronized (this) {
                    versions.add(version);
                }
                Alias alias = move(version.getName());
                synchronized (this) {
                    moves.add(alias);
                }
                Patience.sleep(PAUSE);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private Version create() {
        CreateVersionRequest request = CreateVersionRequest.newBuilder()
                .setModel(MODEL)
                .setVersion(template)
                .setRequestId(UUID.randomUUID().toString())
                .build();
        return patience.call(clients -> clients.models().createVersion(request).getVersion());
    }

    private Alias move(String version) {
        SetAliasRequest request = SetAliasRequest.newBuilder()
                .setName(ALIAS)
                .setVersion(version)
                .setRequestId(UUID.randomUUID().toString())
                .build();
        return patience.call(clients -> clients.models().setAlias(request).getAlias());
    }

    /** Versions of an alias by the etag of the move to them. */
    public static Map<String, String> history(Patience patience, String alias) {
        Map<String, String> history = new HashMap<>();
        String token = "";
        do {
            ListAliasHistoryRequest request = ListAliasHistoryRequest.newBuilder()
                    .setName(alias)
                    .setPageSize(MAX_PAGE)
                    .setPageToken(token)
                    .build();
            ListAliasHistoryResponse page =
                    patience.call(clients -> clients.models().listAliasHistory(request));
            for (AliasMove move : page.getMovesList()) {
                history.put(Long.toString(move.getSequence()), move.getToVersion());
            }
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return history;
    }

    private <T> boolean same(T acknowledged, Function<Clients, T> now) {
        try {
            return Objects.equals(acknowledged, patience.call(now));
        } catch (StatusRuntimeException gone) {
            return false;
        }
    }
}
