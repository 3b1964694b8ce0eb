package io.rootstock.registry.model;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.evaluation.canary.CanarySample;
import io.rootstock.names.AliasName;
import io.rootstock.names.EnumNames;
import io.rootstock.names.VersionName;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.outbox.EventType;
import io.rootstock.registry.outbox.WebhookOutbox;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.registry.v1.CanaryAnalysisState;
import io.rootstock.registry.v1.CanaryInterval;
import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Rows of {@code canary_analysis} and {@code canary_interval}: the newest analysis of each alias. */
public final class AnalysisRepository {
    private AnalysisRepository() {}

    /**
     * An analysis.
     *
     * @param version version that the alias points to
     * @param step index in the steps of the specification
     * @param unclear successive unclear intervals of the step
     * @param silent successive intervals without a report
     * @param end null while it runs
     * @param intervalStart start of the interval that is not judged yet
     * @param base counters at the start of the step
     */
    public record Analysis(
            AliasName alias,
            VersionName version,
            VersionName canary,
            CanaryAnalysisSpec spec,
            CanaryAnalysisState state,
            int step,
            int unclear,
            int silent,
            String reason,
            Instant start,
            Instant end,
            Instant intervalStart,
            CanarySample base) {
        /** Percentage of the current step. */
        public int percent() {
            return spec.getSteps(step);
        }

        /** Earliest time of the next judgement. */
        public Instant intervalEnd() {
            return intervalStart.plus(Duration.ofSeconds(spec.getIntervalSeconds()));
        }

        /** Whether it is at its last step. */
        public boolean isLastStep() {
            return step == spec.getStepsCount() - 1;
        }
    }

    /** Starts an analysis, which replaces the alias's last one. */
    static void start(Connection connection, AliasName alias, long version, long canary, CanaryAnalysisSpec spec)
            throws SQLException {
        Sql.of(connection, "delete from canary_analysis where model = ? and alias = ?", alias.model(), alias.alias())
                .update();
        CanarySample base = CanaryReportRepository.sum(CanaryReportRepository.list(connection, alias, canary));
        Sql.of(
                        connection,
                        """
                        insert into canary_analysis (model, alias, version, canary, spec, state, base)
                        values (?, ?, ?, ?, ?, 'RUNNING', ?)
                        """,
                        alias.model(),
                        alias.alias(),
                        version,
                        canary,
                        spec.toByteArray(),
                        CanaryReportRepository.message(base).toByteArray())
                .update();
    }

    /**
     * Ends the running analysis of an alias that is moved, and deletes the reports of canaries that it no longer has.
     *
     * @param to number of the version that the alias points to after the move; null if it was deleted
     * @param canary number of its canary after the move; null if it has none
     */
    static void moved(Connection connection, AliasName alias, Long to, Long canary, String reason) throws SQLException {
        Optional<Boolean> promoted = Sql.of(
                        connection,
                        """
                        update canary_analysis set end_time = clock_timestamp(),
                            state = case when state = 'PROMOTING' and canary = ?::bigint then 'PROMOTED' else 'STOPPED' end,
                            reason = case when state = 'PROMOTING' and canary = ?::bigint then reason else ? end
                        where model = ? and alias = ? and state in ('RUNNING', 'PROMOTING')
                        returning state = 'PROMOTED'
                        """,
                        to,
                        to,
                        reason.isEmpty() ? "the alias was changed" : "the alias was changed: " + reason,
                        alias.model(),
                        alias.alias())
                .first(row -> row.getBoolean(1));
        if (promoted.orElse(false)) {
            WebhookOutbox.put(connection, EventType.CANARY_PROMOTED, alias.toString());
        }
        Sql.of(connection, """
                        delete from canary_report where model = ? and alias = ? and canary is distinct from ?::bigint
                        """, alias.model(), alias.alias(), canary).update();
    }

