package io.rootstock.tokenizer.corpus;

import io.rootstock.tokenizer.catalogue.CatalogueDatabase;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusProgress;
import io.rootstock.tokenizer.v1.CorpusResult;
import io.rootstock.tokenizer.v1.CorpusState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Leases of corpora, which divide them among the tokenizer services of one database: a running corpus has one lease, with a
 * number that increases with each claim, and only the holder of the last number changes it. Expiry is decided by the
 * database's clock. A cancellation takes a number too.
 */
@ApplicationScoped
public class CorpusLeases {
    /** Term of a lease without a renewal. */
    static final Duration TERM = Duration.ofSeconds(15);

    /** Processes that may end while they run a corpus; then it fails, because it may end each of them. */
    private static final int MAX_LOST = 3;

    private static final int MAX_MESSAGE_LENGTH = 4000;

    private final CatalogueDatabase database;
    private final CorpusSignal signal;

    @Inject
    CorpusLeases(CatalogueDatabase database, CorpusSignal signal) {
        this.database = database;
        this.signal = signal;
    }

    /**
     * A claimed corpus.
     *
     * @param id id of the corpus
     * @param corpus the corpus
     * @param number number of the lease
     */
    record Claim(String id, Corpus corpus, long number) {}

    /** Claims the oldest corpus that is queued or whose lease has expired; empty if none can be claimed. */
    Optional<Claim> claim(String service) {
        Optional<Claim> claim = database.run(connection -> {
            Optional<CorpusRow> found = CorpusTable.lockClaimable(connection);
            while (found.isPresent()) {
                CorpusRow row = found.get();
                boolean expired = row.corpus().getState() == CorpusState.CORPUS_STATE_RUNNING;
                int lost = row.lostLeases() + (expired ? 1 : 0);
                if (!hasFailed(connection, row, lost, "the service that ran it ended")) {
                    return Optional.of(claim(connection, row, lost, service, expired));
                }
                found = CorpusTable.lockClaimable(connection);
            }
            return Optional.empty();
        });
        if (claim.isPresent()) {
            signal.announce();
        }
        return claim;
    }

    private static Claim claim(Connection connection, CorpusRow row, int lost, String service, boolean expired)
            throws SQLException {
        String message = "running at " + service + (expired ? "; the service before has ended" : "");
        Corpus corpus = row.corpus().toBuilder()
                .setState(CorpusState.CORPUS_STATE_RUNNING)
                .setMessage(message)
                .build();
        long number = CorpusTable.lease(connection, row.id(), corpus, lost, TERM);
        CorpusEvents.append(connection, row.id(), CorpusState.CORPUS_STATE_RUNNING, message);
        return new Claim(row.id(), corpus, number);
    }

    /** Sets a corpus to FAILED if too many processes have ended; returns false otherwise. */
    private static boolean hasFailed(Connection connection, CorpusRow row, int lost, String reason)
            throws SQLException {
        if (lost < MAX_LOST) {
            return false;
        }
        Corpora.setState(
                connection,
                row,
                CorpusState.CORPUS_STATE_FAILED,
                shortened(lost + " processes ended while they ran it; the last time: " + reason
                        + "\nhint: correct the cause, then `rootstock data resume " + row.id() + "`"),
                0);
        return true;
    }

    /**
     * Renews a lease and stores progress; returns false if the claim has ended: the corpus was cancelled, deleted or claimed
     * again.
     *
     * @param progress progress, which is stored as an event; empty: unchanged
     */
    boolean renew(Claim claim, Optional<CorpusProgress> progress) {
        return held(claim, (connection, row) -> {
            Corpus.Builder corpus = row.corpus().toBuilder();
            progress.ifPresent(corpus::setProgress);
            CorpusTable.renew(connection, row.id(), corpus.build(), TERM);
            if (progress.isPresent()) {
                CorpusEvents.append(connection, row.id(), progress.get());
            }
        });
    }

    /** Ends a claim whose service stops: the corpus is queued again. */
    void release(Claim claim) {
        boolean _ = held(
                claim,
                (connection, row) -> Corpora.setState(
                        connection,
                        row,
                        CorpusState.CORPUS_STATE_QUEUED,
                        "the service that ran it stopped",
                        row.lostLeases()));
    }

    /** Ends a claim whose worker process ended without a reason: the corpus is queued again, or fails. */
    void lost(Claim claim, String reason) {
        boolean _ = held(claim, (connection, row) -> {
            int lost = row.lostLeases() + 1;
            if (!hasFailed(connection, row, lost, reason)) {
                Corpora.setState(connection, row, CorpusState.CORPUS_STATE_QUEUED, shortened(reason), lost);
            }
        });
    }

    /** Ends a claim with a reason and remedy for users. */
    void fail(Claim claim, String message) {
        boolean _ = held(
                claim,
                (connection, row) ->
                        Corpora.setState(connection, row, CorpusState.CORPUS_STATE_FAILED, shortened(message), 0));
    }

    /** Ends a claim with its result. */
    void succeed(Claim claim, CorpusResult result) {
        boolean _ = held(
                claim,
                (connection, row) -> Corpora.setState(
                        connection,
                        new CorpusRow(
                                row.id(),
                                row.corpus().toBuilder().setResult(result).build(),
                                row.fingerprint(),
                                row.lease(),
                                0),
                        CorpusState.CORPUS_STATE_SUCCEEDED,
                        "",
                        0));
    }

    /** Change of a corpus by the holder of its lease. */
    private interface Change {
        void apply(Connection connection, CorpusRow row) throws SQLException;
    }

    private boolean held(Claim claim, Change change) {
        boolean held = database.run(connection -> {
            Optional<CorpusRow> row = CorpusTable.lock(connection, claim.id())
                    .filter(found -> found.lease() == claim.number()
                            && found.corpus().getState() == CorpusState.CORPUS_STATE_RUNNING);
            if (row.isPresent()) {
                change.apply(connection, row.get());
            }
            return row.isPresent();
        });
        signal.announce();
        return held;
    }

    private static String shortened(String message) {
        return message.length() > MAX_MESSAGE_LENGTH ? message.substring(0, MAX_MESSAGE_LENGTH) + "..." : message;
    }
}
