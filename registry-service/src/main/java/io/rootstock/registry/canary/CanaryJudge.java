package io.rootstock.registry.canary;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.evaluation.canary.CanarySample;
import io.rootstock.evaluation.canary.CanaryVerdict;
import io.rootstock.evaluation.canary.SideSample;
import io.rootstock.names.AliasName;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.loop.Loop;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.model.AnalysisRepository;
import io.rootstock.registry.model.AnalysisRepository.Analysis;
import io.rootstock.registry.model.Canaries;
import io.rootstock.registry.model.CanaryReportRepository;
import io.rootstock.registry.outbox.EventType;
import io.rootstock.registry.outbox.WebhookOutbox;
import io.rootstock.registry.v1.CanaryAnalysisState;
import io.rootstock.registry.v1.CanaryCheck;
import io.rootstock.registry.v1.CanaryInterval;
import io.rootstock.registry.v1.CanarySideSummary;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.watch.Changes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/**
 * The background loop that judges intervals. Verdict, step and move of the alias are one transaction under the lock of all
 * moves, so that a change by a user comes before or after it as a whole. A promotion is a transaction of its own, because
 * gates are prepared before it; the state PROMOTING repeats it after a restart.
 */
@ApplicationScoped
public class CanaryJudge implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CanaryJudge.class);
    private static final int MAX_REASON_LENGTH = 1900;

    private final Database database;
    private final Leadership leadership;
    private final Aliases aliases;
    private final Changes changes;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();

    /** Creates the loop without starting it. */
    @Inject
    public CanaryJudge(Database database, Leadership leadership, Aliases aliases, Changes changes) {
        this.database = database;
        this.leadership = leadership;
        this.aliases = aliases;
        this.changes = changes;
    }

    /** Starts the loop, once. */
    public void start() {
        loops.add(new Loop("canary-judge", leadership, changes, this::round));
    }

    @Override
    public void close() {
        loops.forEach(Loop::close);
    }

    private boolean round() {
        boolean complete = true;
        for (Analysis analysis : database.read(AnalysisRepository::active)) {
            if (analysis.state() == CanaryAnalysisState.CANARY_ANALYSIS_STATE_PROMOTING) {
                complete &= promote(analysis.alias());
            } else if (database.<Boolean>read(
                    connection -> judged(connection, analysis).isPresent())) {
                judge(analysis.alias());
            }
        }
        return complete;
    }

    private static Optional<IntervalJudge.Judged> judged(Connection connection, Analysis analysis) throws SQLException {
        return IntervalJudge.judge(
                analysis,
                CanaryReportRepository.list(
                        connection, analysis.alias(), analysis.canary().number()),
                AnalysisRepository.now(connection));
    }

    private void judge(AliasName alias) {
        Optional<Analysis> after = database.write(connection -> {
            Aliases.lock(connection);
            Optional<Analysis> running = AnalysisRepository.find(connection, alias)
                    .filter(analysis -> analysis.state() == CanaryAnalysisState.CANARY_ANALYSIS_STATE_RUNNING);
            if (running.isEmpty()) {
                return Optional.empty();
            }
            Optional<IntervalJudge.Judged> judged = judged(connection, running.get());
            return judged.isPresent() ? Optional.of(apply(connection, running.get(), judged.get())) : Optional.empty();
        });
        if (after.isPresent()) {
            LOG.infof("canary of %s: %s", alias, after.get().reason());
            changes.announce();
        }
    }

    /** Stores the interval and does what its verdict demands; returns the analysis after it. */
    private static Analysis apply(Connection connection, Analysis analysis, IntervalJudge.Judged judged)
            throws SQLException {
        Instant now = AnalysisRepository.now(connection);
        AnalysisRepository.put(connection, analysis.alias(), interval(connection, analysis, judged, now));
        Analysis next = switch (judged.verdict()) {
            case WAITING ->
                changed(
                        analysis,
                        CanaryAnalysisState.CANARY_ANALYSIS_STATE_RUNNING,
                        analysis.unclear(),
                        judged.silent() ? analysis.silent() + 1 : 0,
                        "waiting: " + judged.summary(),
                        now);
            case UNCLEAR ->
                changed(
                        analysis,
                        CanaryAnalysisState.CANARY_ANALYSIS_STATE_RUNNING,
                        analysis.unclear() + 1,
                        0,
                        "unclear: " + judged.summary(),
                        now);
            case GOOD -> good(connection, analysis, judged, now);
            case BAD -> rolledBack(connection, analysis, judged, now);
        };
        AnalysisRepository.update(connection, next);
        return next;
    }

    private static Analysis good(Connection connection, Analysis analysis, IntervalJudge.Judged judged, Instant now)
            throws SQLException {
        String reason = "step " + (analysis.step() + 1) + " of "
                + analysis.spec().getStepsCount() + " (" + analysis.percent() + " %) is good: " + judged.summary();
        if (analysis.isLastStep()) {
            return analysis.spec().getPromote()
                    ? changed(analysis, CanaryAnalysisState.CANARY_ANALYSIS_STATE_PROMOTING, 0, 0, reason, now)
                    : changed(analysis, CanaryAnalysisState.CANARY_ANALYSIS_STATE_PASSED, 0, 0, reason, now);
        }
        int step = analysis.step() + 1;
        Canaries.setPercent(
                connection, analysis.alias(), analysis.spec().getSteps(step), moveReason("canary analysis: " + reason));
        return new Analysis(
                analysis.alias(),
                analysis.version(),
                analysis.canary(),
                analysis.spec(),
                CanaryAnalysisState.CANARY_ANALYSIS_STATE_RUNNING,
                step,
                0,
                0,
                reason,
                analysis.start(),
                null,
                now,
                judged.sums());
    }

    private static Analysis rolledBack(
            Connection connection, Analysis analysis, IntervalJudge.Judged judged, Instant now) throws SQLException {
        Canaries.remove(
                connection,
                analysis.alias(),
                moveReason("canary analysis removed " + analysis.canary().shortName() + ": " + judged.summary()));
        WebhookOutbox.put(
                connection, EventType.CANARY_ROLLED_BACK, analysis.alias().toString());
        return changed(
                analysis,
                CanaryAnalysisState.CANARY_ANALYSIS_STATE_ROLLED_BACK,
                analysis.unclear(),
                analysis.silent(),
                judged.summary(),
                now);
    }

    private static Analysis changed(
            Analysis analysis, CanaryAnalysisState state, int unclear, int silent, String reason, Instant now) {
        boolean active = state == CanaryAnalysisState.CANARY_ANALYSIS_STATE_RUNNING
                || state == CanaryAnalysisState.CANARY_ANALYSIS_STATE_PROMOTING;
        return new Analysis(
                analysis.alias(),
                analysis.version(),
                analysis.canary(),
                analysis.spec(),
                state,
                analysis.step(),
                unclear,
                silent,
                reason,
                analysis.start(),
                active ? null : now,
                now,
                analysis.base());
    }

    /** Moves the alias to the canary; returns false if that must be repeated. */
    private boolean promote(AliasName alias) {
        record Promotion(Analysis analysis, String etag) {}
        Optional<Promotion> promotion = database.read(connection -> {
            String etag = Aliases.etag(connection, alias);
            return AnalysisRepository.find(connection, alias)
                    .filter(analysis -> analysis.state() == CanaryAnalysisState.CANARY_ANALYSIS_STATE_PROMOTING)
                    .map(analysis -> new Promotion(analysis, etag));
        });
        if (promotion.isEmpty()) {
            return true;
        }
        Analysis analysis = promotion.get().analysis();
        try {
            var _ = aliases.set(SetAliasRequest.newBuilder()
                    .setName(alias.toString())
                    .setVersion(analysis.canary().toString())
                    .setEtag(promotion.get().etag())
                    .setReason(moveReason("canary analysis: " + analysis.reason()))
                    .build());
            LOG.infof("canary of %s: promoted", alias);
            return true;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.ABORTED) {
                return false;
            }
            notPromoted(alias, e.getStatus());
            return true;
        }
    }

    /** Ends an analysis whose promotion is refused, for example by gates; the canary stays at its last step. */
    private void notPromoted(AliasName alias, Status refusal) {
        database.write(connection -> {
            Aliases.lock(connection);
            Optional<Analysis> analysis = AnalysisRepository.find(connection, alias)
                    .filter(found -> found.state() == CanaryAnalysisState.CANARY_ANALYSIS_STATE_PROMOTING);
            if (analysis.isPresent()) {
                AnalysisRepository.update(
                        connection,
                        changed(
                                analysis.get(),
                                CanaryAnalysisState.CANARY_ANALYSIS_STATE_PASSED,
                                0,
                                0,
                                "not promoted: " + refusal.getDescription(),
                                AnalysisRepository.now(connection)));
            }
            return analysis;
        });
        LOG.warnf("canary of %s: not promoted: %s", alias, refusal.getDescription());
    }

    /** The interval as users read it; successive intervals of a step that wait become one. */
    private static CanaryInterval interval(
            Connection connection, Analysis analysis, IntervalJudge.Judged judged, Instant now) throws SQLException {
        List<CanaryInterval> before = AnalysisRepository.intervals(connection, analysis.alias());
        CanarySample sample = judged.sums().since(analysis.base());
        CanaryInterval.Builder interval = CanaryInterval.newBuilder()
                .setNumber(before.size() + 1)
                .setStep(analysis.step())
                .setPercent(analysis.percent())
                .setStartTime(CanaryAnalyses.timestamp(analysis.intervalStart()))
                .setEndTime(CanaryAnalyses.timestamp(now))
                .setVerdict(verdict(judged.verdict()))
                .setSummary(judged.summary())
                .setMain(summary(sample.main()))
                .setCanary(summary(sample.canary()))
                .setShadowAnswers(sample.shadow().answers())
                .setMeanAgreement(sample.shadow().mean());
        judged.checks()
                .forEach(check -> interval.addChecks(CanaryCheck.newBuilder()
                        .setName(check.name())
                        .setVerdict(verdict(check.verdict()))
                        .setText(check.text())));
        if (judged.verdict() == CanaryVerdict.WAITING
                && !before.isEmpty()
                && before.getLast().getStep() == analysis.step()
                && before.getLast().getVerdict() == verdict(CanaryVerdict.WAITING)) {
            interval.setNumber(before.size()).setStartTime(before.getLast().getStartTime());
        }
        return interval.build();
    }

    private static CanarySideSummary summary(SideSample side) {
        return CanarySideSummary.newBuilder()
                .setRequests(side.requests())
                .setFailed(side.failed())
                .setFirstTokenP50Milliseconds(side.firstToken().quantileMilliseconds(0.5))
                .setFirstTokenP90Milliseconds(side.firstToken().quantileMilliseconds(0.9))
                .build();
    }

    private static io.rootstock.registry.v1.CanaryVerdict verdict(CanaryVerdict verdict) {
        return switch (verdict) {
            case GOOD -> io.rootstock.registry.v1.CanaryVerdict.CANARY_VERDICT_GOOD;
            case WAITING -> io.rootstock.registry.v1.CanaryVerdict.CANARY_VERDICT_WAITING;
            case UNCLEAR -> io.rootstock.registry.v1.CanaryVerdict.CANARY_VERDICT_UNCLEAR;
            case BAD -> io.rootstock.registry.v1.CanaryVerdict.CANARY_VERDICT_BAD;
        };
    }

    private static String moveReason(String reason) {
        return reason.substring(0, Math.min(reason.length(), MAX_REASON_LENGTH));
    }
}
