package io.rootstock.registry.model;

import io.rootstock.names.AliasName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasCandidate;
import io.rootstock.registry.v1.ClearAliasCandidateRequest;
import io.rootstock.registry.v1.SetAliasCandidateRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Operations on canaries (contracts: candidates). An alias may have one canary beside the version it points to. A
 * change of the canary is stored as a move of the alias to its current version, so history and watchers receive it in
 * order with all other moves; a rollback ignores it.
 */
public final class Candidates {
    private static final int WHOLE = 100;

    private final Database database;
    private final Changes changes;

    /**
     * Creates the operations.
     *
     * @param changes notified after every change
     */
    public Candidates(Database database, Changes changes) {
        this.database = database;
        this.changes = changes;
    }

    /** Sets the alias's canary, replacing any other; without effect if the canary is unchanged. */
    public Alias set(SetAliasCandidateRequest request) {
        AliasName name = RequestNames.parse(request.getName(), "name", AliasName::parse);
        AliasCandidate wanted = request.getCandidate();
        VersionName version = RequestNames.parse(wanted.getVersion(), "candidate.version", VersionName::parse);
        if (!version.model().equals(name.model())) {
            throw Errors.invalidArgument(
                    "candidate.version", "must be a version of models/" + name.model() + ", was " + version);
        }
        if (wanted.getPercent() < 0 || wanted.getPercent() > WHOLE) {
            throw Errors.invalidArgument("candidate.percent", "must be 0 to 100, was " + wanted.getPercent());
        }
        if (wanted.getPercent() == 0 && !wanted.getShadow()) {
            throw Errors.invalidArgument(
                    "candidate.percent", "must be above 0 where shadow is off; ClearAliasCandidate ends a candidate");
        }
        Aliases.requireReason(request.getReason());
        AliasRepository.Candidate candidate =
                new AliasRepository.Candidate(version.number(), wanted.getPercent(), wanted.getShadow());
        SetAliasCandidateRequest content = request.toBuilder().clearRequestId().build();
        Alias alias = database.write(connection -> {
            String sequence = RequestLog.once(
                    connection,
                    "SetAliasCandidate",
                    request.getRequestId(),
                    content,
                    () -> Long.toString(set(connection, name, candidate, request)));
            return AliasRepository.aliasAfter(connection, Long.parseLong(sequence));
        });
        changes.announce();
        return alias;
    }

    /** Removes the alias's canary; without effect if it has none. */
    public Alias clear(ClearAliasCandidateRequest request) {
        AliasName name = RequestNames.parse(request.getName(), "name", AliasName::parse);
        Aliases.requireReason(request.getReason());
        Alias alias =
                database.write(connection -> AliasRepository.aliasAfter(connection, clear(connection, name, request)));
        changes.announce();
        return alias;
    }

    private static long set(
            Connection connection,
            AliasName name,
            AliasRepository.Candidate candidate,
            SetAliasCandidateRequest request)
            throws SQLException {
        VersionName version = new VersionName(name.model(), candidate.number());
        Version found = Models.version(connection, new VersionReference.ByNumber(version));
        AliasRepository.lock(connection);
        AliasRepository.Position current = Aliases.require(connection, name);
        Aliases.requireEtag(name, Optional.of(current), request.getEtag());
        if (current.number() == candidate.number()) {
            throw Errors.failedPrecondition(
                    "CANDIDATE_SERVES_ALREADY", name + " points to " + version + " already; try another version");
        }
        Version serving = Models.version(
                connection, new VersionReference.ByNumber(new VersionName(name.model(), current.number())));
        if (serving.getKind() != found.getKind()) {
            throw Errors.failedPrecondition(
                    "CANDIDATE_OF_ANOTHER_KIND",
                    version + " is of another kind than " + serving.getName() + ", which " + name + " points to");
        }
        Alias now = AliasRepository.aliasAfter(connection, current.sequence());
        if (now.getCandidate().equals(request.getCandidate())) {
            return current.sequence();
        }
        return change(connection, name, current, candidate, request.getReason());
    }

    private static long clear(Connection connection, AliasName name, ClearAliasCandidateRequest request)
            throws SQLException {
        AliasRepository.lock(connection);
        AliasRepository.Position current = Aliases.require(connection, name);
        Aliases.requireEtag(name, Optional.of(current), request.getEtag());
        if (!AliasRepository.aliasAfter(connection, current.sequence()).hasCandidate()) {
            return current.sequence();
        }
        return change(connection, name, current, null, request.getReason());
    }

    private static long change(
            Connection connection,
            AliasName name,
            AliasRepository.Position current,
            AliasRepository.Candidate candidate,
            String reason)
            throws SQLException {
        Long base = AliasRepository.findMove(connection, current.sequence())
                .orElseThrow()
                .base();
        return AliasRepository.move(connection, name, current.number(), current.number(), base, reason, candidate);
    }
}
