package io.rootstock.registry.model;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.names.EnumNames;
import io.rootstock.names.VersionName;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.VersionOrigin;
import io.rootstock.service.RequestNames;
import io.rootstock.trainer.v1.MixturePlan;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Rows of {@code model} and {@code version}; {@link VersionContent} has the rows of a version's artifacts and metrics. */
final class VersionRepository {
    private VersionRepository() {}

    /**
     * Adds a version with the model's next number; creates the model if it is missing. The model's row stays locked
     * until the commit, so that numbers have no gaps and follow the order of commits.
     */
    static VersionName insert(Connection connection, String model, Version version) throws SQLException {
        long number = Sql.of(connection, """
                        insert into model (id, latest_version) values (?, 1)
                        on conflict (id) do update set latest_version = model.latest_version + 1
                        returning latest_version
                        """, model).one(row -> row.getLong(1));
        VersionName parent = version.getParent().isEmpty()
                ? null
                : RequestNames.parse(version.getParent(), "parent", VersionName::parse);
        Sql.of(
                        connection,
                        """
                        insert into version (model, number, kind, parent_model, parent_number, job,
                            dataset, dataset_digest, tokenizer, tokenizer_digest, labels, license, origin,
                            mixture)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::bytea, ?::bytea)
                        """,
                        model,
                        number,
                        EnumNames.of(version.getKind()),
                        parent == null ? null : parent.model(),
                        parent == null ? null : parent.number(),
                        version.getJob().isEmpty() ? null : version.getJob(),
                        version.getDataset(),
                        version.getDatasetDigest(),
                        version.getTokenizer(),
                        version.getTokenizerDigest(),
                        List.copyOf(version.getLabelsList()),
                        version.getLicense(),
                        version.hasOrigin() ? version.getOrigin().toByteArray() : null,
                        version.hasMixture() ? version.getMixture().toByteArray() : null)
                .update();
        VersionName name = new VersionName(model, number);
        VersionContent.insert(connection, name, version);
        return name;
    }

    /** Locks a version against deletion until the commit; returns false if it does not exist. */
    static boolean lock(Connection connection, VersionName name) throws SQLException {
        return Sql.of(
                        connection,
                        "select number from version where model = ? and number = ? for key share",
                        name.model(),
                        name.number())
                .first(row -> row.getLong(1))
                .isPresent();
    }

    static Optional<Version> find(Connection connection, VersionName name) throws SQLException {
        return findAll(connection, List.of(name)).stream().findFirst();
    }

    /** Returns those of the named versions that exist, in any order. */
    static List<Version> findAll(Connection connection, List<VersionName> names) throws SQLException {
        return VersionContent.added(
                connection,
                Sql.of(
                                connection,
                                """
                                select version.* from version
                                join unnest(?::text[], (?::text[])::bigint[]) as named (model, number) using (model, number)
                                """,
                                names.stream().map(VersionName::model).toList(),
                                names.stream()
                                        .map(name -> Long.toString(name.number()))
                                        .toList())
                        .list(VersionRepository::version));
    }

    /**
     * Returns the versions of a page.
     *
     * @param tags JSON object whose entries the tags must have
     * @param archived whether archived versions are included
     */
    static List<PageQuery.Listed<Version>> list(
            Connection connection, String model, String tags, boolean archived, PageQuery page) throws SQLException {
        List<PageQuery.Listed<Version>> found = page.read(
                connection,
                "version.*",
                "version left join version_description using (model, number)",
                "version.model = ? and coalesce(tags, '{}') @> ?::jsonb and (? or archived is not true)",
                List.of(model, tags, archived),
                VersionRepository::version);
        List<Version> versions = VersionContent.added(
                connection, found.stream().map(PageQuery.Listed::item).toList());
        return IntStream.range(0, found.size())
                .mapToObj(i -> new PageQuery.Listed<>(found.get(i).cursor(), versions.get(i)))
                .toList();
    }

    /** Returns the oldest ancestor of a version, of at most {@code generations}; the version itself if it has none. */
    static VersionName root(Connection connection, VersionName name, int generations) throws SQLException {
        return Sql.of(connection, """
                        with recursive ancestor as (
                            select version.*, 0 as height from version where model = ? and number = ?
                            union all
                            select parent.*, ancestor.height + 1 from version parent
                            join ancestor on parent.model = ancestor.parent_model
                                and parent.number = ancestor.parent_number
                            where ancestor.height < ?)
                        select model, number from ancestor order by height desc limit 1
                        """, name.model(), name.number(), generations)
                .one(row -> new VersionName(row.getString("model"), row.getLong("number")));
    }

    /** Returns a version and its descendants, parents before children. */
    static List<Version> descendants(Connection connection, VersionName root, int generations, int limit)
            throws SQLException {
        return VersionContent.added(
                connection,
                Sql.of(connection, """
                        with recursive descendant as (
                            select version.*, 0 as depth from version where model = ? and number = ?
                            union all
                            select child.*, descendant.depth + 1 from version child
                            join descendant on child.parent_model = descendant.model
                                and child.parent_number = descendant.number
                            where descendant.depth < ?)
                        select * from descendant order by depth, model, number limit ?
                        """, root.model(), root.number(), generations, limit)
                        .list(VersionRepository::version));
    }

    /** Maps a row of {@code version}, without artifacts and metrics. */
    private static Version version(ResultSet row) throws SQLException {
        Version.Builder version = Version.newBuilder()
                .setName(new VersionName(row.getString("model"), row.getLong("number")).toString())
                .setKind(EnumNames.parse(VersionKind.class, row.getString("kind")))
                .setDataset(row.getString("dataset"))
                .setDatasetDigest(row.getString("dataset_digest"))
                .setTokenizer(row.getString("tokenizer"))
                .setTokenizerDigest(row.getString("tokenizer_digest"))
                .addAllLabels(Sql.strings(row, "labels"))
                .setLicense(row.getString("license"))
                .setCreateTime(Sql.timestamp(row, "create_time"));
        String parent = row.getString("parent_model");
        if (parent != null) {
            version.setParent(new VersionName(parent, row.getLong("parent_number")).toString());
        }
        String job = row.getString("job");
        if (job != null) {
            version.setJob(job);
        }
        byte[] origin = row.getBytes("origin");
        byte[] mixture = row.getBytes("mixture");
        try {
            if (origin != null) {
                version.setOrigin(VersionOrigin.parseFrom(origin));
            }
            if (mixture != null) {
                version.setMixture(MixturePlan.parseFrom(mixture));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("column origin or mixture does not contain a valid message", e);
        }
        return version.build();
    }
}
