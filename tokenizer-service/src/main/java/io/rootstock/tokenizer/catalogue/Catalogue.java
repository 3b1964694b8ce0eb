package io.rootstock.tokenizer.catalogue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.rootstock.service.Errors;
import io.rootstock.service.access.Caller;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Resources of one kind as rows of the table {@code tokenizer.resource}. Every call reads the table, which several
 * tokenizer services may share. Every method throws UNAVAILABLE if the database does not respond.
 *
 * @param <M> resource message of the contract
 */
public final class Catalogue<M extends Message> {
    private static final int LIST_ROWS = 1000;
    private static final List<String> ALL = List.of("");

    private final CatalogueDatabase database;
    private final Kind kind;
    private final M prototype;
    private final Function<M, String> digest;
    private final ToLongFunction<M> bytes;
    private final UserSpace space;

    /** Kinds of resources, as in the table's column {@code kind}. */
    public enum Kind {
        SOURCE,
        TOKENIZER,
        DATASET
    }

    /**
     * A resource with the request that created it.
     *
     * @param fingerprint digest of the request, equal for equal requests
     * @param requestId the client's idempotency key, may be empty
     * @param resource resource of the contract
     */
    public record Entry<M>(String fingerprint, String requestId, M resource) {}

    /**
     * Creates a catalogue of resources whose size is not limited.
     *
     * @param prototype any message of the resource's type
     * @param digest returns the artifact of a resource
     */
    public Catalogue(CatalogueDatabase database, Kind kind, M prototype, Function<M, String> digest) {
        this(database, kind, prototype, digest, resource -> 0, UserSpace.UNLIMITED);
    }

    /**
     * @param prototype any message of the resource's type
     * @param digest returns the artifact of a resource
     * @param bytes returns the size of a resource's artifacts
     * @param space limit of the sizes per owner
     */
    public Catalogue(
            CatalogueDatabase database,
            Kind kind,
            M prototype,
            Function<M, String> digest,
            ToLongFunction<M> bytes,
            UserSpace space) {
        this.database = database;
        this.kind = kind;
        this.prototype = prototype;
        this.digest = digest;
        this.bytes = bytes;
        this.space = space;
    }

    /**
     * Adds or replaces an entry, which then belongs to the caller; it is durable when this method returns.
     *
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if the caller's resources would be too large
     */
    public void put(String id, Entry<M> entry) {
        insert(id, entry, """
                on conflict (kind, id) do update set fingerprint = excluded.fingerprint,
                    request_id = excluded.request_id, digest = excluded.digest, resource = excluded.resource,
                    use_time = excluded.use_time, owner = excluded.owner, bytes = excluded.bytes
                """);
    }

    /**
     * Adds an entry, which belongs to the caller and is durable when this method returns, and returns true; false if the
     * id exists.
     *
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if the caller's resources would be too large
     */
    public boolean add(String id, Entry<M> entry) {
        return insert(id, entry, "on conflict do nothing");
    }

    /**
     * Returns the entry of an id.
     *
     * @throws io.grpc.StatusRuntimeException DATA_LOSS if it is damaged
     */
    public Optional<Entry<M>> find(String id) {
        return database.run(connection -> find(connection, id, ""));
    }

