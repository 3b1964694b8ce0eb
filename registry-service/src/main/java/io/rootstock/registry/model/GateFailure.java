package io.rootstock.registry.model;

import com.google.rpc.PreconditionFailure;
import io.grpc.StatusRuntimeException;
import io.rootstock.evaluation.v1.GateResult;
import io.rootstock.names.AliasName;
import io.rootstock.names.GateName;
import io.rootstock.names.VersionName;
import io.rootstock.service.Errors;
import java.util.List;
import java.util.stream.Collectors;

/** The error of a version that fails gates. */
final class GateFailure {
    private GateFailure() {}

    /** FAILED_PRECONDITION with a violation for each failed gate. */
    static StatusRuntimeException of(AliasName alias, VersionName version, List<GateResult> failed) {
        return Errors.failedPrecondition(
                "GATES_FAILED",
                version + " fails " + (failed.size() == 1 ? "a gate" : failed.size() + " gates") + " of " + alias + ": "
                        + failed.stream().map(GateFailure::line).collect(Collectors.joining("; ")),
                failed.stream()
                        .map(result -> PreconditionFailure.Violation.newBuilder()
                                .setType("GATE")
                                .setSubject(result.getGate().getName())
                                .setDescription(result.getReason())
                                .build())
                        .toList());
    }

    private static String line(GateResult result) {
        return GateName.parse(result.getGate().getName()).gate() + ": " + result.getReason();
    }
}
