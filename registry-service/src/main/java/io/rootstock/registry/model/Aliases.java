package io.rootstock.registry.model;

import com.google.rpc.PreconditionFailure;
import io.grpc.StatusRuntimeException;
import io.rootstock.evaluation.v1.GateResult;
import io.rootstock.names.AliasName;
import io.rootstock.names.GateName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DeletionMode;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasMove;
import io.rootstock.registry.v1.DeleteAliasRequest;
import io.rootstock.registry.v1.RollbackAliasRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.RequestTexts;
import io.rootstock.service.access.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Operations on aliases. An alias points to one version of its own model, moves atomically, and keeps every move. Its
 * etag is the sequence number of its last move. A rollback undoes the last move that is not undone yet, so repeated
 * rollbacks go further back. Every move to another version removes the alias's canary.
 */
@ApplicationScoped
public class Aliases {
    private static final int MAX_REASON_LENGTH = 2000;
    /** Preparations of a decision that changes in between. */
    private static final int DECISIONS = 3;

    private final Database database;
    private final Changes changes;
    private final PromotionRules rules;
    private final RecentMoves recent;

    /**
     * Creates the operations.
     *
     * @param changes notified after every move
     * @param rules gates of aliases
     */
    @Inject
    public Aliases(Database database, Changes changes, PromotionRules rules) {
        this.database = database;
        this.changes = changes;
        this.rules = rules;
        this.recent = new RecentMoves(database, changes);
    }

    /**
     * Points an alias to a version; without effect if it points to that version already.
     *
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION with the result of each gate, unless the version passes
     *     all of them or they are overridden with a reason
     */
    public Alias set(SetAliasRequest request) {
        AliasName name = RequestNames.parse(request.getName(), "name", AliasName::parse);
        VersionName version = RequestNames.parse(request.getVersion(), "version", VersionName::parse);
        if (!version.model().equals(name.model())) {
            throw Errors.invalidArgument("version", "must be a version of models/" + name.model() + ", was " + version);
        }
        requireReason(request.getReason());
        if (request.getOverrideGates() && request.getReason().isBlank()) {
            throw Errors.invalidArgument("reason", "must say why gates are overridden");
        }
        for (int attempt = 0; attempt < DECISIONS; attempt++) {
            rules.prepare(name, version);
            try {
                return decided(name, version, request);
            } catch (OutdatedDecision _) {
                // A gate, an evaluation or the alias has changed since the preparation.
            }
        }
        throw Errors.aborted("GATES_CHANGED", "the gates of " + name + " keep changing; try again");
    }

    private Alias decided(AliasName name, VersionName version, SetAliasRequest request) {
        if (request.getValidateOnly()) {
            return database.read(connection -> check(connection, name, version, request));
        }
        Alias alias = database.write(connection -> {
            String sequence =
                    RequestLog.once(connection, request, () -> Long.toString(set(connection, name, version, request)));
            return AliasRepository.aliasAfter(connection, Long.parseLong(sequence));
        });
        changes.announce();
        return alias;
    }

    /** Points an alias to the version it pointed to before its last move that is not undone. */
    public Alias rollback(RollbackAliasRequest request) {
        AliasName name = RequestNames.parse(request.getName(), "name", AliasName::parse);
        requireReason(request.getReason());
        Alias alias = database.write(connection -> {
            String sequence =
                    RequestLog.once(connection, request, () -> Long.toString(rollback(connection, name, request)));
            return AliasRepository.aliasAfter(connection, Long.parseLong(sequence));
        });
        changes.announce();
        return alias;
    }

    /** Deletes an alias; its history stays until its model is deleted. */
    public void delete(DeleteAliasRequest request) {
        AliasName name = RequestNames.parse(request.getName(), "name", AliasName::parse);
        requireReason(request.getReason());
        database.write(connection -> RequestLog.once(connection, request, () -> {
            AliasRepository.lock(connection);
            AliasRepository.Position current = require(connection, name);
            requireEtag(name, Optional.of(current), request.getEtag());
            AliasRepository.delete(connection, name, current.number(), request.getReason());
            return "";
        }));
        changes.announce();
    }

