package io.rootstock.cli.evaluation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Pages;
import io.rootstock.cli.error.CliException;
import io.rootstock.evaluation.task.request.TaskRenderer;
import io.rootstock.evaluation.v1.CompareEvaluationsRequest;
import io.rootstock.evaluation.v1.CompareEvaluationsResponse;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.GetEvaluationRequest;
import io.rootstock.evaluation.v1.ListEvaluationsRequest;
import io.rootstock.evaluation.v1.ListEvaluationsResponse;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Creates evaluations, and finds earlier ones with the same settings. */
public final class EvaluationRequests {
    private final Clients clients;

    public EvaluationRequests(Clients clients) {
        this.clients = clients;
    }

    /** Validates a spec and resolves its names; creates nothing. */
    public Evaluation plan(EvaluationSpec spec) {
        return clients.evaluations()
                .createEvaluation(CreateEvaluationRequest.newBuilder()
                        .setSpec(spec)
                        .setValidateOnly(true)
                        .build())
                .getEvaluation();
    }

    /** Queues an evaluation, or returns the existing one of the same request ID. */
    public Evaluation create(EvaluationSpec spec, String requestId) {
        return clients.evaluations()
                .createEvaluation(CreateEvaluationRequest.newBuilder()
                        .setSpec(spec)
                        .setRequestId(requestId)
                        .build())
                .getEvaluation();
    }

    /** Returns an evaluation by its id or name. */
    public Evaluation get(String name) {
        return clients.evaluations()
                .getEvaluation(GetEvaluationRequest.newBuilder()
                        .setName(Names.of("evaluations", name))
                        .build())
                .getEvaluation();
    }

    /** Compares two succeeded evaluations, resource names; the first one is the baseline. */
    public CompareEvaluationsResponse compare(String first, String second) {
        return clients.evaluations()
                .compareEvaluations(CompareEvaluationsRequest.newBuilder()
                        .setFirst(first)
                        .setSecond(second)
                        .build());
    }

    /**
     * Returns the spec of the version to compare with, for the suite revision and settings of a plan. If the evaluated
     * version is an adapter on a shared base, and the other version has that base's file, that file is compared with.
     *
     * @param plan plan of the version that is evaluated
     * @param spec its spec
     * @param against {@code base} for the version's parent, or a version
     */
    public EvaluationSpec against(Evaluation plan, EvaluationSpec spec, String against) {
        Version evaluated = version(plan.getResolved().getVersion());
        Version other = version(against.equals("base") ? parent(evaluated) : Names.version(against, "latest"));
        EvaluationSpec.Builder otherSpec = spec.toBuilder()
                .setVersion(other.getName())
                .setSuite(plan.getResolved().getSuiteRevision());
        sharedFile(evaluated, other).map(Artifact::getKind).ifPresent(otherSpec::setQuantization);
        return otherSpec.build();
    }

    private Version version(String name) {
        return clients.models()
                .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                .getVersion();
    }

    private static String parent(Version version) {
        if (version.getParent().isEmpty()) {
            throw new CliException(
                    Names.brief(version.getName()) + " has no parent that --against base could name",
                    "name a version: --against MODEL:NUMBER or --against MODEL@ALIAS");
        }
        return version.getParent();
    }

    /** The file of another version that an adapter applies to; empty if it has none, or the version is not an adapter. */
    private static Optional<Artifact> sharedFile(Version adapter, Version other) {
        return adapter.getArtifactsList().stream()
                .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_GGUF_BASE)
                .flatMap(base -> other.getArtifactsList().stream()
                        .filter(file -> GgufFile.of(file.getKind()).isPresent()
                                && file.getDigest().equals(base.getDigest())))
                .findFirst();
    }

    /** Returns the newest succeeded evaluation of the same version, file, suite revision, tasks and settings as a plan. */
    public Optional<Evaluation> reusable(Evaluation plan) {
        String filter =
                "state = SUCCEEDED AND version = \"" + plan.getResolved().getVersion() + "\"";
        return Pages.all(
                        token -> clients.evaluations()
                                .listEvaluations(ListEvaluationsRequest.newBuilder()
                                        .setPageSize(Pages.SIZE)
                                        .setPageToken(token)
                                        .setFilter(filter)
                                        .build()),
                        ListEvaluationsResponse::getEvaluationsList,
                        ListEvaluationsResponse::getNextPageToken)
                .stream()
                .filter(candidate -> isEqual(candidate, plan))
                .findFirst();
    }

    /** Whether a succeeded evaluation has the results that a plan would have. */
    static boolean isEqual(Evaluation candidate, Evaluation plan) {
        EvaluationSpec one = candidate.getSpec();
        EvaluationSpec other = plan.getSpec();
        return EvaluationDetails.isSucceeded(candidate)
                && candidate
                        .getResolved()
                        .getVersion()
                        .equals(plan.getResolved().getVersion())
                && candidate
                        .getResolved()
                        .getSuiteRevision()
                        .equals(plan.getResolved().getSuiteRevision())
                && candidate
                        .getResolved()
                        .getArtifact()
                        .getDigest()
                        .equals(plan.getResolved().getArtifact().getDigest())
                && isSet(one.getTasksList(), other.getTasksList())
                && one.getLimit() == other.getLimit()
                && one.hasShots() == other.hasShots()
                && one.getShots() == other.getShots()
                && PromptFormats.isChat(one.getPromptFormat()) == PromptFormats.isChat(other.getPromptFormat())
                && seed(one) == seed(other)
                && (one.getCheckContamination() || !other.getCheckContamination());
    }

    private static boolean isSet(List<String> one, List<String> other) {
        return new HashSet<>(one).equals(new HashSet<>(other));
    }

    private static long seed(EvaluationSpec spec) {
        return spec.hasSeed() ? spec.getSeed() : TaskRenderer.SEED;
    }
}
