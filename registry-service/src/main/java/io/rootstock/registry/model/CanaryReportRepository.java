package io.rootstock.registry.model;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.evaluation.canary.CanarySample;
import io.rootstock.evaluation.canary.ShadowSample;
import io.rootstock.evaluation.canary.SideSample;
import io.rootstock.evaluation.canary.TimeHistogram;
import io.rootstock.names.AliasName;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.CanaryAgreementFigures;
import io.rootstock.registry.v1.CanarySideFigures;
import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Rows of {@code canary_report}: the newest report of each series of counters. */
public final class CanaryReportRepository {
    private static final SideSample NO_REQUESTS = new SideSample(0, 0, TimeHistogram.of(List.of()));
    private static final CanarySample NOTHING = new CanarySample(NO_REQUESTS, NO_REQUESTS, ShadowSample.NONE);

    private CanaryReportRepository() {}

    /**
     * The newest report of a series.
     *
     * @param time arrival by the clock of the database
     */
    public record Report(ReportCanaryFiguresRequest message, Instant time) {}

    /** Stores a report unless the series has one with this sequence number or a later one. */
    public static void store(Connection connection, AliasName alias, long canary, ReportCanaryFiguresRequest report)
            throws SQLException {
        Sql.of(
                        connection,
                        """
                        insert into canary_report as stored (model, alias, canary, series, sequence, report)
                        values (?, ?, ?, ?, ?, ?)
                        on conflict (model, alias, canary, series) do update set sequence = excluded.sequence,
                            report = excluded.report, report_time = clock_timestamp()
                        where stored.sequence < excluded.sequence
                        """,
                        alias.model(),
                        alias.alias(),
                        canary,
                        report.getSeries(),
                        report.getSequence(),
                        report.toByteArray())
                .update();
    }

    /** Returns the report of a series; empty if it has none. */
    public static Optional<Report> find(Connection connection, AliasName alias, long canary, String series)
            throws SQLException {
        return Sql.of(
                        connection,
                        "select * from canary_report where model = ? and alias = ? and canary = ? and series = ?",
                        alias.model(),
                        alias.alias(),
                        canary,
                        series)
                .first(CanaryReportRepository::report);
    }

    /** Returns the newest report of each series. */
    public static List<Report> list(Connection connection, AliasName alias, long canary) throws SQLException {
        return Sql.of(
                        connection,
                        "select * from canary_report where model = ? and alias = ? and canary = ? order by series",
                        alias.model(),
                        alias.alias(),
                        canary)
                .list(CanaryReportRepository::report);
    }

    /** Returns the sum of the counters of all series. */
    public static CanarySample sum(List<Report> reports) {
        return reports.stream().map(report -> sample(report.message())).reduce(NOTHING, CanarySample::plus);
    }

    /**
     * The counters of a report.
     *
     * @throws IllegalArgumentException if a histogram is invalid
     */
    public static CanarySample sample(ReportCanaryFiguresRequest report) {
        CanaryAgreementFigures agreement = report.getAgreement();
        return new CanarySample(
                side(report.getMain()),
                side(report.getCanary()),
                new ShadowSample(agreement.getAnswers(), agreement.getSum(), agreement.getSumOfSquares()));
    }

    /** Returns counters as a report, without its other fields. */
    static ReportCanaryFiguresRequest message(CanarySample sample) {
        return ReportCanaryFiguresRequest.newBuilder()
                .setMain(message(sample.main()))
                .setCanary(message(sample.canary()))
                .setAgreement(CanaryAgreementFigures.newBuilder()
                        .setAnswers(sample.shadow().answers())
                        .setSum(sample.shadow().sum())
                        .setSumOfSquares(sample.shadow().sumOfSquares()))
                .build();
    }

    private static CanarySideFigures message(SideSample side) {
        return CanarySideFigures.newBuilder()
                .setRequests(side.requests())
                .setFailed(side.failed())
                .addAllFirstTokenCounts(side.firstToken().counts())
                .build();
    }

    private static SideSample side(CanarySideFigures figures) {
        return new SideSample(
                figures.getRequests(), figures.getFailed(), TimeHistogram.of(figures.getFirstTokenCountsList()));
    }

    private static Report report(ResultSet row) throws SQLException {
        try {
            return new Report(
                    ReportCanaryFiguresRequest.parseFrom(row.getBytes("report")),
                    row.getObject("report_time", OffsetDateTime.class).toInstant());
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("column report does not contain a canary's report", e);
        }
    }
}
