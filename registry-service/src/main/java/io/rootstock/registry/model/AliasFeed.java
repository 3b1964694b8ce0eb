package io.rootstock.registry.model;

import io.rootstock.names.VersionName;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.WatchAliasesResponse;
import io.rootstock.registry.watch.ResumeToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The current aliases and every later move, for one watcher. The snapshot and the sequence number of its last move are
 * read in one transaction, and moves are numbered in commit order, so no move is missed.
 */
public final class AliasFeed {
    private static final int BATCH = 100;
    /** Maximum number of missed moves; more are replaced by the current aliases. */
    private static final int MAX_MISSED = 10_000;

    private final Database database;
    private final RecentMoves recent;
    private final String alias;
    private ResumeToken position = ResumeToken.START;

    /**
     * Creates a feed.
     *
     * @param recent moves that are read once for all feeds
     * @param alias last segment of the aliases to watch; empty: all aliases
     */
    AliasFeed(Database database, RecentMoves recent, String alias) {
        this.recent = recent;
        this.database = database;
        this.alias = alias;
    }

    /**
     * Calls {@code each} with the moves after a resume token, or with the current aliases, then with one message with
     * {@code synchronized} set.
     *
     * @param resumeToken token of a message of an earlier feed; empty: none. If the history cannot be continued after it,
     *     a message with {@code reset} is first.
     */
    public void begin(String resumeToken, Consumer<WatchAliasesResponse> each) {
        ResumeToken token = ResumeToken.decode(watch(), resumeToken);
        boolean resumes = !resumeToken.isEmpty()
                && database.<Boolean>read(
                        connection -> AliasRepository.canResume(connection, token, alias, MAX_MISSED));
        if (resumes) {
            position = token;
            for (ResumeToken before = null; !position.equals(before); ) {
                before = position;
                next().forEach(each);
            }
        } else {
            if (!resumeToken.isEmpty()) {
                each.accept(WatchAliasesResponse.newBuilder().setReset(true).build());
            }
            snapshot(each);
        }
        each.accept(WatchAliasesResponse.newBuilder()
                .setSynchronized(true)
                .setResumeToken(position.encode(watch()))
                .build());
    }

    /** The versions, which never change, are read in batches. */
    private void snapshot(Consumer<WatchAliasesResponse> each) {
        List<Alias> current = database.read(connection -> {
            position = AliasRepository.last(connection);
            return AliasRepository.all(connection, alias);
        });
        for (int start = 0; start < current.size(); start += BATCH) {
            List<Alias> batch = current.subList(start, Math.min(start + BATCH, current.size()));
            List<WatchAliasesResponse> messages = database.read(connection -> {
                Map<String, Version> versions = versions(connection, batch);
                return batch.stream()
                        .flatMap(one -> message(versions, one).stream())
                        .toList();
            });
            messages.forEach(each);
        }
    }

    /** Returns the next moves since the last call, oldest first; empty if nothing moved. */
    public List<WatchAliasesResponse> next() {
        Optional<List<RecentMoves.Move>> moves = recent.after(position.sequence());
        if (moves.isPresent()) {
            return take(moves.get());
        }
        return database.read(connection -> {
            List<WatchAliasesResponse> messages = new ArrayList<>();
            for (AliasRepository.Move move :
                    AliasRepository.movesAfter(connection, alias, position.sequence(), BATCH)) {
                position = move.token();
                message(connection, move).map(this::withToken).ifPresent(messages::add);
            }
            return messages;
        });
    }

    private List<WatchAliasesResponse> take(List<RecentMoves.Move> moves) {
        List<WatchAliasesResponse> messages = new ArrayList<>();
        for (RecentMoves.Move move : moves) {
            position = move.token();
            if (alias.isEmpty() || alias.equals(move.alias())) {
                move.message().map(this::withToken).ifPresent(messages::add);
            }
        }
        return messages;
    }

    private WatchAliasesResponse withToken(WatchAliasesResponse message) {
        return message.toBuilder().setResumeToken(position.encode(watch())).build();
    }

    private String watch() {
        return "aliases " + alias;
    }

    /** The message of a move; empty if its version was deleted since. */
    static Optional<WatchAliasesResponse> message(Connection connection, AliasRepository.Move move)
            throws SQLException {
        return move.to() == null
                ? Optional.of(WatchAliasesResponse.newBuilder()
                        .setDeletedAlias(move.name().toString())
                        .build())
                : message(connection, AliasRepository.aliasAfter(connection, move.sequence()));
    }

    private static Optional<WatchAliasesResponse> message(Connection connection, Alias alias) throws SQLException {
        return message(versions(connection, List.of(alias)), alias);
    }

    /** Empty if the version or the canary was deleted since: a later move follows, because a deletion requires one. */
    private static Optional<WatchAliasesResponse> message(Map<String, Version> versions, Alias alias) {
        Version version = versions.get(alias.getVersion());
        Version canary = versions.get(alias.getCanary().getVersion());
        if (version == null || (alias.hasCanary() && canary == null)) {
            return Optional.empty();
        }
        WatchAliasesResponse.Builder message =
                WatchAliasesResponse.newBuilder().setAlias(alias).setVersion(version);
        if (canary != null) {
            message.setCanaryVersion(canary);
        }
        return Optional.of(message.build());
    }

    /** The versions and canaries of aliases, by name; those that were deleted since are missing. */
    private static Map<String, Version> versions(Connection connection, List<Alias> aliases) throws SQLException {
        List<VersionName> names = aliases.stream()
                .flatMap(
                        alias -> Stream.of(alias.getVersion(), alias.getCanary().getVersion()))
                .filter(name -> !name.isEmpty())
                .distinct()
                .map(VersionName::parse)
                .toList();
        Map<String, Version> versions = new HashMap<>();
        VersionRepository.findAll(connection, names).forEach(version -> versions.put(version.getName(), version));
        return versions;
    }
}