    /** Number of the version that an alias points to; empty if it does not exist. */
    public static Optional<VersionName> target(Connection connection, AliasName name) throws SQLException {
        return AliasRepository.position(connection, name)
                .map(position -> new VersionName(name.model(), position.number()));
    }

    /** Locks all aliases against moves of other transactions until the commit. */
    public static void lock(Connection connection) throws SQLException {
        AliasRepository.lock(connection);
    }

    /** Returns the etag of an alias; NOT_FOUND if it does not exist. */
    public static String etag(Connection connection, AliasName name) throws SQLException {
        return Long.toString(require(connection, name).sequence());
    }

    /** Returns the names of a model's aliases, without the model. */
    public static List<String> namesOf(Connection connection, String model) throws SQLException {
        return AliasRepository.ofModels(connection, List.of(model)).stream()
                .map(alias -> AliasName.parse(alias.getName()).alias())
                .toList();
    }

    /**
     * Deletes all aliases of a model and their history; the caller holds {@link #lock}. Watchers receive each
     * deletion.
     */
    public static void deleteAll(Connection connection, String model) throws SQLException {
        for (String alias : namesOf(connection, model)) {
            AliasName name = new AliasName(model, alias);
            AliasRepository.delete(connection, name, require(connection, name).number(), "the model was deleted");
        }
        DeletionMode.begin(connection);
        AliasRepository.deleteHistory(connection, model);
    }

    /** Returns the moves of a page, whose query has {@link VersionFields#MOVES}; NOT_FOUND if the alias was never set. */
    public List<PageQuery.Listed<AliasMove>> history(AliasName name, PageQuery page) {
        return database.read(connection -> {
            require(connection, name);
            return AliasRepository.history(connection, name, page);
        });
    }

    /**
     * Returns a feed of the aliases' moves.
     *
     * @param alias last segment of the aliases to watch; empty: all aliases
     */
    public AliasFeed feed(String alias) {
        return new AliasFeed(database, recent, alias);
    }

    private long set(Connection connection, AliasName name, VersionName version, SetAliasRequest request)
            throws SQLException {
        AliasRepository.lock(connection);
        requireTarget(Models.version(connection, new VersionReference.ByNumber(version)));
        Optional<AliasRepository.Position> position = AliasRepository.position(connection, name);
        requireEtag(name, position, request.getEtag());
        if (position.isPresent() && position.get().number() == version.number()) {
            return position.get().sequence();
        }
        AliasRepository.OverriddenGates overridden = requireGates(connection, name, version, request);
        return AliasRepository.move(
                connection,
                name,
                position.map(AliasRepository.Position::number).orElse(null),
                version.number(),
                position.map(AliasRepository.Position::sequence).orElse(null),
                request.getReason(),
                null,
                overridden);
    }

    /** Thrown in a transaction whose decision was prepared from an earlier state. */
    private static final class OutdatedDecision extends RuntimeException {
        private static final long serialVersionUID = 1;

        OutdatedDecision() {
            super("the gates have changed", null, false, false);
        }
    }

    private AliasRepository.OverriddenGates requireGates(
            Connection connection, AliasName name, VersionName version, SetAliasRequest request) throws SQLException {
        List<GateResult> failed = rules.decide(connection, name, version).orElseThrow(OutdatedDecision::new).stream()
                .filter(result -> !result.getPassed())
                .toList();
        if (failed.isEmpty()) {
            return AliasRepository.OverriddenGates.NONE;
        }
        if (!request.getOverrideGates()) {
            throw gateFailure(name, version, failed);
        }
        return new AliasRepository.OverriddenGates(
                failed.stream().map(result -> result.getGate().getName()).toList(),
                Caller.current().name());
    }

