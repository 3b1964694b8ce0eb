package io.rootstock.tokenizer.corpus;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.rootstock.names.EnumNames;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusState;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of {@code tokenizer.corpus}. Every change increments the revision, which is the etag. */
final class CorpusTable {
    private static final String SELECT = "select id, corpus, fingerprint, lease, lost_leases, revision from corpus ";

    private CorpusTable() {}

    /** Adds a corpus; returns false if the id exists. */
    static boolean insert(Connection connection, String id, String fingerprint, String requestId, Corpus corpus)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into corpus (id, fingerprint, request_id, corpus, state) values (?, ?, ?, ?, ?)
                on conflict do nothing
                """)) {
            statement.setString(1, id);
            statement.setString(2, fingerprint);
            statement.setString(3, requestId);
            statement.setBytes(4, corpus.toByteArray());
            statement.setString(5, column(corpus.getState()));
            return statement.executeUpdate() == 1;
        }
    }

    static Optional<CorpusRow> find(Connection connection, String id) throws SQLException {
        return first(connection, "where id = ?", id);
    }

    /** Reads the corpus and locks its row against other writers until the commit. */
    static Optional<CorpusRow> lock(Connection connection, String id) throws SQLException {
        return first(connection, "where id = ? for update", id);
    }

    static Optional<CorpusRow> ofRequest(Connection connection, String requestId) throws SQLException {
        return requestId.isEmpty() ? Optional.empty() : first(connection, "where request_id = ?", requestId);
    }

    /** Locks the oldest corpus that is queued or whose lease has expired, and that no other transaction has locked. */
    static Optional<CorpusRow> lockClaimable(Connection connection) throws SQLException {
        return first(connection, """
                where state = 'QUEUED' or (state = 'RUNNING' and lease_expire_time < clock_timestamp())
                order by number limit 1 for update skip locked
                """);
    }

    /**
     * Returns all corpora in order of the ids.
     *
     * @param prefixes prefixes of the ids, each id with a slash at its end
     */
    static List<Corpus> all(Connection connection, List<String> prefixes) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                SELECT + "where exists (select from unnest(?::text[]) visible where starts_with(id || '/', visible))"
                        + " order by id")) {
            statement.setArray(1, connection.createArrayOf("text", prefixes.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                List<Corpus> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(row(rows).corpus());
                }
                return all;
            }
        }
    }

    /** Stores a locked corpus that has no lease from now on; reports of its last lease are rejected. */
    static void end(Connection connection, String id, Corpus corpus, int lostLeases) throws SQLException {
        update(
                connection,
                "corpus = ?, state = ?, lost_leases = ?, lease = lease + 1, lease_expire_time = null, digests = ?",
                id,
                touched(corpus),
                column(corpus.getState()),
                lostLeases,
                digests(connection, corpus));
    }

    /** Stores a locked corpus with a new lease, and returns the number of the lease. */
    static long lease(Connection connection, String id, Corpus corpus, int lostLeases, Duration term)
            throws SQLException {
        update(
                connection,
                "corpus = ?, state = ?, lost_leases = ?, lease = lease + 1,"
                        + " lease_expire_time = clock_timestamp() + ?::bigint * interval '1 ms'",
                id,
                touched(corpus),
                column(corpus.getState()),
                lostLeases,
                term.toMillis());
        return find(connection, id).orElseThrow().lease();
    }

    /** Stores a locked, running corpus and renews its lease. */
    static void renew(Connection connection, String id, Corpus corpus, Duration term) throws SQLException {
        update(
                connection,
                "corpus = ?, lease_expire_time = clock_timestamp() + ?::bigint * interval '1 ms'",
                id,
                touched(corpus),
                term.toMillis());
    }

    /** Deletes a corpus with its events. */
    static void delete(Connection connection, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("delete from corpus where id = ?")) {
            statement.setString(1, id);
            statement.executeUpdate();
        }
    }

    static Timestamp now() {
        Instant now = Instant.now();
        return Timestamp.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano())
                .build();
    }

    private static Array digests(Connection connection, Corpus corpus) throws SQLException {
        Object[] digests = corpus.hasResult()
                ? new Object[] {
                    corpus.getResult().getOutput().getDigest(),
                    corpus.getResult().getReport().getDigest()
                }
                : new Object[0];
        return connection.createArrayOf("text", digests);
    }

    private static byte[] touched(Corpus corpus) {
        return corpus.toBuilder().clearEtag().setUpdateTime(now()).build().toByteArray();
    }

    private static String column(CorpusState state) {
        return EnumNames.of(state);
    }

    private static void update(Connection connection, String columns, String id, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "update corpus set " + columns + ", revision = revision + 1 where id = ?")) {
            int place = 1;
            for (Object value : values) {
                statement.setObject(place++, value);
            }
            statement.setString(place, id);
            statement.executeUpdate();
        }
    }

    private static Optional<CorpusRow> first(Connection connection, String condition, String... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT + condition)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(row(rows)) : Optional.empty();
            }
        }
    }

    private static CorpusRow row(ResultSet row) throws SQLException {
        String id = row.getString("id");
        try {
            Corpus corpus = Corpus.parseFrom(row.getBytes("corpus")).toBuilder()
                    .setEtag(Long.toString(row.getLong("revision")))
                    .build();
            return new CorpusRow(
                    id, corpus, row.getString("fingerprint"), row.getLong("lease"), row.getInt("lost_leases"));
        } catch (InvalidProtocolBufferException e) {
            throw Errors.dataLoss("CATALOGUE_DAMAGED", "the row of corpora/" + id + " is damaged; restore a backup");
        }
    }
}
