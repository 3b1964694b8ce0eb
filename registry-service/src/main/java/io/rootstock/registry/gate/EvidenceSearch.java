package io.rootstock.registry.gate;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.names.SuiteRevisionName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.evaluation.MatchingEvaluations;
import io.rootstock.registry.evaluation.PromptFormats;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.ArtifactKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** Finds the evaluations that decide a gate. */
final class EvidenceSearch {
    private final Connection connection;
    private final VersionName version;
    private final Optional<VersionName> current;

    /**
     * Creates a search.
     *
     * @param current version that the alias points to; empty if the alias does not exist
     */
    EvidenceSearch(Connection connection, VersionName version, Optional<VersionName> current) {
        this.connection = connection;
        this.version = version;
        this.current = current;
    }

    Evidence of(Gate gate) throws SQLException {
        return switch (gate.getRuleCase()) {
            case THRESHOLD ->
                evaluation(gate, version, ArtifactKind.ARTIFACT_KIND_UNSPECIFIED)
                        .<Evidence>map(Evidence.Single::new)
                        .orElseGet(() -> missing(gate, version, ""));
            case CONTAMINATION ->
                newest(spec(gate, version).setCheckContamination(true).build(), version, gate)
                        .<Evidence>map(Evidence.Checked::new)
                        .orElseGet(() -> missing(gate, version, " --check-contamination"));
            case BETTER_THAN_CURRENT, NOT_WORSE_THAN_CURRENT -> besideCurrent(gate);
            case QUANTIZATION_AGREES -> besideF32(gate);
            case RULE_NOT_SET -> throw new IllegalStateException(gate.getName() + " has no rule");
        };
    }

    private Evidence besideCurrent(Gate gate) throws SQLException {
        if (current.isEmpty()) {
            return new Evidence.Decided(true, "the alias does not point to a version yet");
        }
        if (current.get().equals(version)) {
            return new Evidence.Decided(true, "the alias points to this version already");
        }
        Optional<Evaluation> own = evaluation(gate, version, ArtifactKind.ARTIFACT_KIND_UNSPECIFIED);
        if (own.isEmpty()) {
            return missing(gate, version, "");
        }
        return evaluation(gate, current.get(), ArtifactKind.ARTIFACT_KIND_UNSPECIFIED)
                .<Evidence>map(other -> new Evidence.Pair(other, own.get()))
                .orElseGet(() -> missing(gate, current.get(), ""));
    }

    private Evidence besideF32(Gate gate) throws SQLException {
        Optional<Evaluation> own = evaluation(gate, version, ArtifactKind.ARTIFACT_KIND_UNSPECIFIED);
        if (own.isEmpty()) {
            return missing(gate, version, "");
        }
        if (own.get().getResolved().getArtifact().getKind() == ArtifactKind.ARTIFACT_KIND_GGUF_F32) {
            return new Evidence.Decided(true, "the version serves its F32 file");
        }
        Optional<Evaluation> exact;
        try {
            exact = evaluation(gate, version, ArtifactKind.ARTIFACT_KIND_GGUF_F32);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
                throw e;
            }
            return new Evidence.Decided(false, e.getStatus().getDescription());
        }
        return exact.<Evidence>map(other -> new Evidence.Pair(other, own.get()))
                .orElseGet(() -> missing(gate, version, " --quantization f32"));
    }

    private Optional<Evaluation> evaluation(Gate gate, VersionName evaluated, ArtifactKind quantization)
            throws SQLException {
        return newest(spec(gate, evaluated).setQuantization(quantization).build(), evaluated, gate);
    }

    private Optional<Evaluation> newest(EvaluationSpec spec, VersionName evaluated, Gate gate) throws SQLException {
        Version found = Models.version(connection, new VersionReference.ByNumber(evaluated));
        return MatchingEvaluations.newest(connection, spec, found, gate.getTask());
    }

    private static EvaluationSpec.Builder spec(Gate gate, VersionName evaluated) {
        EvaluationSpec.Builder spec = EvaluationSpec.newBuilder()
                .setVersion(evaluated.toString())
                .setSuite(gate.getSuiteRevision())
                .setLimit(gate.getLimit())
                .setPromptFormat(gate.getPromptFormat());
        if (gate.hasShots()) {
            spec.setShots(gate.getShots());
        }
        return spec;
    }

    private static Evidence missing(Gate gate, VersionName evaluated, String options) {
        SuiteRevisionName suite = SuiteRevisionName.parse(gate.getSuiteRevision());
        return new Evidence.Decided(
                false,
                String.format(
                        Locale.ROOT,
                        gate.hasContamination()
                                ? "the training data of %s is not checked; run `rootstock eval run %s --suite"
                                        + " %s/revisions/%d%s%s%s%s`"
                                : "%s is not evaluated; run `rootstock eval run %s --suite %s/revisions/%d%s%s%s%s`",
                        evaluated.shortName(),
                        evaluated.shortName(),
                        suite.suite(),
                        suite.number(),
                        gate.getLimit() == 0 ? "" : " --limit " + gate.getLimit(),
                        gate.hasShots() ? " --shots " + gate.getShots() : "",
                        PromptFormats.isChat(gate.getPromptFormat()) ? " --chat" : "",
                        options));
    }
}
