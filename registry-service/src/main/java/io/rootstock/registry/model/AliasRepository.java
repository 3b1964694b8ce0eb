package io.rootstock.registry.model;

import io.rootstock.names.AliasName;
import io.rootstock.names.VersionName;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.AliasMove;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.registry.watch.ResumeToken;
import io.rootstock.service.Errors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Rows of {@code alias} and {@code alias_move}. Moves are numbered under a lock that is held until the commit, so after
 * a reader has seen move n, no move with a smaller number is committed.
 */
final class AliasRepository {
    private AliasRepository() {}

    /**
     * The current state of an alias.
     *
     * @param number number of the version it points to
     * @param sequence sequence number of its last move
     */
    record Position(long number, long sequence) {}

    /**
     * A move of an alias.
     *
     * @param sequence sequence number of the move
     * @param name the alias
     * @param to number of the version that the alias points to after the move; null if the alias was deleted
     * @param base sequence number of the move whose target a rollback restores; null if a rollback has no target
     */
    record Move(long sequence, Instant time, AliasName name, Long to, Long base) {
        ResumeToken token() {
            return ResumeToken.of(sequence, time);
        }
    }

    /** Locks all aliases against moves of other transactions until the commit. */
    static void lock(Connection connection) throws SQLException {
        Sql.of(connection, "select value from alias_counter for update").one(row -> row.getLong(1));
    }

    /** Returns the alias's current state; empty if it was never set. */
    static Optional<Position> position(Connection connection, AliasName name) throws SQLException {
        return Sql.of(
                        connection,
                        "select number, sequence from alias where model = ? and alias = ?",
                        name.model(),
                        name.alias())
                .first(row -> new Position(row.getLong(1), row.getLong(2)));
    }

    /**
     * The canary of an alias.
     *
     * @param number the canary's version number
     * @param percent percentage of the alias's requests that the canary answers
     * @param shadow whether the canary also receives shadow copies
     * @param analysis rules of its analysis; null if it is not analysed
     */
    record Canary(long number, int percent, boolean shadow, CanaryAnalysisSpec analysis) {}

    /**
     * Failed gates that a move ignores.
     *
     * @param gates resource names
     * @param by caller who overrode them; empty if there are none
     */
    record OverriddenGates(List<String> gates, String by) {
        static final OverriddenGates NONE = new OverriddenGates(List.of(), "");
    }

    /**
     * Moves an alias and removes its canary; the caller holds {@link #lock}.
     *
     * @return the move's sequence number
     */
    static long move(Connection connection, AliasName name, Long from, long to, Long base, String reason)
            throws SQLException {
        return move(connection, name, from, to, base, reason, null, OverriddenGates.NONE);
    }

    /**
     * Moves an alias and sets its canary; the caller holds {@link #lock}.
     *
     * @param from number of the version that the alias pointed to; null for a new alias
     * @param to number of the version that the alias points to after the move
     * @param base sequence number of the move whose target a rollback restores; null if there is none
     * @param canary the canary after the move; null removes it
     * @param overridden gates that fail for the version
     * @return the move's sequence number
     */
    static long move(
            Connection connection,
            AliasName name,
            Long from,
            long to,
            Long base,
            String reason,
            Canary canary,
            OverriddenGates overridden)
            throws SQLException {
        long sequence = insertMove(connection, name, from, to, base, reason, canary, overridden);
        Sql.of(connection, """
                        insert into alias (model, alias, number, sequence, update_time)
                        select model, alias, to_number, sequence, move_time from alias_move where sequence = ?
                        on conflict (model, alias) do update set number = excluded.number,
                            sequence = excluded.sequence, update_time = excluded.update_time
                        """, sequence).update();
        return sequence;
    }

    /** Deletes an alias; the caller holds {@link #lock}. Its moves stay, followed by one without a target. */
    static void delete(Connection connection, AliasName name, long from, String reason) throws SQLException {
        insertMove(connection, name, from, null, null, reason, null, OverriddenGates.NONE);
        Sql.of(connection, "delete from alias where model = ? and alias = ?", name.model(), name.alias())
                .update();
    }

    /** Deletes the moves of a model's aliases, except the last one of each, which watchers need. */
    static void deleteHistory(Connection connection, String model) throws SQLException {
        Sql.of(connection, """
                        delete from alias_move where model = ? and sequence not in (
                            select max(sequence) from alias_move where model = ? group by alias)
                        """, model, model).update();
    }

    private static long insertMove(
            Connection connection,
            AliasName name,
            Long from,
            Long to,
            Long base,
            String reason,
            Canary canary,
            OverriddenGates overridden)
            throws SQLException {
        long sequence = Sql.of(connection, "update alias_counter set value = value + 1 returning value")
                .one(row -> row.getLong(1));
        Sql.of(
                        connection,
                        """
                        insert into alias_move (sequence, model, alias, from_number, to_number, base_sequence, reason,
                            canary_number, canary_percent, canary_shadow, canary_analysis, overridden_gates,
                            overridden_by)
                        values (?, ?, ?, ?::bigint, ?::bigint, ?::bigint, ?, ?::bigint, ?, ?, ?::bytea, ?, ?)
                        """,
                        sequence,
                        name.model(),
                        name.alias(),
                        from,
                        to,
                        base,
                        reason,
                        canary == null ? null : canary.number(),
                        canary == null ? 0 : canary.percent(),
                        canary != null && canary.shadow(),
                        canary == null || canary.analysis() == null
                                ? null
                                : canary.analysis().toByteArray(),
                        overridden.gates(),
                        overridden.by())
                .update();
        AnalysisRepository.moved(connection, name, to, canary == null ? null : canary.number(), reason);
        return sequence;
    }

