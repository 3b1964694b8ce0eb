package io.rootstock.registry.evaluation;

import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.names.SuiteRevisionName;
import io.rootstock.names.VersionName;
import io.rootstock.registry.evaluation.prompt.PromptFormats;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Finds evaluations by their settings. */
public final class MatchingEvaluations {
    /** Seed of the few-shot examples if a spec has none. */
    private static final long DEFAULT_SEED = 1234;
    /** Evaluations of a version on a suite's revision that are looked at, the newest first. */
    private static final int MAX_CANDIDATES = 200;

    private MatchingEvaluations() {}

    /**
     * Returns the newest succeeded evaluation of a version with the suite's revision, limit, shots, seed, prompt format
     * and file of a spec that has a task, checked for contamination if the spec says so; empty if none does.
     *
     * @param spec with names of a version and a revision; its tasks are ignored
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if the version cannot be evaluated or lacks the file
     */
    public static Optional<Evaluation> newest(Connection connection, EvaluationSpec spec, Version version, String task)
            throws SQLException {
        Artifact artifact = EvaluationSpecCheck.artifact(spec, version);
        return EvaluationRepository.succeeded(
                        connection,
                        VersionName.parse(version.getName()),
                        SuiteRevisionName.parse(spec.getSuite()),
                        MAX_CANDIDATES)
                .stream()
                .filter(row -> row.artifact().getDigest().equals(artifact.getDigest())
                        && hasSettings(row.spec(), spec)
                        && row.results().stream()
                                .anyMatch(result -> result.getTask().equals(task)
                                        && (result.hasContamination() || !spec.getCheckContamination())))
                .findFirst()
                .map(EvaluationRow::toProto);
    }

    private static boolean hasSettings(EvaluationSpec found, EvaluationSpec wanted) {
        return found.getLimit() == wanted.getLimit()
                && found.hasShots() == wanted.hasShots()
                && found.getShots() == wanted.getShots()
                && PromptFormats.isChat(found.getPromptFormat()) == PromptFormats.isChat(wanted.getPromptFormat())
                && seed(found) == seed(wanted);
    }

    static long seed(EvaluationSpec spec) {
        return spec.hasSeed() ? spec.getSeed() : DEFAULT_SEED;
    }
}