    /** Returns the newest analysis of an alias; empty if it never had one. */
    public static Optional<Analysis> find(Connection connection, AliasName alias) throws SQLException {
        return Sql.of(
                        connection,
                        "select * from canary_analysis where model = ? and alias = ?",
                        alias.model(),
                        alias.alias())
                .first(AnalysisRepository::analysis);
    }

    static boolean isRunning(Connection connection, AliasName alias) throws SQLException {
        return find(connection, alias)
                .filter(analysis -> analysis.state() == CanaryAnalysisState.CANARY_ANALYSIS_STATE_RUNNING)
                .isPresent();
    }

    /** Returns the analyses that have not ended. */
    public static List<Analysis> active(Connection connection) throws SQLException {
        return Sql.of(connection, "select * from canary_analysis where end_time is null order by model, alias")
                .list(AnalysisRepository::analysis);
    }

    /** Stores what changes during an analysis: state, step, counts, reason and times. */
    public static void update(Connection connection, Analysis analysis) throws SQLException {
        Sql.of(
                        connection,
                        """
                        update canary_analysis set state = ?, step = ?, unclear = ?, silent = ?, reason = ?,
                            end_time = ?::timestamptz, interval_start = ?, base = ?
                        where model = ? and alias = ?
                        """,
                        EnumNames.of(analysis.state()),
                        analysis.step(),
                        analysis.unclear(),
                        analysis.silent(),
                        analysis.reason(),
                        analysis.end(),
                        analysis.intervalStart(),
                        CanaryReportRepository.message(analysis.base()).toByteArray(),
                        analysis.alias().model(),
                        analysis.alias().alias())
                .update();
    }

    /** Stores a judged interval, replacing one with its number. */
    public static void put(Connection connection, AliasName alias, CanaryInterval interval) throws SQLException {
        Sql.of(connection, """
                        insert into canary_interval (model, alias, number, interval) values (?, ?, ?, ?)
                        on conflict (model, alias, number) do update set interval = excluded.interval
                        """, alias.model(), alias.alias(), interval.getNumber(), interval.toByteArray())
                .update();
    }

    /** Returns the judged intervals, oldest first. */
    public static List<CanaryInterval> intervals(Connection connection, AliasName alias) throws SQLException {
        return Sql.of(
                        connection,
                        "select interval from canary_interval where model = ? and alias = ? order by number",
                        alias.model(),
                        alias.alias())
                .list(row -> parsed(CanaryInterval::parseFrom, row.getBytes(1)));
    }

    /** Returns the current time of the database. */
    public static Instant now(Connection connection) throws SQLException {
        return Sql.of(connection, "select clock_timestamp()")
                .one(row -> row.getObject(1, OffsetDateTime.class).toInstant());
    }

    static CanaryAnalysisSpec spec(byte[] bytes) throws SQLException {
        return parsed(CanaryAnalysisSpec::parseFrom, bytes);
    }

    private static Analysis analysis(ResultSet row) throws SQLException {
        String model = row.getString("model");
        OffsetDateTime end = row.getObject("end_time", OffsetDateTime.class);
        return new Analysis(
                new AliasName(model, row.getString("alias")),
                new VersionName(model, row.getLong("version")),
                new VersionName(model, row.getLong("canary")),
                spec(row.getBytes("spec")),
                EnumNames.parse(CanaryAnalysisState.class, row.getString("state")),
                row.getInt("step"),
                row.getInt("unclear"),
                row.getInt("silent"),
                row.getString("reason"),
                row.getObject("start_time", OffsetDateTime.class).toInstant(),
                end == null ? null : end.toInstant(),
                row.getObject("interval_start", OffsetDateTime.class).toInstant(),
                CanaryReportRepository.sample(parsed(ReportCanaryFiguresRequest::parseFrom, row.getBytes("base"))));
    }

    /** Parser of a message. */
    private interface Parser<T> {
        T parse(byte[] bytes) throws InvalidProtocolBufferException;
    }

    private static <T> T parsed(Parser<T> parser, byte[] bytes) throws SQLException {
        try {
            return parser.parse(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("a row of a canary's analysis does not contain a message", e);
        }
    }
}
