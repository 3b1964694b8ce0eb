package io.rootstock.registry.model;

import io.rootstock.names.AliasName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.ClearAliasCanaryRequest;
import io.rootstock.registry.v1.SetAliasCanaryRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Operations on canaries. An alias may have one canary beside the version it points to. A
 * change of the canary is stored as a move of the alias to its current version, so history and watchers receive it in
 * order with all other moves; a rollback ignores it.
 */
@ApplicationScoped
public class Canaries {
    private static final int WHOLE = 100;

    private final Database database;
    private final Changes changes;

    /**
     * Creates the operations.
     *
     * @param changes notified after every change
     */
    @Inject
    public Canaries(Database database, Changes changes) {
        this.database = database;
        this.changes = changes;
    }

    /** Sets the alias's canary, replacing any other; without effect if the canary is unchanged. */
    public Alias set(SetAliasCanaryRequest request) {
        AliasName name = RequestNames.parse(request.getName(), "name", AliasName::parse);
        VersionName version =
                RequestNames.parse(request.getCanary().getVersion(), "canary.version", VersionName::parse);
        if (!version.model().equals(name.model())) {
            throw Errors.invalidArgument(
                    "canary.version", "must be a version of models/" + name.model() + ", was " + version);
        }
        AliasCanary wanted = AnalysisSpecs.complete(request.getCanary());
        if (wanted.getPercent() < 0 || wanted.getPercent() > WHOLE) {
            throw Errors.invalidArgument("canary.percent", "must be 0 to 100, was " + wanted.getPercent());
        }
        if (wanted.getPercent() == 0 && !wanted.getShadow()) {
            throw Errors.invalidArgument(
                    "canary.percent", "must be above 0 where shadow is off; ClearAliasCanary ends a canary");
        }
        Aliases.requireReason(request.getReason());
        Alias alias = database.write(connection -> {
            String sequence =
                    RequestLog.once(connection, request, () -> Long.toString(set(connection, name, wanted, request)));
            return AliasRepository.aliasAfter(connection, Long.parseLong(sequence));
        });
        changes.announce();
        return alias;
    }

    /** Removes the alias's canary; without effect if it has none. */
    public Alias clear(ClearAliasCanaryRequest request) {
        AliasName name = RequestNames.parse(request.getName(), "name", AliasName::parse);
        Aliases.requireReason(request.getReason());
        Alias alias = database.write(connection -> {
            String sequence =
                    RequestLog.once(connection, request, () -> Long.toString(clear(connection, name, request)));
            return AliasRepository.aliasAfter(connection, Long.parseLong(sequence));
        });
        changes.announce();
        return alias;
    }

    private static long set(Connection connection, AliasName name, AliasCanary canary, SetAliasCanaryRequest request)
            throws SQLException {
        VersionName version = VersionName.parse(canary.getVersion());
        AliasRepository.lock(connection);
        Version found = Models.version(connection, new VersionReference.ByNumber(version));
        Aliases.requireTarget(found);
        AliasRepository.Position current = Aliases.require(connection, name);
        Aliases.requireEtag(name, Optional.of(current), request.getEtag());
        if (current.number() == version.number()) {
            throw Errors.failedPrecondition(
                    "CANARY_SERVES_ALREADY", name + " points to " + version + " already; try another version");
        }
        Version serving = Models.version(
                connection, new VersionReference.ByNumber(new VersionName(name.model(), current.number())));
        if (serving.getKind() != found.getKind()) {
            throw Errors.failedPrecondition(
                    "CANARY_OF_ANOTHER_KIND",
                    version + " is of another kind than " + serving.getName() + ", which " + name + " points to");
        }
        Alias now = AliasRepository.aliasAfter(connection, current.sequence());
        if (now.getCanary().equals(canary)
                && (!canary.hasAnalysis() || AnalysisRepository.isRunning(connection, name))) {
            return current.sequence();
        }
        long sequence = change(connection, name, current, stored(canary), request.getReason());
        if (canary.hasAnalysis()) {
            AnalysisRepository.start(connection, name, current.number(), version.number(), canary.getAnalysis());
        }
        return sequence;
    }

    private static AliasRepository.Canary stored(AliasCanary canary) {
        return new AliasRepository.Canary(
                VersionName.parse(canary.getVersion()).number(),
                canary.getPercent(),
                canary.getShadow(),
                canary.hasAnalysis() ? canary.getAnalysis() : null);
    }

    /**
     * Changes the percentage of the requests that the alias's canary answers. The caller holds {@link Aliases#lock}; the
     * alias has a canary. Ends the analysis of the canary as any other change does.
     */
    public static void setPercent(Connection connection, AliasName name, int percent, String reason)
            throws SQLException {
        AliasRepository.Position current = Aliases.require(connection, name);
        AliasCanary canary =
                AliasRepository.aliasAfter(connection, current.sequence()).getCanary();
        long _ = change(
                connection,
                name,
                current,
                stored(canary.toBuilder().setPercent(percent).build()),
                reason);
    }

    /** Removes the alias's canary; the caller holds {@link Aliases#lock}. */
    public static void remove(Connection connection, AliasName name, String reason) throws SQLException {
        long _ = change(connection, name, Aliases.require(connection, name), null, reason);
    }

    private static long clear(Connection connection, AliasName name, ClearAliasCanaryRequest request)
            throws SQLException {
        AliasRepository.lock(connection);
        AliasRepository.Position current = Aliases.require(connection, name);
        Aliases.requireEtag(name, Optional.of(current), request.getEtag());
        if (!AliasRepository.aliasAfter(connection, current.sequence()).hasCanary()) {
            return current.sequence();
        }
        return change(connection, name, current, null, request.getReason());
    }

    private static long change(
            Connection connection,
            AliasName name,
            AliasRepository.Position current,
            AliasRepository.Canary canary,
            String reason)
            throws SQLException {
        Long base = AliasRepository.findMove(connection, current.sequence())
                .orElseThrow()
                .base();
        return AliasRepository.move(
                connection,
                name,
                current.number(),
                current.number(),
                base,
                reason,
                canary,
                AliasRepository.OverriddenGates.NONE);
    }
}
