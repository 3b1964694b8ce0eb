package io.rootstock.registry.model;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.registry.v1.WatchAliasesResponse;
import io.rootstock.registry.watch.Changes;
import io.rootstock.registry.watch.ResumeToken;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The latest moves of all aliases, read from the database once for all watchers. Thread-safe. */
final class RecentMoves {
    private static final int KEPT = 1000;
    private static final int BATCH = 100;
    /** Other registries change the database without a notification. */
    private static final Duration FRESH = Changes.MAX_WAIT.dividedBy(2);

    private final Database database;
    private final Changes changes;
    private final Deque<Move> moves = new ArrayDeque<>();
    /** Sequence number after which all moves are kept; negative before the first read. */
    private long floor = -1;

    private long last;
    private long seen = -1;
    private long readNanos;
    private DatabaseException failure;
    private long failedNanos;

    RecentMoves(Database database, Changes changes) {
        this.database = database;
        this.changes = changes;
    }

    /**
     * A move with the message for watchers.
     *
     * @param token position after the move
     * @param alias last segment of the alias
     * @param message empty if the version was deleted since
     */
    record Move(ResumeToken token, String alias, Optional<WatchAliasesResponse> message) {}

    /** Returns the moves after a sequence number, oldest first; empty if some of them are not kept any more. */
    synchronized Optional<List<Move>> after(long sequence) {
        refresh();
        if (sequence < floor) {
            return Optional.empty();
        }
        return Optional.of(moves.stream()
                .filter(move -> move.token().sequence() > sequence)
                .toList());
    }

    private void refresh() {
        long count = changes.count();
        long now = System.nanoTime();
        if (floor >= 0 && count == seen && now - readNanos < FRESH.toNanos()) {
            return;
        }
        // Watchers that waited for a failed read fail with it, instead of waiting for the database one after another.
        if (failure != null && now - failedNanos < FRESH.toNanos()) {
            throw failure;
        }
        try {
            read(count);
            failure = null;
        } catch (DatabaseException e) {
            failure = e;
            failedNanos = System.nanoTime();
            throw e;
        }
    }

    private void read(long count) {
        List<Move> read = database.read(connection -> {
            if (floor < 0) {
                last = AliasRepository.last(connection).sequence();
                floor = last;
            }
            List<Move> found = new ArrayList<>();
            for (AliasRepository.Move move : AliasRepository.movesAfter(connection, "", last, BATCH)) {
                found.add(new Move(move.token(), move.name().alias(), AliasFeed.message(connection, move)));
            }
            return found;
        });
        moves.addAll(read);
        while (moves.size() > KEPT) {
            floor = moves.removeFirst().token().sequence();
        }
        if (!read.isEmpty()) {
            last = read.getLast().token().sequence();
        }
        readNanos = System.nanoTime();
        // A full batch may have been cut: the next call reads again.
        seen = read.size() < BATCH ? count : -1;
    }
}