    private static long rollback(Connection connection, AliasName name, RollbackAliasRequest request)
            throws SQLException {
        AliasRepository.lock(connection);
        AliasRepository.Position current = require(connection, name);
        requireEtag(name, Optional.of(current), request.getEtag());
        Long base = AliasRepository.findMove(connection, current.sequence())
                .orElseThrow()
                .base();
        if (base == null) {
            throw Errors.failedPrecondition(
                    "NOTHING_TO_ROLL_BACK", name + " pointed to no version before; set it to the version you want");
        }
        AliasRepository.Move target = AliasRepository.findMove(connection, base).orElseThrow();
        VersionName version = new VersionName(name.model(), target.to());
        requireTarget(VersionRepository.find(connection, version)
                .orElseThrow(() -> Errors.failedPrecondition(
                        "VERSION_DELETED",
                        version + ", which " + name
                                + " pointed to before, was deleted; set the alias to another version")));
        return AliasRepository.move(
                connection, name, current.number(), target.to(), target.base(), request.getReason());
    }

    private Alias check(Connection connection, AliasName name, VersionName version, SetAliasRequest request)
            throws SQLException {
        Version found = Models.version(connection, new VersionReference.ByNumber(version));
        requireTarget(found);
        Optional<AliasRepository.Position> position = AliasRepository.position(connection, name);
        requireEtag(name, position, request.getEtag());
        if (position.isEmpty() || position.get().number() != version.number()) {
            AliasRepository.OverriddenGates _ = requireGates(connection, name, version, request);
        }
        return Alias.newBuilder()
                .setName(name.toString())
                .setVersion(found.getName())
                .build();
    }

    /** FAILED_PRECONDITION if aliases cannot point to the version; the caller holds {@link #lock} or only checks. */
    static void requireTarget(Version version) {
        if (version.getArchived()) {
            throw Errors.failedPrecondition(
                    "VERSION_ARCHIVED",
                    version.getName() + " is archived (rootstock models unarchive "
                            + VersionName.parse(version.getName()).shortName() + ")");
        }
    }

    static AliasRepository.Position require(Connection connection, AliasName name) throws SQLException {
        return AliasRepository.position(connection, name)
                .orElseThrow(
                        () -> Errors.notFound(name.toString(), "set it with `rootstock models promote` or SetAlias"));
    }

    static void requireEtag(AliasName name, Optional<AliasRepository.Position> position, String etag) {
        String current = position.map(found -> Long.toString(found.sequence())).orElse("");
        if (!etag.isEmpty() && !etag.equals(current)) {
            throw Errors.aborted("STALE_ETAG", name + " has moved since it was read; read it again and retry");
        }
    }

    static void requireReason(String reason) {
        if (reason.length() > MAX_REASON_LENGTH) {
            throw Errors.invalidArgument("reason", "must be at most " + MAX_REASON_LENGTH + " characters");
        }
        RequestTexts.requireVisible(reason, "reason");
    }

    /** FAILED_PRECONDITION with a violation for each failed gate. */
    private static StatusRuntimeException gateFailure(AliasName alias, VersionName version, List<GateResult> failed) {
        return Errors.failedPrecondition(
                "GATES_FAILED",
                version + " fails " + (failed.size() == 1 ? "a gate" : failed.size() + " gates") + " of " + alias + ": "
                        + failed.stream().map(Aliases::gateLine).collect(Collectors.joining("; ")),
                failed.stream()
                        .map(result -> PreconditionFailure.Violation.newBuilder()
                                .setType("GATE")
                                .setSubject(result.getGate().getName())
                                .setDescription(result.getReason())
                                .build())
                        .toList());
    }

    private static String gateLine(GateResult result) {
        return GateName.parse(result.getGate().getName()).gate() + ": " + result.getReason();
    }
}