    /** Whether a request id created an entry of this kind. */
    public boolean hasRequest(String requestId) {
        return database.run(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select 1 from resource where kind = ? and request_id = ? and request_id <> '' limit 1")) {
                statement.setString(1, kind.name());
                statement.setString(2, requestId);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next();
                }
            }
        });
    }

    /** Sets the time of last use of an entry to now. */
    public void touch(String id) {
        update("update resource set use_time = clock_timestamp() where kind = ? and id = ?", id);
    }

    /** Returns the time at which an entry was last written or touched; empty if there is none. */
    public Optional<Instant> lastUse(String id) {
        return database.run(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select use_time from resource where kind = ? and id = ?")) {
                statement.setString(1, kind.name());
                statement.setString(2, id);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next()
                            ? Optional.of(
                                    rows.getObject(1, OffsetDateTime.class).toInstant())
                            : Optional.empty();
                }
            }
        });
    }

    /** Removes an entry; durable when this method returns. Without effect if there is none. */
    public void remove(String id) {
        update("delete from resource where kind = ? and id = ?", id);
    }

    /**
     * Removes an entry in one transaction, in which nothing else changes it.
     *
     * @param release called before the removal; an exception keeps the entry
     * @return whether there was an entry
     */
    boolean remove(String id, Consumer<M> release) {
        return database.run(connection -> {
            Optional<Entry<M>> entry = find(connection, id, " for update");
            entry.map(Entry::resource).ifPresent(release);
            return entry.isPresent() && execute(connection, "delete from resource where kind = ? and id = ?", id);
        });
    }

    /** Calls {@code each} with every resource in order of the ids. */
    public void forEach(Consumer<M> each) {
        String after = "";
        for (List<Row<M>> rows = after(after, ALL, LIST_ROWS); !rows.isEmpty(); rows = after(after, ALL, LIST_ROWS)) {
            rows.forEach(row -> each.accept(row.resource()));
            after = rows.getLast().id();
        }
    }

    /** Calls {@code each} with every id in order. */
    public void forEachId(Consumer<String> each) {
        String after = "";
        for (List<Row<M>> rows = after(after, ALL, LIST_ROWS); !rows.isEmpty(); rows = after(after, ALL, LIST_ROWS)) {
            rows.forEach(row -> each.accept(row.id()));
            after = rows.getLast().id();
        }
    }

    /** A resource with its id. */
    record Row<M>(String id, M resource) {}

    /** Returns all resources whose ids, each with a slash at its end, have one of the prefixes. */
    List<M> all(List<String> prefixes) {
        List<M> all = new ArrayList<>();
        String after = "";
        for (List<Row<M>> rows = after(after, prefixes, LIST_ROWS);
                !rows.isEmpty();
                rows = after(after, prefixes, LIST_ROWS)) {
            rows.forEach(row -> all.add(row.resource()));
            after = rows.getLast().id();
        }
        return all;
    }

    /**
     * Returns up to {@code limit} resources whose ids follow {@code id}, in order of the ids.
     *
     * @param prefixes prefixes of the ids, each id with a slash at its end
     */
    List<Row<M>> after(String id, List<String> prefixes, int limit) {
        return database.run(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select id, resource from resource where kind = ? and id > ? and exists (select from unnest(?::text[]) visible"
                            + " where starts_with(id || '/', visible)) order by id limit ?")) {
                statement.setString(1, kind.name());
                statement.setString(2, id);
                statement.setArray(3, connection.createArrayOf("text", prefixes.toArray()));
                statement.setInt(4, limit);
                try (ResultSet rows = statement.executeQuery()) {
                    List<Row<M>> result = new ArrayList<>();
                    while (rows.next()) {
                        result.add(new Row<>(rows.getString(1), parse(rows.getString(1), rows.getBytes(2))));
                    }
                    return result;
                }
            }
        });
    }

    /**
     * Returns the number of bytes that the caller can still store.
     *
     * @param required required number of bytes
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if it is smaller
     */
    public long requireSpace(long required) {
        return space.require(database, required);
    }

    private boolean insert(String id, Entry<M> entry, String conflict) {
        long size = bytes.applyAsLong(entry.resource());
        return database.run(connection -> {
            space.require(connection, kind.name(), id, size);
            try (PreparedStatement statement = connection.prepareStatement("""
                    insert into resource (kind, id, fingerprint, request_id, digest, resource, use_time, owner, bytes)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """ + conflict)) {
                statement.setString(1, kind.name());
                statement.setString(2, id);
                statement.setString(3, entry.fingerprint());
                statement.setString(4, entry.requestId());
                statement.setString(5, digest.apply(entry.resource()));
                statement.setBytes(6, entry.resource().toByteArray());
                statement.setObject(7, Instant.now().atOffset(ZoneOffset.UTC));
                statement.setString(8, Caller.current().name());
                statement.setLong(9, size);
                return statement.executeUpdate() == 1;
            }
        });
    }

    private Optional<Entry<M>> find(Connection connection, String id, String lock) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select fingerprint, request_id, resource from resource where kind = ? and id = ?" + lock)) {
            statement.setString(1, kind.name());
            statement.setString(2, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Entry<>(rows.getString(1), rows.getString(2), parse(id, rows.getBytes(3))))
                        : Optional.empty();
            }
        }
    }

    private void update(String statement, String id) {
        boolean _ = database.run(connection -> execute(connection, statement, id));
    }

    private boolean execute(Connection connection, String statement, String id) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            prepared.setString(1, kind.name());
            prepared.setString(2, id);
            return prepared.executeUpdate() > 0;
        }
    }

    @SuppressWarnings("unchecked") // A parser of the prototype's type returns that type.
    private M parse(String id, byte[] message) {
        try {
            return (M) prototype.getParserForType().parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw Errors.dataLoss(
                    "CATALOGUE_DAMAGED", "the catalogue's row " + kind + " " + id + " is damaged; restore a backup");
        }
    }
}
