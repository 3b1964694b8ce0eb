package io.rootstock.registry.gate;

import io.rootstock.evaluation.v1.CheckGatesRequest;
import io.rootstock.evaluation.v1.DeleteGateRequest;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.evaluation.v1.GateResult;
import io.rootstock.evaluation.v1.SetGateRequest;
import io.rootstock.names.AliasName;
import io.rootstock.names.GateName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.evaluation.Comparisons;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.model.PromotionRules;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operations on gates. */
@ApplicationScoped
public class Gates implements PromotionRules {
    private static final int MAX_GATES = 32;

    private final Database database;
    private final ComparisonCache comparisons;

    /** Creates the operations. */
    @Inject
    public Gates(Database database, Comparisons comparisons) {
        this.database = database;
        this.comparisons = new ComparisonCache(comparisons);
    }

    /** Creates or replaces a gate. */
    public Gate set(SetGateRequest request) {
        GateName name = RequestNames.parse(request.getGate().getName(), "gate.name", GateName::parse);
        GateRules.check(request.getGate());
        if (request.getValidateOnly()) {
            return database.read(connection -> GateTask.resolved(connection, request.getGate()));
        }
        return database.write(connection -> {
            String _ = RequestLog.once(connection, request, () -> {
                long _ = Models.lock(connection, name.alias().model());
                Gate gate = GateTask.resolved(connection, request.getGate());
                if (GateRepository.find(connection, name).isEmpty()
                        && GateRepository.list(connection, name.alias()).size() >= MAX_GATES) {
                    throw Errors.failedPrecondition(
                            "TOO_MANY_GATES", name.alias() + " has " + MAX_GATES + " gates; delete one first");
                }
                GateRepository.set(connection, name, gate);
                return "";
            });
            return GateRepository.find(connection, name).orElseThrow(() -> noGate(name));
        });
    }

    /** Returns the gates of an alias, by name. */
    public List<Gate> list(String alias) {
        AliasName name = RequestNames.parse(alias, "alias", AliasName::parse);
        return database.read(connection -> GateRepository.list(connection, name));
    }

    /** Deletes a gate; NOT_FOUND if it does not exist. */
    public void delete(DeleteGateRequest request) {
        GateName name = RequestNames.parse(request.getName(), "name", GateName::parse);
        database.write(connection -> RequestLog.once(connection, request, () -> {
            if (!GateRepository.delete(connection, name)) {
                throw noGate(name);
            }
            return "";
        }));
    }

    /** Returns the result of each gate of an alias for a version. */
    public List<GateResult> check(CheckGatesRequest request) {
        AliasName alias = RequestNames.parse(request.getAlias(), "alias", AliasName::parse);
        VersionName version = RequestNames.parse(request.getVersion(), "version", VersionName::parse);
        if (!version.model().equals(alias.model())) {
            throw Errors.invalidArgument("version", "must be a version of " + alias.modelName() + ", was " + version);
        }
        prepare(alias, version);
        return database.read(connection -> {
                    var _ = Models.version(connection, new VersionReference.ByNumber(version));
                    return decide(connection, alias, version);
                })
                .orElseThrow(
                        () -> Errors.aborted("GATES_CHANGED", "the gates of " + alias + " have changed; try again"));
    }

    @Override
    public void prepare(AliasName alias, VersionName version) {
        List<Evidence.Pair> pairs = database.read(connection -> {
            List<Evidence.Pair> found = new ArrayList<>();
            for (Gate gate : GateRepository.list(connection, alias)) {
                search(connection, alias, version).of(gate).pair().ifPresent(found::add);
            }
            return found;
        });
        pairs.forEach(comparisons::compare);
    }

    @Override
    public Optional<List<GateResult>> decide(Connection connection, AliasName alias, VersionName version)
            throws SQLException {
        List<GateResult> results = new ArrayList<>();
        for (Gate gate : GateRepository.list(connection, alias)) {
            switch (search(connection, alias, version).of(gate)) {
                case Evidence.Decided decided -> results.add(Judgement.decided(gate, decided));
                case Evidence.Single(var evaluation) -> results.add(Judgement.single(gate, evaluation));
                case Evidence.Checked(var evaluation) -> results.add(Judgement.checked(gate, evaluation));
                case Evidence.Pair pair -> {
                    Optional<ComparisonCache.Compared> comparison = comparisons.find(pair);
                    if (comparison.isEmpty()) {
                        return Optional.empty();
                    }
                    results.add(Judgement.pair(gate, pair, comparison.get()));
                }
            }
        }
        return Optional.of(results);
    }

    private static EvidenceSearch search(Connection connection, AliasName alias, VersionName version)
            throws SQLException {
        return new EvidenceSearch(connection, version, Aliases.target(connection, alias));
    }

    private static RuntimeException noGate(GateName name) {
        return Errors.notFound(name.toString(), "list the gates with `rootstock gates list`");
    }
}