    static Optional<Move> findMove(Connection connection, long sequence) throws SQLException {
        return Sql.of(connection, "select * from alias_move where sequence = ?", sequence)
                .first(AliasRepository::move);
    }

    /** Returns the alias's state after a move that did not delete it; NOT_FOUND if its model was deleted since. */
    static Alias aliasAfter(Connection connection, long sequence) throws SQLException {
        return Sql.of(connection, "select * from alias_move where sequence = ? and to_number is not null", sequence)
                .first(AliasRepository::alias)
                .orElseThrow(() -> Errors.notFound("the alias", "it was deleted; set it again"));
    }

    /** Returns the aliases of these models, ordered by model and alias. */
    static List<Alias> ofModels(Connection connection, List<String> models) throws SQLException {
        return Sql.of(connection, """
                        select alias_move.* from alias join alias_move using (sequence) where alias.model = any(?)
                        order by alias.model, alias.alias
                        """, models).list(AliasRepository::alias);
    }

    /** Returns every alias with this last segment; an empty segment selects all aliases. */
    static List<Alias> all(Connection connection, String alias) throws SQLException {
        return Sql.of(connection, """
                        select alias_move.* from alias join alias_move using (sequence) where ? in ('', alias.alias)
                        order by alias.model, alias.alias
                        """, alias).list(AliasRepository::alias);
    }

    /** Returns the position after the newest move in the registry. */
    static ResumeToken last(Connection connection) throws SQLException {
        return Sql.of(connection, "select * from alias_move order by sequence desc limit 1")
                .first(AliasRepository::move)
                .map(Move::token)
                .orElse(ResumeToken.START);
    }

    /** Returns whether the history has the position, and at most {@code limit} later moves for a watcher of an alias. */
    static boolean canResume(Connection connection, ResumeToken token, String alias, int limit) throws SQLException {
        boolean known = token.equals(ResumeToken.START)
                || findMove(connection, token.sequence())
                        .filter(move -> move.token().equals(token))
                        .isPresent();
        return known
                && Sql.of(connection, """
                                        select count(*) <= ? from (select from alias_move
                                            where sequence > ? and ? in ('', alias) limit ?) as missed
                                        """, limit, token.sequence(), alias, limit + 1)
                        .one(row -> row.getBoolean(1));
    }

    /** Returns moves after a sequence number, oldest first, of aliases with this last segment (empty: all aliases). */
    static List<Move> movesAfter(Connection connection, String alias, long sequence, int limit) throws SQLException {
        return Sql.of(connection, """
                        select * from alias_move where sequence > ? and ? in ('', alias) order by sequence limit ?
                        """, sequence, alias, limit).list(AliasRepository::move);
    }

    /** Returns the moves of one alias of a page. */
    static List<PageQuery.Listed<AliasMove>> history(Connection connection, AliasName name, PageQuery page)
            throws SQLException {
        return page.read(
                connection,
                "alias_move.*",
                "alias_move",
                "model = ? and alias = ?",
                List.of(name.model(), name.alias()),
                AliasRepository::aliasMove);
    }

    private static Move move(ResultSet row) throws SQLException {
        return new Move(
                row.getLong("sequence"),
                row.getObject("move_time", OffsetDateTime.class).toInstant(),
                new AliasName(row.getString("model"), row.getString("alias")),
                row.getObject("to_number", Long.class),
                row.getObject("base_sequence", Long.class));
    }

    /** Maps a row of alias_move to the alias's state after that move. */
    private static Alias alias(ResultSet row) throws SQLException {
        String model = row.getString("model");
        Alias.Builder alias = Alias.newBuilder()
                .setName(new AliasName(model, row.getString("alias")).toString())
                .setVersion(new VersionName(model, row.getLong("to_number")).toString())
                .setEtag(Long.toString(row.getLong("sequence")))
                .setUpdateTime(Sql.timestamp(row, "move_time"));
        canary(row).ifPresent(alias::setCanary);
        return alias.build();
    }

    private static Optional<AliasCanary> canary(ResultSet row) throws SQLException {
        Long number = row.getObject("canary_number", Long.class);
        if (number == null) {
            return Optional.empty();
        }
        AliasCanary.Builder canary = AliasCanary.newBuilder()
                .setVersion(new VersionName(row.getString("model"), number).toString())
                .setPercent(row.getInt("canary_percent"))
                .setShadow(row.getBoolean("canary_shadow"));
        byte[] analysis = row.getBytes("canary_analysis");
        if (analysis != null) {
            canary.setAnalysis(AnalysisRepository.spec(analysis));
        }
        return Optional.of(canary.build());
    }

    private static AliasMove aliasMove(ResultSet row) throws SQLException {
        String model = row.getString("model");
        AliasMove.Builder move = AliasMove.newBuilder()
                .setSequence(row.getLong("sequence"))
                .setAlias(new AliasName(model, row.getString("alias")).toString())
                .setReason(row.getString("reason"))
                .addAllOverriddenGates(Sql.strings(row, "overridden_gates"))
                .setOverriddenBy(row.getString("overridden_by"))
                .setTime(Sql.timestamp(row, "move_time"));
        Long from = row.getObject("from_number", Long.class);
        if (from != null) {
            move.setFromVersion(new VersionName(model, from).toString());
        }
        Long to = row.getObject("to_number", Long.class);
        if (to != null) {
            move.setToVersion(new VersionName(model, to).toString());
        }
        canary(row).ifPresent(move::setCanary);
        return move.build();
    }
}
