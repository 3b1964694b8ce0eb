package io.rootstock.registry.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.evaluation.v1.CheckGatesRequest;
import io.rootstock.evaluation.v1.CheckGatesResponse;
import io.rootstock.evaluation.v1.DeleteGateRequest;
import io.rootstock.evaluation.v1.DeleteGateResponse;
import io.rootstock.evaluation.v1.GateServiceGrpc;
import io.rootstock.evaluation.v1.ListGatesRequest;
import io.rootstock.evaluation.v1.ListGatesResponse;
import io.rootstock.evaluation.v1.SetGateRequest;
import io.rootstock.evaluation.v1.SetGateResponse;
import io.rootstock.registry.gate.Gates;
import jakarta.inject.Inject;

/** {@code rootstock.evaluation.v1.GateService}. */
@GrpcService
public class GateGrpcService extends GateServiceGrpc.GateServiceImplBase {
    private final Gates gates;

    /** Creates the service. */
    @Inject
    public GateGrpcService(Gates gates) {
        this.gates = gates;
    }

    @Override
    public void setGate(SetGateRequest request, StreamObserver<SetGateResponse> observer) {
        Answers.unary(
                observer,
                () -> SetGateResponse.newBuilder().setGate(gates.set(request)).build());
    }

    @Override
    public void listGates(ListGatesRequest request, StreamObserver<ListGatesResponse> observer) {
        Answers.unary(
                observer,
                () -> ListGatesResponse.newBuilder()
                        .addAllGates(gates.list(request.getAlias()))
                        .build());
    }

    @Override
    public void deleteGate(DeleteGateRequest request, StreamObserver<DeleteGateResponse> observer) {
        Answers.unary(observer, () -> {
            gates.delete(request);
            return DeleteGateResponse.getDefaultInstance();
        });
    }

    @Override
    public void checkGates(CheckGatesRequest request, StreamObserver<CheckGatesResponse> observer) {
        Answers.unary(
                observer,
                () -> CheckGatesResponse.newBuilder()
                        .addAllResults(gates.check(request))
                        .build());
    }
}
