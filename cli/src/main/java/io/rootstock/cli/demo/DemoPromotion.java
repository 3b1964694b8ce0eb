package io.rootstock.cli.demo;

import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.ErrorReport;
import io.rootstock.evaluation.v1.CheckGatesRequest;
import io.rootstock.evaluation.v1.GateResult;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import java.util.List;
import java.util.Optional;

/** Points the alias production at versions of the demo, which its gates must pass. */
final class DemoPromotion {
    private static final String PRODUCTION = "production";
    /** Reason of the error of a version that fails gates. */
    private static final String GATES_FAILED = "GATES_FAILED";

    private final Clients clients;
    private final Console console;

    DemoPromotion(Clients clients, Console console) {
        this.clients = clients;
        this.console = console;
    }

    /** The alias production of a version's model. */
    static String alias(String version) {
        return Names.alias(VersionName.parse(version).modelName(), PRODUCTION);
    }

    /**
     * Tries to promote a version that no evaluation supports yet, and prints the reasons of the gates that refuse it;
     * without effect if it is in production already.
     */
    void showRefusal(String version) {
        if (isInProduction(version)) {
            return;
        }
        try {
            setAlias(version, false);
        } catch (StatusRuntimeException refusal) {
            List<GateResult> failed = failedGates(refusal, version);
            console.print("  promotion of " + Names.brief(version) + " is refused, as expected before its evaluation:");
            failed.forEach(gate -> console.print("    " + line(gate)));
        }
    }

    /**
     * Points the alias production at a version. Where gates refuse it, prints their reasons and overrides them: a slow
     * machine trains too little in the demo's time, and the demo then serves its versions.
     */
    void promote(String version) {
        if (isInProduction(version)) {
            console.print("  " + Names.brief(version) + " is already in production");
            return;
        }
        try {
            setAlias(version, false);
        } catch (StatusRuntimeException refusal) {
            console.print("  promotion of " + Names.brief(version) + " is refused:");
            failedGates(refusal, version).forEach(gate -> console.print("    " + line(gate)));
            console.print(
                    "  the demo overrides its gates (models promote --override-gates); to pass them, train longer:"
                            + " rootstock demo --seconds 600 --name NAME");
            setAlias(version, true);
        }
    }

    private boolean isInProduction(String version) {
        return DemoData.found(() -> clients.models()
                        .getVersion(GetVersionRequest.newBuilder()
                                .setName(VersionName.parse(version).modelName() + "@" + PRODUCTION)
                                .build())
                        .getVersion()
                        .getName())
                .equals(Optional.of(version));
    }

    private void setAlias(String version, boolean overrideGates) {
        String alias = clients.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(alias(version))
                        .setVersion(version)
                        .setReason(overrideGates ? "the demo serves all its versions" : "promoted by the demo")
                        .setOverrideGates(overrideGates)
                        .build())
                .getAlias()
                .getName();
        console.print("  " + alias + " → " + Names.brief(version));
    }

    /** The gates that refused a promotion; throws the failure if it has another reason. */
    private List<GateResult> failedGates(StatusRuntimeException refusal, String version) {
        if (!ErrorReport.of(refusal).reason().equals(GATES_FAILED)) {
            throw refusal;
        }
        return clients
                .gates()
                .checkGates(CheckGatesRequest.newBuilder()
                        .setAlias(alias(version))
                        .setVersion(version)
                        .build())
                .getResultsList()
                .stream()
                .filter(gate -> !gate.getPassed())
                .toList();
    }

    private static String line(GateResult gate) {
        return "gate " + Names.id(gate.getGate().getName()) + ": " + gate.getReason();
    }
}
