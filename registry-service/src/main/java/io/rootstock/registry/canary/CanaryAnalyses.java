package io.rootstock.registry.canary;

import com.google.protobuf.Timestamp;
import io.rootstock.names.AliasName;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.model.AnalysisRepository;
import io.rootstock.registry.model.AnalysisRepository.Analysis;
import io.rootstock.registry.v1.CanaryAnalysis;
import io.rootstock.registry.v1.GetCanaryAnalysisRequest;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;

/** Reads analyses for users. */
@ApplicationScoped
public class CanaryAnalyses {
    private final Database database;

    /** Creates the operations. */
    @Inject
    public CanaryAnalyses(Database database) {
        this.database = database;
    }

    /** Returns the newest analysis of an alias; NOT_FOUND if it never had one. */
    public CanaryAnalysis get(GetCanaryAnalysisRequest request) {
        AliasName alias = RequestNames.parse(request.getAlias(), "alias", AliasName::parse);
        return database.read(connection -> {
            Analysis analysis = AnalysisRepository.find(connection, alias)
                    .orElseThrow(() -> Errors.notFound(
                            "a canary analysis of " + alias, "start one with `rootstock models canary --steps`"));
            CanaryAnalysis.Builder message = CanaryAnalysis.newBuilder()
                    .setAlias(alias.toString())
                    .setVersion(analysis.version().toString())
                    .setCanaryVersion(analysis.canary().toString())
                    .setSpec(analysis.spec())
                    .setState(analysis.state())
                    .setStep(analysis.step())
                    .setReason(analysis.reason())
                    .setStartTime(timestamp(analysis.start()))
                    .addAllIntervals(AnalysisRepository.intervals(connection, alias));
            if (analysis.end() == null) {
                message.setNextJudgementTime(timestamp(analysis.intervalEnd()));
            } else {
                message.setEndTime(timestamp(analysis.end()));
            }
            return message.build();
        });
    }

    static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
