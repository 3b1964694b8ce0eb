package io.rootstock.registry.model;

import io.rootstock.evaluation.v1.GateResult;
import io.rootstock.names.AliasName;
import io.rootstock.names.VersionName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Decides whether a version passes the gates of an alias. */
public interface PromotionRules {
    /** Reads what a decision needs, which may take a minute. Called outside of transactions. */
    void prepare(AliasName alias, VersionName version);

    /**
     * Returns the result of each gate, in the transaction that moves the alias.
     *
     * @return empty if something has changed since {@link #prepare}, which must be called again
     */
    Optional<List<GateResult>> decide(Connection connection, AliasName alias, VersionName version) throws SQLException;
}
