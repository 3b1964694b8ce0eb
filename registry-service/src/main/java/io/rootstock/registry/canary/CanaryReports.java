package io.rootstock.registry.canary;

import io.rootstock.names.AliasName;
import io.rootstock.names.VersionName;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.model.AnalysisRepository;
import io.rootstock.registry.model.CanaryReportRepository;
import io.rootstock.registry.v1.CanaryAgreementFigures;
import io.rootstock.registry.v1.CanaryAnalysisState;
import io.rootstock.registry.v1.CanaryServingState;
import io.rootstock.registry.v1.CanarySideFigures;
import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reports of inference services. Counters of a series only grow and each report contains all of them, so that a lost report
 * is made up by the next one, and a repeated one changes nothing.
 */
@ApplicationScoped
public class CanaryReports {
    private static final Pattern SERIES = Pattern.compile("[A-Za-z0-9-]{8,64}");
    private static final int MAX_SERIES = 1000;
    private static final int MAX_BUCKETS = 200;
    private static final int MAX_ERROR_LENGTH = 2000;
    private static final long MAX_COUNT = 1L << 50;

    private final Database database;

    /** Creates the operations. */
    @Inject
    public CanaryReports(Database database) {
        this.database = database;
    }

    /**
     * Stores a report.
     *
     * @return false if the alias has no running analysis of this canary
     */
    public boolean report(ReportCanaryFiguresRequest request) {
        AliasName alias = RequestNames.parse(request.getAlias(), "alias", AliasName::parse);
        VersionName canary = RequestNames.parse(request.getCanaryVersion(), "canary_version", VersionName::parse);
        check(request);
        String error = request.getError();
        ReportCanaryFiguresRequest report = request.toBuilder()
                .setError(error.substring(0, Math.min(error.length(), MAX_ERROR_LENGTH)))
                .build();
        return database.write(connection -> {
            boolean running = AnalysisRepository.find(connection, alias)
                    .filter(analysis -> analysis.state() == CanaryAnalysisState.CANARY_ANALYSIS_STATE_RUNNING
                            && analysis.canary().equals(canary))
                    .isPresent();
            if (running) {
                store(connection, alias, canary.number(), report);
            }
            return running;
        });
    }

    private static void store(Connection connection, AliasName alias, long canary, ReportCanaryFiguresRequest report)
            throws SQLException {
        Optional<ReportCanaryFiguresRequest> before = CanaryReportRepository.find(
                        connection, alias, canary, report.getSeries())
                .map(CanaryReportRepository.Report::message);
        if (before.isPresent() && before.get().getSequence() >= report.getSequence()) {
            return;
        }
        if (before.isPresent()) {
            requireGrowth("main", before.get().getMain(), report.getMain());
            requireGrowth("canary", before.get().getCanary(), report.getCanary());
            requireGrowth(
                    "agreement.answers",
                    before.get().getAgreement().getAnswers(),
                    report.getAgreement().getAnswers());
        } else if (CanaryReportRepository.list(connection, alias, canary).size() >= MAX_SERIES) {
            throw Errors.failedPrecondition(
                    "TOO_MANY_SERIES",
                    alias + " has reports of " + MAX_SERIES + " processes; set its canary again to start anew");
        }
        CanaryReportRepository.store(connection, alias, canary, report);
    }

    private static void check(ReportCanaryFiguresRequest request) {
        if (!SERIES.matcher(request.getSeries()).matches()) {
            throw Errors.invalidArgument("series", "must have 8 to 64 letters, digits and hyphens");
        }
        if (request.getSequence() < 1) {
            throw Errors.invalidArgument("sequence", "must be at least 1, was " + request.getSequence());
        }
        if (request.getState() == CanaryServingState.CANARY_SERVING_STATE_UNSPECIFIED
                || request.getState() == CanaryServingState.UNRECOGNIZED) {
            throw Errors.invalidArgument("state", "must be set");
        }
        check("main", request.getMain());
        check("canary", request.getCanary());
        CanaryAgreementFigures agreement = request.getAgreement();
        long answers = agreement.getAnswers();
        boolean valid = answers >= 0
                && answers <= MAX_COUNT
                && agreement.getSum() >= 0
                && agreement.getSum() <= answers * (1 + 1e-9)
                && agreement.getSumOfSquares() >= 0
                && agreement.getSumOfSquares() <= agreement.getSum() + 1e-6;
        if (!valid) {
            throw Errors.invalidArgument("agreement", "must be sums of scores of 0 to 1");
        }
    }

    private static void check(String field, CanarySideFigures side) {
        List<Long> counts = side.getFirstTokenCountsList();
        if (side.getRequests() < 0
                || side.getRequests() > MAX_COUNT
                || side.getFailed() < 0
                || side.getFailed() > side.getRequests()) {
            throw Errors.invalidArgument(
                    field + ".failed",
                    "must be 0 to the number of requests, was " + side.getFailed() + " of " + side.getRequests());
        }
        if (counts.size() > MAX_BUCKETS) {
            throw Errors.invalidArgument(
                    field + ".first_token_counts",
                    "must hold at most " + MAX_BUCKETS + " counts, holds " + counts.size());
        }
        long left = side.getRequests() - side.getFailed();
        for (int i = 0; i < counts.size(); i++) {
            long count = counts.get(i);
            if (count < 0 || count > left) {
                throw Errors.invalidArgument(
                        field + ".first_token_counts[" + i + "]",
                        "must be at least 0, and with the other counts at most the answered requests, was " + count);
            }
            left -= count;
        }
    }

    private static void requireGrowth(String field, CanarySideFigures before, CanarySideFigures now) {
        requireGrowth(field + ".requests", before.getRequests(), now.getRequests());
        requireGrowth(field + ".failed", before.getFailed(), now.getFailed());
        for (int i = 0; i < before.getFirstTokenCountsCount(); i++) {
            requireGrowth(
                    field + ".first_token_counts[" + i + "]",
                    before.getFirstTokenCounts(i),
                    i < now.getFirstTokenCountsCount() ? now.getFirstTokenCounts(i) : 0);
        }
    }

    private static void requireGrowth(String field, long before, long now) {
        if (now < before) {
            throw Errors.invalidArgument(
                    field,
                    "must not decrease within a series, was " + before + " and is " + now + "; begin another series");
        }
    }
}
