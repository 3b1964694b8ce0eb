package io.rootstock.tokenizer.corpus;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.rootstock.tokenizer.v1.CorpusEvent;
import io.rootstock.tokenizer.v1.CorpusProgress;
import io.rootstock.tokenizer.v1.CorpusState;
import io.rootstock.tokenizer.v1.CorpusStateChanged;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of {@code tokenizer.corpus_event}. The writer must hold the lock of the corpus's row, so that sequence numbers have
 * no gaps and follow the order of commits.
 */
final class CorpusEvents {
    private CorpusEvents() {}

    static void append(Connection connection, String corpus, CorpusState state, String message) throws SQLException {
        append(
                connection,
                corpus,
                CorpusEvent.newBuilder()
                        .setStateChanged(
                                CorpusStateChanged.newBuilder().setState(state).setMessage(message))
                        .build());
    }

    static void append(Connection connection, String corpus, CorpusProgress progress) throws SQLException {
        append(
                connection,
                corpus,
                CorpusEvent.newBuilder().setProgress(progress).build());
    }

    /** Returns at most {@code limit} events after a sequence number, oldest first. */
    static List<CorpusEvent> after(Connection connection, String corpus, long sequence, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select sequence, payload, event_time from corpus_event
                where corpus = ? and sequence > ? order by sequence limit ?
                """)) {
            statement.setString(1, corpus);
            statement.setLong(2, sequence);
            statement.setInt(3, limit);
            try (ResultSet rows = statement.executeQuery()) {
                List<CorpusEvent> events = new ArrayList<>();
                while (rows.next()) {
                    events.add(event(rows));
                }
                return events;
            }
        }
    }

    private static void append(Connection connection, String corpus, CorpusEvent event) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                with counter as (
                    update corpus set last_sequence = last_sequence + 1 where id = ? returning id, last_sequence)
                insert into corpus_event (corpus, sequence, payload) select id, last_sequence, ? from counter
                """)) {
            statement.setString(1, corpus);
            statement.setBytes(2, event.toByteArray());
            statement.executeUpdate();
        }
    }

    private static CorpusEvent event(ResultSet row) throws SQLException {
        Instant time = row.getObject("event_time", OffsetDateTime.class).toInstant();
        try {
            return CorpusEvent.parseFrom(row.getBytes("payload")).toBuilder()
                    .setSequence(row.getLong("sequence"))
                    .setTime(Timestamp.newBuilder()
                            .setSeconds(time.getEpochSecond())
                            .setNanos(time.getNano()))
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("corpus_event does not contain a valid event", e);
        }
    }
}
